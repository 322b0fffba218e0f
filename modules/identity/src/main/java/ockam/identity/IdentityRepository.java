// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;

/**
 * Remembers change histories, both of this node's identities and of others, and the records of this node's identities (secure
 * channel, sections 4.6, 4.7 and 4.11). It holds nothing secret, but anyone who can write to it can make the node forget a
 * rotation.
 *
 * <p>Implementations are thread safe, never block the caller, and store only what {@link Identities} has verified. A repository
 * belongs to the vault that holds the private keys: several nodes may share one only if they also share the vault. The caller of
 * {@link Identities} sees a failed stage's failure unchanged.
 */
public interface IdentityRepository {

    /** Whether a history that is stored may be forgotten again. */
    enum Retention {
        /** Requested on this node: it is kept. */
        KEPT,
        /** Received from a peer that a policy names: it is forgotten only when nothing evictable is left. */
        NAMED,
        /** Received from a peer, possibly a stranger: it may be forgotten to make room, unless it is already kept or named. */
        EVICTABLE
    }

    /** Completes with the latest known history of this identity, of this node or another; empty when there is none. */
    CompletionStage<Optional<ChangeHistory>> history(Identifier identifier);

    /** Completes with the strongest retention that was asked for the history of this identity; empty if none is known. */
    CompletionStage<Optional<Retention>> retention(Identifier identifier);

    /**
     * Compares a verified history with the known one and stores it when {@link Comparison#isStored()}, as one atomic step: of two
     * concurrent calls, the later one compares with what the earlier one stored.
     *
     * <p>The history may share the memory of a whole message; {@link ChangeHistory#detached()} does not.
     */
    CompletionStage<Comparison> update(ChangeHistory received, Retention retention);

    /** Completes with the record of this identity of the node; empty when there is none. */
    CompletionStage<Optional<OwnIdentity>> own(Identifier identifier);

    /**
     * Stores a record of an identity of this node, as one atomic step, and its history like a {@linkplain Retention#KEPT kept} one.
     *
     * <p>Only if it is the successor of the stored record, that is revision 0 if there is none, otherwise the stored revision
     * plus one; and only if its history is not older than the known one and does not contradict it. Otherwise nothing is stored
     * and the result is {@code false}.
     *
     * <p>The repository of a {@link Store} also stores the private keys that the record names, and deletes those that only the record
     * before it names, in the same step.
     */
    CompletionStage<Boolean> storeOwn(OwnIdentity next);
}
