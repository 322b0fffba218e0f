// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.time.Clock;
import ockam.routing.rule.Rule;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a rule about the peer that a message came from, or about the one that it goes to, with the attributes that count now (authority,
 * section 8.4). What different authorities say is never mixed. Thread safe.
 *
 * @param authority whose attributes count; those of each that the channel accepts if null
 */
record PeerRule(@Nullable Identifier authority, Rule rule, Clock clock) {
    private static final int MILLIS = 1_000;

    boolean allows(@Nullable Peer peer) {
        if (peer == null) {
            return false;
        }
        long now = Math.floorDiv(clock.millis(), MILLIS);
        boolean asked = false;
        for (int i = 0; i < peer.attributes().size(); i++) {
            if (counts(peer.attributes().get(i), now)) {
                asked = true;
                if (rule.allows(peer.subject(i))) {
                    return true;
                }
            }
        }
        return !asked && rule.allows(authority == null ? peer.alone() : peer.withoutCredential());
    }

    private boolean counts(PeerAttributes attributes, long now) {
        return isAsked(attributes) && attributes.isValidAt(now);
    }

    private boolean isAsked(PeerAttributes attributes) {
        return authority == null || authority.equals(attributes.authority());
    }

    /**
     * Why it does not allow a message of the peer, or to it, in a clause that begins with a semicolon; nothing if it does.
     *
     * @param withoutPeer what is said if there is none
     */
    String denial(@Nullable Peer peer, String withoutPeer) {
        if (allows(peer)) {
            return "";
        }
        if (peer == null) {
            return withoutPeer;
        }
        long now = Math.floorDiv(clock.millis(), MILLIS);
        StringBuilder why = new StringBuilder();
        for (int i = 0; i < peer.attributes().size(); i++) {
            PeerAttributes attributes = peer.attributes().get(i);
            if (counts(attributes, now)) {
                why.append("; by what ")
                        .append(attributes.authority())
                        .append(" says of ")
                        .append(peer.identifier())
                        .append(", ")
                        .append(rule.denial(peer.subject(i)));
            } else if (isAsked(attributes)) {
                why.append("; what ")
                        .append(attributes.authority())
                        .append(" said of ")
                        .append(peer.identifier())
                        .append(" ended at ")
                        .append(attributes.expiresAt());
            }
        }
        if (why.isEmpty()) {
            why.append("; no authority that counts says anything of ")
                    .append(peer.identifier())
                    .append(", and ")
                    .append(rule.denial(authority == null ? peer.alone() : peer.withoutCredential()));
        }
        return why.toString();
    }
}
