// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.vault.VaultException;
import ockam.wire.internal.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Helpers for {@link CompletionStage}. */
final class Stages {
    private static final Logger log = LoggerFactory.getLogger(Identities.class);

    private Stages() {}

    /** Starts the work now; an exception it throws fails the stage, and failures are unwrapped. */
    static <T> CompletionStage<T> run(Supplier<CompletionStage<T>> work) {
        var result = new CompletableFuture<T>();
        start(work).whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(Failures.unwrapped(failure));
            }
        });
        return result;
    }

    /** Starts the work now; an exception it throws fails the stage. */
    static <T> CompletionStage<T> start(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Starts the work now; if it fails, deletes the key that it was for before passing on the failure. That the key could not be deleted is
     * only logged.
     */
    static <T> CompletionStage<T> cleaningUp(Supplier<CompletionStage<?>> delete, Supplier<CompletionStage<T>> work) {
        return start(work)
                .exceptionallyCompose(failure -> start(() -> delete.get().thenApply(done -> true))
                        .handle((done, failedToo) -> {
                            if (failedToo != null) {
                                log.warn(
                                        "A new key that nobody got could not be deleted, and may be left in the vault",
                                        Failures.unwrapped(failedToo));
                            }
                            return failure;
                        })
                        .thenCompose(CompletableFuture::failedStage));
    }

    /** Returns whether a vault failed because it does not hold the key. */
    static boolean isUnknownKey(Throwable failure) {
        return Failures.unwrapped(failure) instanceof VaultException refusal
                && refusal.reason() == VaultException.Reason.UNKNOWN_KEY;
    }

    /** Returns whether a store failed without having done anything. */
    static boolean isUndone(Throwable failure) {
        return Failures.unwrapped(failure) instanceof Store.Undone undone && undone.isUndone();
    }

    /** Returns an exception to throw inside a stage, to pass on a failure. */
    static CompletionException passOn(Throwable failure) {
        return new CompletionException(Failures.unwrapped(failure));
    }
}
