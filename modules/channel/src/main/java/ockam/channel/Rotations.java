// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import ockam.identity.Identities;
import ockam.routing.Peer;
import ockam.wire.Identifier;

/**
 * Which authorities have rotated their identity since a handshake began to learn what they say about the peer: that counts no longer. Ended
 * once by its actor; told by any thread.
 */
final class Rotations {
    private final Set<Identifier> rotated = ConcurrentHashMap.newKeySet();
    private final List<Runnable> unwatch = new ArrayList<>();

    /** Watches from now on. */
    Rotations(Identities identities, Set<Identifier> authorities) {
        for (Identifier authority : authorities) {
            unwatch.add(identities.watchHistory(authority, () -> rotated.add(authority)));
        }
    }

    /** Returns the peer without what those say that have rotated until now. */
    Peer withoutRotated(Peer learned) {
        Peer left = learned;
        for (Identifier authority : rotated) {
            left = without(left, authority);
        }
        return left;
    }

    /** Returns the peer without what this authority says. */
    static Peer without(Peer peer, Identifier authority) {
        return new Peer(
                peer.identifier(),
                peer.attributes().stream()
                        .filter(said -> !said.authority().equals(authority))
                        .toList());
    }

    /** Watches no more, and returns those that have rotated until now. */
    Set<Identifier> end() {
        unwatch.forEach(Runnable::run);
        unwatch.clear();
        return Set.copyOf(rotated);
    }
}
