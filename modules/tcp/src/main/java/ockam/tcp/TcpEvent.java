// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import java.util.List;
import java.util.Map;
import ockam.routing.spi.Observer;
import ockam.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * What happens when this side connects, until there is a connection; what happens to it then is a {@link ockam.node.ConnectionEvent}. Each
 * attempt that has begun is told to have ended, once.
 */
sealed interface TcpEvent extends Observer.Event {
    /**
     * An attempt begins, on the thread of the one who connects.
     *
     * @param node the node
     * @param address the address of the connection, if there will be one
     * @param remote to what, such as {@code tcp 127.0.0.1:4000}
     */
    record ConnectStarted(String node, Address address, String remote) implements TcpEvent {
        @Override
        public String name() {
            return "connect-started";
        }

        @Override
        public List<Address> addresses() {
            return List.of(address);
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("remote", remote);
        }
    }

    /** There is a connection, or there will be none; {@code problem} is null, or says why. The one who connects is told next. */
    record ConnectEnded(
            String node, Address address, @Nullable String problem) implements TcpEvent {
        @Override
        public String name() {
            return "connect-ended";
        }

        @Override
        public List<Address> addresses() {
            return List.of(address);
        }

        @Override
        public Map<String, String> attributes() {
            return problem == null ? Map.of() : Map.of("reason", problem);
        }
    }
}
