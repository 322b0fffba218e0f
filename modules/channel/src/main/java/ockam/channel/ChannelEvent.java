// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.annotation.InternalApi;
import java.util.List;
import java.util.Map;
import ockam.routing.FailureReason;
import ockam.routing.spi.Observer;
import ockam.wire.Address;

/**
 * INTERNAL API. What happens to a secure channel at one of its ends until it is open; what happens then is a {@link ChannelStateChanged}.
 */
@InternalApi
public sealed interface ChannelEvent extends Observer.Event {
    /**
     * One end of a channel begins, with these addresses; at the initiator, on the thread of the one who creates it. It is followed by a
     * {@link ChannelStateChanged} when the channel is open, or by a {@link HandshakeFailed}.
     *
     * @param node where it lives
     * @param role which end it is
     * @param channel the address of the channel, which seals
     * @param decryptor where the peer's messages arrive
     * @param internal from where what they carry is sent on
     */
    record Started(String node, Role role, Address channel, Address decryptor, Address internal)
            implements ChannelEvent {
        @Override
        public String name() {
            return "channel-started";
        }

        @Override
        public List<Address> addresses() {
            return List.of(channel, decryptor, internal);
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("role", role.name());
        }
    }

    /** A handshake message leaves: the next message that the decryptor's address sends. */
    record HandshakeMessageSent(String node, Address decryptor, Role role, HandshakeException.Step step)
            implements ChannelEvent {
        @Override
        public String name() {
            return "handshake-message-sent";
        }

        @Override
        public List<Address> addresses() {
            return List.of(decryptor);
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("role", role.name(), "step", step.name());
        }
    }

    /** A handshake message was read. It is authentic as far as one can know after this step; who the peer is comes next. */
    record HandshakeMessageReceived(String node, Address decryptor, Role role, HandshakeException.Step step)
            implements ChannelEvent {
        @Override
        public String name() {
            return "handshake-message-received";
        }

        @Override
        public List<Address> addresses() {
            return List.of(decryptor);
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("role", role.name(), "step", step.name());
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
        public List<Address> addresses() {
            return List.of(channel);
        }

        @Override
        public Map<String, String> attributes() {
            return Map.of("role", role.name(), "step", step.name(), "reason", reason.name());
        }
    }
}
