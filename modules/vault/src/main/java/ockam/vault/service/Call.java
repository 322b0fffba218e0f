// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * One call of a {@link KeyServiceVault}: attempts one after the other, until one succeeds, or fails in a way that does not pass, or none is
 * left. At most one attempt is under way: one that did not end in time, and not by being cancelled either, is the last. So what the service
 * has under way is bounded by the places, although not all services can be stopped.
 *
 * <p>The call has its place until it has ended and its attempt has, too; then nothing of it goes on any more.
 *
 * @param <A> what the service answers
 * @param <R> what becomes of it
 */
final class Call<A, R> {

    /** The place of one call. */
    @FunctionalInterface
    interface Place {
        /**
         * Nothing of the call goes on here any more: gives the place back, or uses it for something else first.
         *
         * @param mayStillBeDone whether an attempt ended because it was cancelled, so that the service may do what it was asked for later
         */
        void giveBack(Outcome outcome, boolean mayStillBeDone);

        /** The caller has given up just when the call succeeded: nobody has the result, and the place is given back already. */
        default void inVain() {}
    }

    /** What has become of a call. */
    enum Outcome {
        SUCCEEDED,
        /** The caller has no result, but the service may have done what was asked for. */
        IN_DOUBT,
        /** Nothing was asked for, or the service has refused all of it. */
        NOT_DONE
    }

    private final KeyServiceOptions options;
    private final Later later;
    private final Place place;
    private final Supplier<CompletionStage<A>> operation;
    private final Function<A, CompletionStage<R>> finish;

    private final CompletableFuture<R> result = new CompletableFuture<>();
    private final AtomicInteger holders = new AtomicInteger(1); // of the place: the call itself, and its attempt
    private final AtomicBoolean over = new AtomicBoolean();
    // All are written before the writer gives its share of the place back, and read after all have.
    private volatile boolean succeeded;
    private volatile boolean inDoubt;
    private volatile boolean mayStillBeDone;
    private volatile @Nullable Runnable stop; // ends what is waited for

    /** Creates a call that has this place already. */
    Call(
            KeyServiceOptions options,
            Later later,
            Place place,
            Supplier<CompletionStage<A>> operation,
            Function<A, CompletionStage<R>> finish) {
        this.options = options;
        this.later = later;
        this.place = place;
        this.operation = operation;
        this.finish = finish;
    }

    /** Starts the first attempt. Cancelling what is returned, or completing it in another way, ends the call. */
    CompletableFuture<R> start() {
        var unused = result.whenComplete((value, failure) -> {
            if (end(false)) { // otherwise the call itself has completed it
                stop();
            }
        });
        attempt(1);
        return result;
    }

    private void attempt(int number) {
        if (over.get()) {
            return;
        }
        var attempt = new Attempt(number);
        Runnable timer;
        try {
            timer = later.after(options.timeout(), attempt::timeIsUp);
        } catch (RuntimeException e) {
            fail(new VaultException(Reason.FAILED, "there is no time-out to be had", e));
            return;
        }
        attempt.begin(timer);
    }

    /** One attempt: settled by the first of its answer, its time-out, and the end of the call. */
    private final class Attempt {
        private final int number;
        private final AtomicBoolean settled = new AtomicBoolean();
        private final CompletableFuture<CompletionStage<A>> begun = new CompletableFuture<>();
        private volatile boolean cancelled;
        private volatile boolean ended;

        Attempt(int number) {
            this.number = number;
        }

        void begin(Runnable timer) {
            if (holders.getAndUpdate(number -> number == 0 ? 0 : number + 1) == 0) {
                timer.run(); // cancelled just now, and its place may be another's
                return;
            }
            CompletionStage<A> stage = begun();
            // In this order: if the stage is complete already, the next attempt is what has to be stopped.
            stopWith(() -> {
                if (settled.compareAndSet(false, true)) {
                    timer.run();
                    cancel(stage);
                }
            });
            stage.whenComplete((answer, failure) -> {
                ended = true;
                if (failure == null || !isRefusal(typed(failure).reason())) {
                    inDoubt = true;
                }
                if (cancelled && failure instanceof CancellationException) {
                    mayStillBeDone = true;
                }
                release();
                if (settled.compareAndSet(false, true)) {
                    timer.run();
                    answered(number, answer, failure);
                }
            });
            begun.complete(stage);
        }

