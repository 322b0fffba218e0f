// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import ockam.routing.DropReason;
import ockam.wire.Address;
import ockam.wire.Route;

/** INTERNAL API. What happens in the routing of a node. */
@InternalApi
public sealed interface RoutingEvent extends Observer.Event {

    /** Addresses were taken, together. */
    record AddressesTaken(String node, List<Address> addresses) implements RoutingEvent {
        @Override
        public String name() {
            return "addresses-taken";
        }
    }

    /** Addresses were given back. */
    record AddressesFreed(String node, List<Address> addresses) implements RoutingEvent {
        @Override
        public String name() {
            return "addresses-freed";
        }
    }

    /**
     * A message that access control allowed is delivered to the address where it arrives.
     *
     * @param node the node
     * @param source the address that really sent it
     * @param destination where it arrives
     * @param route the onward route, with {@code destination} at its front
     * @param size bytes of payload
     * @param correlation see {@link Observer.Event#correlation}
     */
    record MessageDelivered(
            String node, Address source, Address destination, Route route, int size, OptionalLong correlation)
            implements RoutingEvent {
        @Override
        public String name() {
            return "message-delivered";
        }

        @Override
        public List<Address> addresses() {
            return List.of(source, destination);
        }
    }

    /**
     * A message went no further.
     *
     * @param node the node
     * @param address where it happened
     * @param reason why
     */
    record MessageDropped(String node, Address address, DropReason reason) implements RoutingEvent {
        @Override
        public String name() {
            return "message-dropped";
        }

        @Override
        public List<Address> addresses() {
            return List.of(address);
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("reason", reason.name());
        }
    }
}
