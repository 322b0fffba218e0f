// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ockam.wire.Identifier;

/** The open channels that one listener has accepted, bounded for each peer and as a whole. Thread safe. */
final class OpenChannels {
    /** A channel that was in use more recently does not give way. */
    static final Duration GIVES_WAY_AFTER = Duration.ofMinutes(1);

    private final int max;
    private final int maxPerPeer;
    private final Map<Identifier, Set<SecureChannel>> byPeer = new HashMap<>();
    private int count;

    OpenChannels(int max, int maxPerPeer) {
        this.max = max;
        this.maxPerPeer = maxPerPeer;
    }

    /**
     * Adds a channel if there is room. If its peer has as many as it may, the one of them that has been idle longest gives way; if the
     * listener has, that of the peer with most channels.
     *
     * @return whether it was added; otherwise none has been idle for long enough
     */
    synchronized boolean admit(SecureChannel channel) {
        Set<SecureChannel> ofPeer = byPeer.getOrDefault(channel.peer().identifier(), Set.of());
        if (ofPeer.size() >= maxPerPeer) {
            if (!longestIdleGivesWay(ofPeer)) {
                return false;
            }
        } else if (count >= max && !longestIdleGivesWay(mostOfOnePeer())) {
            return false;
        }
        byPeer.computeIfAbsent(channel.peer().identifier(), peer -> new HashSet<>())
                .add(channel);
        count++;
        return true;
    }

    /** Removes a channel; does nothing if it is not there. */
    synchronized void remove(SecureChannel channel) {
        Identifier peer = channel.peer().identifier();
        Set<SecureChannel> ofPeer = byPeer.get(peer);
        if (ofPeer != null && ofPeer.remove(channel)) {
            count--;
            if (ofPeer.isEmpty()) {
                byPeer.remove(peer);
            }
        }
    }

    private Set<SecureChannel> mostOfOnePeer() {
        return byPeer.values().stream().max(Comparator.comparingInt(Set::size)).orElseThrow();
    }

    private boolean longestIdleGivesWay(Set<SecureChannel> channels) {
        Optional<SecureChannel> longest = channels.stream()
                .filter(channel -> channel.idleness().isAtLeast(GIVES_WAY_AFTER))
                .max(Comparator.comparingLong(channel -> channel.idleness().looks()));
        longest.ifPresent(channel -> {
            remove(channel);
            channel.end(CloseReason.GAVE_WAY);
        });
        return longest.isPresent();
    }
}
