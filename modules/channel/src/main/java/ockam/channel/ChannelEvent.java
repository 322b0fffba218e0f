// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.annotation.InternalApi;
import java.util.List;
import java.util.Map;
import ockam.routing.FailureReason;
import ockam.routing.Peer;
import ockam.routing.spi.Observer;
import ockam.wire.Address;

/** INTERNAL API. What happens to a secure channel at one of its ends. The address is that of the encryptor. */
@InternalApi
public sealed interface ChannelEvent extends Observer.Event {
    /** The address of the channel. */
    Address channel();

    @Override
    default List<Address> addresses() {
        return List.of(channel());
    }

    /** The handshake is done, and messages may go through. */
    record Opened(String node, Address channel, Role role, Peer peer) implements ChannelEvent {
        @Override
        public String name() {
            return "channel-opened";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("role", role.name(), "peer", peer.identifier().toString());
        }
    }

    /** The channel could not be established. */
    record HandshakeFailed(String node, Address channel, Role role, HandshakeException.Step step, FailureReason reason)
            implements ChannelEvent {
        @Override
        public String name() {
            return "channel-handshake-failed";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("role", role.name(), "step", step.name(), "reason", reason.name());
        }
    }

    /** The channel accepts no more messages. */
    record Closed(String node, Address channel, CloseReason reason) implements ChannelEvent {
        @Override
        public String name() {
            return "channel-closed";
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("reason", reason.name());
        }
    }
}
