// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import ockam.store.StoreException.Reason;

/**
 * Whether work that was queued is still to be tried when its turn comes. While the database works, it is, however long those before it have
 * taken. But if one of them has waited for the database in vain meanwhile, work that has waited as long fails, so that those that wait do not
 * wait for the database one after the other. Thread safe.
 */
final class Patience {
    private final long most;
    private final LongSupplier nanoTime;
    /** When work last failed that had waited for the database; at first, a moment before all work. */
    private volatile long failedAt;

    Patience(Duration most, LongSupplier nanoTime) {
        this.most = most.toNanos();
        this.nanoTime = nanoTime;
        this.failedAt = nanoTime.getAsLong();
    }

    /** Returns work that is queued now: when its turn comes, it is done, or fails with {@code BUSY} at once. */
    <T> Supplier<T> queued(Supplier<T> work) {
        long queuedAt = nanoTime.getAsLong();
        return () -> {
            long begunAt = nanoTime.getAsLong();
            if (failedAt - queuedAt > 0 && begunAt - queuedAt >= most) {
                throw new StoreException(Reason.BUSY, "it has waited for busy-timeout, as one before it has, in vain");
            }
            return watched(begunAt, work);
        };
    }

    private <T> T watched(long begunAt, Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreException e) {
            long now = nanoTime.getAsLong();
            if (isOfTheDatabase(e) && now - begunAt >= most / 2) { // others that fail at once keep nobody waiting
                failedAt = now;
            }
            throw e;
        }
    }

    private static boolean isOfTheDatabase(StoreException failure) {
        return failure.reason() == Reason.BUSY || failure.reason() == Reason.DATABASE_FAILED;
    }
}
