// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import ockam.wire.Identifier;

/**
 * Decides whether a peer, who has proved its identity, may open a secure channel with this side (secure channel, section 7.1).
 *
 * <p>It is asked once in each handshake, possibly by many at the same time, on a thread of an actor: it has to be thread
 * safe and must not block. Credentials play no part in it. There is no default: whoever opens a channel names a policy.
 */
@FunctionalInterface
public interface TrustPolicy {

    /** Whether this peer is trusted. */
    boolean trusts(Identifier peer);

    /** Trusts this peer and no other. */
    static TrustPolicy identifier(Identifier peer) {
        return new TrustPolicies.AnyOf(Set.of(peer));
    }

    /** Trusts these peers and no other; nobody when there are none. */
    static TrustPolicy anyOf(Identifier... peers) {
        return anyOf(List.of(peers));
    }

    /** Trusts these peers and no other; nobody when there are none. */
    static TrustPolicy anyOf(Collection<Identifier> peers) {
        return new TrustPolicies.AnyOf(Set.copyOf(peers));
    }

    /**
     * Trusts whoever has an identity, that is everybody: the channel is encrypted, with nobody in particular. For tests, and
     * for services that tell their peers apart later. Each policy made here logs a warning.
     */
    static TrustPolicy acceptAnyPeerInsecure() {
        return TrustPolicies.anyPeer();
    }

    /** Trusts whom both trust; the other is not asked when this one says no. */
    default TrustPolicy and(TrustPolicy other) {
        return new TrustPolicies.Both(this, other);
    }

    /** Trusts whom at least one of the two trusts; the other is not asked when this one says yes. */
    default TrustPolicy or(TrustPolicy other) {
        return new TrustPolicies.Either(this, other);
    }
}
