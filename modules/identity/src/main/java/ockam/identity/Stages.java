// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.vault.VaultException;
import ockam.wire.internal.Failures;

/** What this module needs beyond {@link CompletionStage} itself. */
final class Stages {
    private Stages() {}

    /** Starts the work now; what it throws at once fails the stage, and failures arrive unwrapped. */
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

    /** Starts the work now; what it throws at once fails the stage. */
    static <T> CompletionStage<T> start(Supplier<CompletionStage<T>> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Starts the work now; when it fails, cleans up before the failure is passed on, whatever comes of the cleaning. */
    static <T> CompletionStage<T> cleaningUp(Supplier<CompletionStage<?>> cleanUp, Supplier<CompletionStage<T>> work) {
        return start(work)
                .exceptionallyCompose(failure -> start(() -> cleanUp.get().thenApply(done -> true))
                        .handle((done, failedToo) -> failure)
                        .thenCompose(CompletableFuture::failedStage));
    }

    /** Whether a vault failed because it does not hold the key. */
    static boolean isUnknownKey(Throwable failure) {
        return Failures.unwrapped(failure) instanceof VaultException refusal
                && refusal.reason() == VaultException.Reason.UNKNOWN_KEY;
    }

    /** To be thrown inside a stage, to pass a failure on. */
    static CompletionException passOn(Throwable failure) {
        return new CompletionException(Failures.unwrapped(failure));
    }
}
