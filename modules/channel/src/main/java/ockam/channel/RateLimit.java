// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Allows so much per second, and no more than that at once. Thread safe. */
final class RateLimit {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long perSecond;
    private final LongSupplier nanoTime;
    private long left;
    private long since;

    RateLimit(long perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.left = perSecond;
        this.since = nanoTime.getAsLong();
    }

    /** Takes so much, or nothing if less is left. */
    synchronized boolean take(long amount) {
        long now = nanoTime.getAsLong();
        long elapsed = Math.min(now - since, SECOND);
        long more = elapsed * perSecond / SECOND;
        if (more > 0) {
            left = Math.min(perSecond, left + more);
            since = now - (elapsed - more * SECOND / perSecond); // the rest counts the next time
        }
        if (amount > left) {
            return false;
        }
        left -= amount;
        return true;
    }
}