        /** The time may be up before the service has returned the stage. */
        void timeIsUp() {
            if (settled.compareAndSet(false, true)) {
                var unused = begun.thenAccept(stage -> {
                    cancel(stage);
                    var failure = new VaultException(Reason.TIMED_OUT, "no answer within " + options.timeout());
                    failed(number, failure, ended);
                });
            }
        }

        /** One that cannot be cancelled ends when the work does. */
        private void cancel(CompletionStage<?> stage) {
            cancelled = true; // before, since the stage may end in between
            try {
                cancelled = stage.toCompletableFuture().cancel(true);
            } catch (UnsupportedOperationException e) {
                cancelled = false; // a stage that is no future
            }
        }
    }

    private CompletionStage<A> begun() {
        try {
            return Objects.requireNonNull(operation.get());
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void answered(int number, A answer, @Nullable Throwable failure) {
        if (failure == null) {
            finish(answer);
        } else {
            VaultException typed = typed(failure);
            failed(number, typed, typed.reason() == Reason.UNAVAILABLE || typed.reason() == Reason.OVERLOADED);
        }
    }

    private void failed(int number, VaultException failure, boolean mayBeRepeated) {
        if (mayBeRepeated && number < options.attempts()) {
            retry(number + 1, failure);
        } else {
            fail(failure);
        }
    }

    private void retry(int number, VaultException failure) {
        try {
            stopWith(later.after(options.delayBefore(number), () -> attempt(number)));
        } catch (RuntimeException e) {
            fail(failure);
        }
    }

    private void finish(A answer) {
        CompletionStage<R> finished;
        try {
            finished = finish.apply(answer);
        } catch (RuntimeException e) {
            finished = CompletableFuture.failedFuture(e);
        }
        finished.whenComplete((value, failure) -> {
            if (failure != null) {
                fail(typed(failure));
            } else if (end(true) && !result.complete(value)) {
                place.inVain();
            }
        });
    }

    private void fail(VaultException failure) {
        end(false);
        result.completeExceptionally(failure);
    }

    /** Says how to end what is now waited for; if the call has been cancelled meanwhile, ends it. */
    private void stopWith(Runnable how) {
        stop = how;
        if (over.get()) {
            stop();
        }
    }

    private void stop() {
        Runnable how = stop;
        if (how != null) {
            how.run();
        }
    }

    /**
     * Gives the call's share of the place back: before the caller is told, who may need it for the next call. Returns whether the call was not
     * over before.
     */
    private boolean end(boolean well) {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        succeeded = well;
        release();
        return true;
    }

    private void release() {
        if (holders.decrementAndGet() == 0) {
            place.giveBack(
                    succeeded ? Outcome.SUCCEEDED : inDoubt ? Outcome.IN_DOUBT : Outcome.NOT_DONE, mayStillBeDone);
        }
    }

    /** Whether the service has done nothing ({@link KeyService}). */
    private static boolean isRefusal(Reason reason) {
        return reason == Reason.DENIED || reason == Reason.OVERLOADED || reason == Reason.UNSUPPORTED;
    }

    static VaultException typed(Throwable failure) {
        Throwable unwrapped = failure;
        while ((unwrapped instanceof CompletionException || unwrapped instanceof ExecutionException)
                && unwrapped.getCause() != null) {
            unwrapped = unwrapped.getCause();
        }
        return unwrapped instanceof VaultException typed
                ? typed
                : new VaultException(Reason.FAILED, "the service that holds the keys failed", unwrapped);
    }
}
