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

    /** The node lives. */
    record NodeStarted(String node) implements RoutingEvent {
        @Override
        public String name() {
            return "node-started";
        }

        @Override
        public List<Address> addresses() {
            return List.of();
        }
    }

    /** The node has stopped: nothing happens there any more. */
    record NodeStopped(String node) implements RoutingEvent {
        @Override
        public String name() {
            return "node-stopped";
        }

        @Override
        public List<Address> addresses() {
            return List.of();
        }
    }

    /**
     * Addresses were taken, together.
     *
     * @param node the node
     * @param addresses which
     * @param step when their holder stops, which says what it is
     */
    record AddressesTaken(String node, List<Address> addresses, ShutdownOrder step) implements RoutingEvent {
        @Override
        public String name() {
            return "addresses-taken";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("step", step.name());
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
     * @param returnRoute the return route
     * @param size bytes of payload
     * @param correlation see {@link Observer.Event#correlation}
     * @param form what it is, as the sender says
     */
    record MessageDelivered(
            String node,
            Address source,
            Address destination,
            Route route,
            Route returnRoute,
            int size,
            OptionalLong correlation,
            Form form)
            implements RoutingEvent {
        static final String NAME = "message-delivered";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public List<Address> addresses() {
            return List.of(source, destination);
        }

        @Override
        public Map<String, String> attributes() {
            return form == Form.MESSAGE ? Map.of() : Map.of("form", form.name());
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
