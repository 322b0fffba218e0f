// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;

/**
 * Remembers change histories, of own identities and of others, and what belongs to own identities (secure channel, sections 4.6, 4.7 and
 * 4.11). It holds nothing secret, but who can write to it can take back what is known of a rotation.
 *
 * <p>Implementations are thread safe, never block the caller, and store only what {@link Identities} gives them, which has
 * verified it. A repository belongs to the vault that holds the private keys: several nodes may share one only if they
 * share the vault too. A failure of a stage goes to the caller of {@link Identities} as it is.
 */
public interface IdentityRepository {

    /** Whether a history that is stored may be forgotten again. */
    enum Retention {
        /** Somebody on this node asked for it: it stays. */
        KEPT,
        /** It came from a peer that a policy names: it goes only when all that is evictable has gone. */
        NAMED,
        /** It came from a peer, possibly a stranger: it may be forgotten to make room, unless it is kept or named already. */
        EVICTABLE
    }

    /** The latest history that is known of this identity, own or not; empty when there is none. */
    CompletionStage<Optional<ChangeHistory>> history(Identifier identifier);

    /** How long the history of this identity stays: the most that was ever asked for it; empty when none is known. */
    CompletionStage<Optional<Retention>> retention(Identifier identifier);

    /**
     * Compares a verified history with the one that is known and stores it when {@link Comparison#isStored()}, as one
     * atomic step: of two calls at the same time the later one compares with what the earlier one stored.
     *
     * <p>The history may share the memory of a whole message; {@link ChangeHistory#detached()} does not.
     */
    CompletionStage<Comparison> update(ChangeHistory received, Retention retention);

    /** The record of this own identity; empty when there is none. */
    CompletionStage<Optional<OwnIdentity>> own(Identifier identifier);

    /**
     * Stores a record of an own identity, as one atomic step, and its history like a {@linkplain Retention#KEPT kept} one.
     *
     * <p>Only if it is the successor of what is stored, that is revision 0 when nothing is, else one more than the stored
     * revision; and only if its history is not behind or beside the one that is known. Otherwise nothing is stored and the
     * answer is {@code false}.
     */
    CompletionStage<Boolean> storeOwn(OwnIdentity next);
}
