// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Lets one log line pass in each interval, since a stranger can cause as many as he likes. Thread safe. */
final class LogLimit {
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong due;

    /** The first line passes at once. */
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
