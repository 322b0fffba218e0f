// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.List;
import java.util.Map;
import ockam.routing.spi.Observer;
import ockam.wire.Address;

/**
 * Published on the actor system's event stream when a connection of a node begins and ends. Subscribe with {@code
 * system.eventStream().tell(new EventStream.Subscribe<>(ConnectionEvent.class, ref))}.
 */
public sealed interface ConnectionEvent extends Observer.Event {
    /** The name of the node. */
    @Override
    String node();

    /** The address through which messages leave by this connection. */
    Address address();

    /** What is at the other side, as the transport calls it, such as {@code tcp 127.0.0.1:4000}. */
    String remote();

    /** The address. */
    @Override
    default List<Address> addresses() {
        return List.of(address());
    }

    /** The connection can be used. */
    record Opened(String node, Address address, String remote) implements ConnectionEvent {
        @Override
        public String name() {
            return "connection-opened";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("remote", remote);
        }
    }

    /** The connection has ended; its address leads nowhere any more. */
    record Closed(String node, Address address, String remote, ConnectionEnd end) implements ConnectionEvent {
        @Override
        public String name() {
            return "connection-closed";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("remote", remote, "reason", end.reason().name());
        }
    }
}
