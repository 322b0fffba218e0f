// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import ockam.wire.Identifier;

/**
 * Decides whether a peer that has proved its identity may open a secure channel with this side (secure channel, section 7.1).
 *
 * <p>It is asked once in each handshake, possibly by several at the same time, on an actor's thread: it has to be thread
 * safe and must not block. Credentials play no part in it. There is no default: opening a channel always requires a policy.
 */
@FunctionalInterface
public interface TrustPolicy {

    /** Returns whether this peer is trusted. */
    boolean trusts(Identifier peer);

    /** Trusts this peer and no other. */
    static TrustPolicy identifier(Identifier peer) {
        return new TrustPolicies.AnyOf(Set.of(peer));
    }

    /** Trusts these peers and no other; no one if there are none. */
    static TrustPolicy anyOf(Identifier... peers) {
        return anyOf(List.of(peers));
    }

    /** Trusts these peers and no other; no one if there are none. */
    static TrustPolicy anyOf(Collection<Identifier> peers) {
        return new TrustPolicies.AnyOf(Set.copyOf(peers));
    }

    /**
     * Trusts anyone who has an identity, that is everyone: the channel is encrypted, but the peer may be anyone. For tests, and
     * for services that tell their peers apart later. Each policy made here logs a warning.
     */
    static TrustPolicy acceptAnyPeerInsecure() {
        return TrustPolicies.anyPeer();
    }

    /** Trusts peers that both policies trust; the other is not asked if this one rejects the peer. */
    default TrustPolicy and(TrustPolicy other) {
        return new TrustPolicies.Both(this, other);
    }

    /** Trusts peers that at least one of the two policies trusts; the other is not asked if this one accepts the peer. */
    default TrustPolicy or(TrustPolicy other) {
        return new TrustPolicies.Either(this, other);
    }
}
