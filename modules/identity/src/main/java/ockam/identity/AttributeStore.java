// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;

/**
 * Remembers what authorities said about peers, longer than the channel in which the peer showed it (secure channel, section 4.11).
 *
 * <p>It keeps one statement for each subject and authority. Two things differ from other implementations, and no peer can tell, except
 * that rights are not lost: there, what one authority says replaces what another said, and an older credential that is still valid
 * replaces a newer one, so whoever holds two chooses (authority, sections 7.2 and 7.3).
 *
 * <p>It does not know whether an authority has rotated its identity since: {@link Identities} leaves out what is void.
 *
 * <p>Implementations are thread safe, never block the caller, and are given only what {@link Identities#verifyCredential} has verified.
 * Anyone who can write to the store can give any peer any attributes.
 */
public interface AttributeStore {

    /**
     * Keeps a statement of an authority about a subject in place of the one before, unless it {@linkplain AttestedAttributes#isOlderThan is
     * older} than that one, even if that one has ended since. One that was verified with another change of the authority is never older, so it
     * replaces what is kept: {@link Identities} looks just before whether that change is the latest one. So does an equally old one; an equal
     * one changes nothing. This is one atomic step: of two statements with the same
     * change that come at the same time, the newer one stays.
     *
     * <p>Peers cause it as often as they like: what changes nothing must write nothing.
     *
     * @return whether this has changed what is kept: {@code false} for an equal one
     */
    CompletionStage<Boolean> store(AttestedAttributes said);

    /** Completes with what this authority said last about this subject; empty if that is nothing, or no longer counts at this moment. */
    CompletionStage<Optional<AttestedAttributes>> find(Identifier subject, Identifier authority, Instant moment);
}
