// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Work that waits for a thread, and its result. It is complete only when a thread has had it, also if it was cancelled before: so whoever
 * counts what is not complete knows what is in the executor's queue.
 *
 * @param <T> the result
 */
final class TokenTask<T> extends CompletableFuture<T> implements Runnable {
    private final Supplier<T> work;
    private volatile boolean abandoned;

    TokenTask(Supplier<T> work) {
        this.work = work;
    }

    @Override
    public void run() {
        if (abandoned) {
            completeExceptionally(new CancellationException());
            return;
        }
        try {
            complete(work.get());
        } catch (RuntimeException | Error e) {
            completeExceptionally(e);
        }
    }

    /** Only keeps the work from beginning: what a token does cannot be stopped. */
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        abandoned = true;
        return false;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>(); // dependent stages are ordinary ones
    }
}
