// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.util.Optional;
import ockam.wire.Identifier;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;

/**
 * The verified peer of a secure channel. Messages that come out of the channel carry it, on this node only (secure channel, section 6.4).
 *
 * <p>Only the receiving end of a channel puts it on a message: every public way of sending drops the local info that it is given.
 *
 * @param identifier the identity that the peer proved
 */
public record Peer(Identifier identifier) implements LocalInfo {
    /** The peer that a message came from, if it came through a channel. */
    public static Optional<Peer> of(LocalMessage message) {
        for (LocalInfo info : message.localInfo()) {
            if (info instanceof Peer peer) {
                return Optional.of(peer);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "Peer(" + identifier + ")";
    }
}
