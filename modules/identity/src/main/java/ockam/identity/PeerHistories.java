// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.LinkedHashSet;
import java.util.Set;
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

    /** How many that may have been stored, although that failed, are remembered, of those that are watched. */
    private static final int MAX_UNCERTAIN = 256;

    private final IdentityRepository repository;
    private final Watchers watchers;
    /**
     * The latest changes of the stored histories that were verified here, least recently used first. A change names the one before it by
     * its hash, so the hash of the latest change stands for all. The repository is not trusted with this: anyone who can write to it could
     * add changes that nobody signed.
     */
    private final LinkedHashSet<ChangeHash> verified = new LinkedHashSet<>();

    /** The latest changes of histories that may have been stored, although that failed. Guarded by {@link #verified}. */
    private final LinkedHashSet<ChangeHash> uncertain = new LinkedHashSet<>();

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

    PeerHistories(IdentityRepository repository, Watchers watchers) {
        this(repository, watchers, MAX_VERIFIED);
    }

    PeerHistories(IdentityRepository repository, Watchers watchers, int maxVerified) {
        this.repository = repository;
        this.watchers = watchers;
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

    /**
     * Stores a verified history, unless it is older than the known one or contradicts it, and tells those who watch it when it is newer. If
     * the repository fails, it may have stored it all the same: then they are told at once, and again when it turns out to be stored, because
     * what they read in between may be from before.
     */
    CompletionStage<Comparison> store(ChangeHistory history, Retention retention) {
        ChangeHash latest = history.latest().hash();
        boolean isNews = !wasVerified(latest);
        return Stages.start(() -> repository.update(history, retention)).whenComplete((comparison, failure) -> {
            if (failure != null ? isNews && mayBeStored(history, failure) : isStored(latest, comparison)) {
                watchers.tell(history.identifier());
            }
        });
    }

    /** Remembers only those that somebody watches: strangers could push these out. */
    private boolean mayBeStored(ChangeHistory history, Throwable failure) {
        if (Stages.isUndone(failure) || !watchers.isWatched(history.identifier())) {
            return false;
        }
        synchronized (verified) {
            remember(uncertain, history.latest().hash(), MAX_UNCERTAIN);
        }
        return true;
    }

    /** Returns whether it was not before, as far as those who watch it know. */
    private boolean isStored(ChangeHash latest, Comparison comparison) {
        if (!comparison.isStored() && comparison != Comparison.EQUAL) {
            return false;
        }
        synchronized (verified) {
            remember(verified, latest, maxVerified);
            return uncertain.remove(latest) || comparison.isStored();
        }
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
            remember(verified, latest, maxVerified);
        }
    }

    private static void remember(Set<ChangeHash> recent, ChangeHash latest, int max) {
        recent.remove(latest);
        recent.add(latest);
        if (recent.size() > max) {
            recent.remove(recent.iterator().next());
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
