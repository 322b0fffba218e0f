// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import ockam.wire.Identifier;

/**
 * Decides whether a peer, who has proved its identity, may open a secure channel with this side (secure channel, section 7.1).
 *
 * <p>Each handshake asks it about the claim of the peer, by {@link #expects}, and once, if the peer could prove who it is, by
 * {@link #trusts}. A function is asked only the latter, so it may remember whom it has seen. Both are asked possibly by many at the same
 * time, on a thread of an actor: a policy has to be thread safe and must not block. Credentials play no part in it. There is no default:
 * whoever opens a channel names a policy.
 */
@FunctionalInterface
public interface TrustPolicy {

    /** What a policy can say of a peer that only claims to be somebody. */
    enum Expectation {
        /** It would not be trusted: it is refused at once, and verifying what it shows is saved. */
        REFUSED,
        /** It depends on who it proves to be. */
        OPEN,
        /**
         * It is one of those whom the application names: its history may be longer than that of others
         * ({@link HistoryLimits#maxUnnamedBytes}), and is not forgotten for theirs.
         */
        NAMED
    }

    /** Whether this peer, who has proved who it is, is trusted. */
    boolean trusts(Identifier peer);

    /**
     * What is to be expected of a peer that claims this identifier. Anybody can claim any, so nothing must be remembered of it. This
     * answers {@code OPEN}; a policy that knows better without the proof overrides it, and answers {@code REFUSED} only of those whom it
     * does not trust, and {@code NAMED} only of a bounded number.
     */
    default Expectation expects(Identifier claimed) {
        return Expectation.OPEN;
    }

    /** Trusts this peer, by its name, and no other. */
    static TrustPolicy identifier(Identifier peer) {
        return new TrustPolicies.AnyOf(Set.of(peer));
    }

    /** Trusts these peers, by their names, and no other; nobody when there are none. */
    static TrustPolicy anyOf(Identifier... peers) {
        return anyOf(List.of(peers));
    }

    /** Trusts these peers, by their names, and no other; nobody when there are none. */
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
