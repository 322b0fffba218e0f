// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;

/**
 * Remembers the credentials that identities of this node got from authorities, so that a node that starts again can present one while its
 * authority cannot be reached (authority, section 7). What authorities say about others is in an {@link AttributeStore}.
 *
 * <p>It keeps one credential for each subject and authority: the last one that it was given. A credential is nothing secret, as every peer
 * gets it, and nobody but its subject can present it.
 *
 * <p>Implementations are thread safe and never block the caller. They do not verify anything: they are given what was verified, or comes
 * from the authority through a channel, and peers verify what is presented to them.
 */
public interface CredentialStore {
    /** The most that are kept; beyond that, those give way that end first. */
    int MAX_KEPT = 1_000;

    /**
     * Keeps this credential in the place of the one of the same authority about the same subject, be that newer or older.
     *
     * @return whether it is kept now; fails with {@link IdentityException} if it cannot be read, or is about nobody
     */
    CompletionStage<Boolean> keep(CredentialAndPurposeKey credential);

    /** Completes with what this authority said last about this subject; empty if nothing is kept, or if it has ended at this moment. */
    CompletionStage<Optional<CredentialAndPurposeKey>> find(Identifier subject, Identifier authority, Instant moment);

    /** Forgets what is kept of this authority about this subject, for example when its members are left. Completes with whether it was. */
    CompletionStage<Boolean> forget(Identifier subject, Identifier authority);
}
