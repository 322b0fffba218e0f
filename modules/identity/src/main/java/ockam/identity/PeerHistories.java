// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.LinkedHashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.VerifyingVault;
import ockam.wire.Identifier;

/**
 * Verifies and stores the histories that peers show (secure channel, sections 4.5 and 4.6). A history that is too long, breaks a rule or
 * does not fit what is known is refused before any signature is verified, and what was verified before is not verified again. Thread safe.
 */
final class PeerHistories {
    /** How many are remembered as verified, at some 200 bytes each; the signatures of all others are verified again. */
    private static final int MAX_VERIFIED = 16_384;

    private final IdentityRepository repository;
    /**
     * The latest changes of the stored histories that were verified here, least recently used first. A change names the one before it by
     * its hash, so the hash of the latest change stands for all. The repository is not trusted with this: anyone who can write to it could
     * add changes that nobody signed.
     */
    private final LinkedHashSet<ChangeHash> verified = new LinkedHashSet<>();

    private final int maxVerified;

    /**
     * A history that breaks none of the rules that need no signature.
     *
     * @param history the history as shown, except that changes verified before are as they are known: the shown ones may have other signatures
     * @param verified how many of its changes were verified before
     */
    record Claim(ChangeHistory history, int verified) {
        /** Returns whether nothing in it is new. */
        boolean isKnown() {
            return verified == history.changes().size();
        }
    }

    PeerHistories(IdentityRepository repository) {
        this(repository, MAX_VERIFIED);
    }

    PeerHistories(IdentityRepository repository, int maxVerified) {
        this.repository = repository;
        this.maxVerified = maxVerified;
    }

    /** Completes with what there is to verify in a history, unless it is refused anyway. */
    CompletionStage<Claim> claim(ChangeHistory received, PeerTerms terms) {
        requireChanges(received, terms.limits().maxChanges());
        HistoryVerifier.requireRules(received);
        return requireLength(received, terms)
                .thenCompose(fits -> repository.history(received.identifier()))
                .thenApply(known ->
                        known.map(history -> continuing(history, received)).orElseGet(() -> new Claim(received, 0)));
    }

    /** Completes with the claimed history, if its new signatures are valid. */
    static CompletionStage<ChangeHistory> verify(Claim claim, VerifyingVault vault) {
        return HistoryVerifier.verifySignatures(claim.history(), claim.verified(), vault);
    }

    /** Stores a verified history, unless it is older than the known one or contradicts it. */
    CompletionStage<Comparison> store(ChangeHistory history, Retention retention) {
        return repository.update(history, retention).thenApply(comparison -> {
            if (comparison.isStored() || comparison == Comparison.EQUAL) {
                rememberVerified(history.latest().hash());
            }
            return comparison;
        });
    }

    /** Completes with what there is to verify in the known history of an identity: nothing, if it was verified here. */
    CompletionStage<Claim> known(Identifier identifier) {
        return repository.history(identifier).thenApply(known -> {
            ChangeHistory history = known.orElseThrow(() -> new IdentityException(
                    Reason.SUBJECT_UNKNOWN, "the history of " + identifier + " is not known here"));
            HistoryVerifier.requireRules(history);
            int before =
                    wasVerified(history.latest().hash()) ? history.changes().size() : 0;
            return new Claim(history, before);
        });
    }

    /** Completes with a {@linkplain #known known} history, if its signatures are valid; they are not verified again then. */
    CompletionStage<ChangeHistory> verifyKnown(Claim known, VerifyingVault vault) {
        return verify(known, vault).thenApply(history -> {
            rememberVerified(history.latest().hash());
            return history;
        });
    }

    private Claim continuing(ChangeHistory known, ChangeHistory received) {
        Comparison comparison = received.compareWith(known);
        requireConsistent(received, comparison);
        return wasVerified(known.latest().hash())
                ? new Claim(known.continuedBy(received), known.changes().size())
                : new Claim(received, 0);
    }

    private boolean wasVerified(ChangeHash latest) {
        synchronized (verified) {
            return verified.contains(latest);
        }
    }

    private void rememberVerified(ChangeHash latest) {
        synchronized (verified) {
            verified.remove(latest);
            verified.add(latest);
            if (verified.size() > maxVerified) {
                verified.remove(verified.iterator().next());
            }
        }
    }

    static void requireConsistent(ChangeHistory received, Comparison comparison) {
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
