// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import akka.Done;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import ockam.store.StoreException.Reason;

/** The threads that wait for the database, so that nobody else has to; and those whose turn has not come. */
final class Workers {
    private static final long IDLE_SECONDS = 60;

    private final CompletableFuture<Done> closed = new CompletableFuture<>();
    private final ThreadPoolExecutor threads;
    private final Patience patience;

    /**
     * Creates them; they start when they are needed.
     *
     * @param count how many there are
     * @param maxWaiting how much may wait for one of them
     * @param patience for how long
     * @param afterwards is run when they were closed, and the last work is done, on a thread of its own
     */
    Workers(int count, int maxWaiting, Patience patience, Runnable afterwards) {
        this.patience = patience;
        AtomicInteger number = new AtomicInteger();
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "ockam-store-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        this.threads =
                new ThreadPoolExecutor(
                        count, count, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(maxWaiting), daemons) {
                    /** If there is no thread, it comes on that of the caller of close, which must not be blocked. */
                    @Override
                    protected void terminated() {
                        daemons.newThread(() -> complete(closed, () -> {
                                    afterwards.run();
                                    return Done.getInstance();
                                }))
                                .start();
                    }
                };
        this.threads.allowCoreThreadTimeOut(true);
    }

    <T> CompletionStage<T> run(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Supplier<T> inTurn = patience.queued(work);
        try {
            threads.execute(() -> complete(result, inTurn));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(
                    threads.isShutdown()
                            ? new StoreException(Reason.CLOSED, "the store was closed")
                            : new StoreException(
                                    Reason.TOO_MANY_WAITING, "as much waits for the database as max-waiting allows"));
        }
        return result;
    }

    /** What waits is still done, or fails for want of patience. */
    CompletionStage<Done> close() {
        threads.shutdown();
        return closed;
    }

    private static <T> void complete(CompletableFuture<T> result, Supplier<T> work) {
        try {
            result.complete(work.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
