// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.VerifyingVault;

/**
 * Takes in the histories that others show (secure channel, sections 4.5 and 4.6). What is too long, breaks a rule or does not fit to what is
 * known is refused before any signature is verified, and what was verified before is not verified again. Thread safe.
 */
final class PeerHistories {
    /** So many are remembered as verified, at some 200 bytes each; of one that is not, all signatures are verified again. */
    private static final int MAX_VERIFIED = 16_384;

    private final IdentityRepository repository;
    /**
     * The latest changes of stored histories that were verified here, least used first. A change names the one before it by its hash, so
     * the hash of the latest stands for all. The repository is not asked: who can write to it could claim what was never signed.
     */
    private final Map<ChangeHash, Boolean> verified = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChangeHash, Boolean> eldest) {
            return size() > MAX_VERIFIED;
        }
    });

    /**
     * A history that breaks no rule that can be checked without its signatures.
     *
     * @param history as it was shown; but the part that was verified before is as it is known, since what is shown may have other signatures
     * @param verified how many of its changes were verified before
     */
    record Claim(ChangeHistory history, int verified) {
        /** Whether nothing in it is new. */
        boolean isKnown() {
            return verified == history.changes().size();
        }
    }

    PeerHistories(IdentityRepository repository) {
        this.repository = repository;
    }

    /** What is to be verified of a history, if it is none that is refused anyway. */
    CompletionStage<Claim> claim(ChangeHistory received, PeerTerms terms) {
        requireChanges(received, terms.limits().maxChanges());
        HistoryVerifier.requireRules(received);
        return requireLength(received, terms)
                .thenCompose(fits -> repository.history(received.identifier()))
                .thenApply(known ->
                        known.map(history -> continuing(history, received)).orElseGet(() -> new Claim(received, 0)));
    }

    /** The claimed history, if its new signatures are valid. */
    static CompletionStage<ChangeHistory> verify(Claim claim, VerifyingVault vault) {
        return HistoryVerifier.verifySignatures(claim.history(), claim.verified(), vault);
    }

    /** Stores a history that was verified, unless it is behind or beside the known one. */
    CompletionStage<Comparison> store(ChangeHistory history, Retention retention) {
        return repository.update(history, retention).thenApply(comparison -> {
            if (comparison.isStored() || comparison == Comparison.EQUAL) {
                verified.put(history.latest().hash(), true);
            }
            return comparison;
        });
    }

    private Claim continuing(ChangeHistory known, ChangeHistory received) {
        Comparison comparison = received.compareWith(known);
        requireNotBehindOrBeside(received, comparison);
        return verified.containsKey(known.latest().hash())
                ? new Claim(known.continuedBy(received), known.changes().size())
                : new Claim(received, 0);
    }

    static void requireNotBehindOrBeside(ChangeHistory received, Comparison comparison) {
        switch (comparison) {
            case FIRST_SEEN, EQUAL, NEWER -> {}
            case OLDER ->
                throw new IdentityException(
                        Reason.HISTORY_OLDER,
                        "the history of " + received.identifier() + " is older than the known one");
            case CONFLICT ->
                throw new IdentityException(
                        Reason.HISTORY_CONFLICT,
                        "the history of " + received.identifier() + " contradicts the known one");
        }
    }

    private static void requireChanges(ChangeHistory received, int max) {
        int changes = received.changes().size();
        if (changes > max) {
            throw new IdentityException(
                    Reason.HISTORY_TOO_LONG, "a history of " + changes + " changes; " + max + " are accepted");
        }
    }

    private CompletionStage<Boolean> requireLength(ChangeHistory received, PeerTerms terms) {
        int length = received.export().length();
        if (terms.named() || length <= terms.limits().maxUnnamedBytes()) {
            return CompletableFuture.completedFuture(true);
        }
        return repository.retention(received.identifier()).thenApply(known -> {
            if (known.isEmpty() || known.get() == Retention.EVICTABLE) {
                throw new IdentityException(
                        Reason.HISTORY_TOO_LONG,
                        "a history of " + length + " bytes of a peer that is not named; "
                                + terms.limits().maxUnnamedBytes() + " are accepted");
            }
            return true;
        });
    }
}
