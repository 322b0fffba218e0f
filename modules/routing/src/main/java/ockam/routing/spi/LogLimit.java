// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Allows one log line in each interval, because a stranger can cause any number of them. Thread safe. */
final class LogLimit {
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong due;

    /** The first line passes immediately. */
    LogLimit(Duration interval, LongSupplier nanoTime) {
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.due = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether a line may be logged now; the next one may be an interval later. */
    boolean passes() {
        long expected = due.get();
        long now = nanoTime.getAsLong();
        return now - expected >= 0 && due.compareAndSet(expected, now + intervalNanos);
    }
}
