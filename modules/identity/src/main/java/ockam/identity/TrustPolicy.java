// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import ockam.wire.Identifier;

/**
 * Decides whether a peer that has proved its identity may open a secure channel with this side (secure channel, section 7.1).
 *
 * <p>Each handshake asks it about the peer's claim, by {@link #expects}, and once more, if the peer has proved its identity, by
 * {@link #trusts}. A function is asked only the latter, so it may remember which peers it has seen. It may be asked by several
 * handshakes at the same time, on an actor's thread: it has to be thread safe and must not block. Credentials play no part in it.
 * There is no default: opening a channel always requires a policy.
 */
@FunctionalInterface
public interface TrustPolicy {

    /** What a policy can say of a peer that only claims an identifier. */
    enum Expectation {
        /** It would not be trusted: it is refused at once, without verifying anything that it shows. */
        REFUSED,
        /** That depends on who it proves to be. */
        OPEN,
        /**
         * The application names this peer: its history may be {@linkplain HistoryLimits#maxUnnamedBytes longer} than that of
         * others, and is not forgotten to make room for theirs.
         */
        NAMED
    }

    /** Returns whether this peer, which has proved its identity, is trusted. */
    boolean trusts(Identifier peer);

    /**
     * Returns what to expect of a peer that claims this identifier. Anyone can claim any identifier, so a policy must not remember it.
     * By default the answer is {@code OPEN}. A policy that can tell without the proof overrides this, and returns {@code REFUSED} only
     * for peers that it does not trust.
     */
    default Expectation expects(Identifier claimed) {
        return Expectation.OPEN;
    }

    /** Trusts this peer, by name, and no other. */
    static TrustPolicy identifier(Identifier peer) {
        return new TrustPolicies.AnyOf(Set.of(peer));
    }

    /** Trusts these peers, by name, and no other; no one if there are none. */
    static TrustPolicy anyOf(Identifier... peers) {
        return anyOf(List.of(peers));
    }

    /** Trusts these peers, by name, and no other; no one if there are none. */
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
