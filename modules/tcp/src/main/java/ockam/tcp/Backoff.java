// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait before each attempt: first not at all, then any time up to a bound, which doubles from attempt to attempt. */
final class Backoff {
    private final Duration min;
    private final Duration max;
    private final DoubleSupplier random;
    private Duration bound = Duration.ZERO;

    /**
     * Creates one before its first attempt.
     *
     * @param min the first bound but none
     * @param max the largest bound
     * @param random draws from 0 to 1
     */
    Backoff(Duration min, Duration max, DoubleSupplier random) {
        this.min = min;
        this.max = max;
        this.random = random;
    }

    /** The wait before the next attempt. All of it is drawn, so that many who lost the same peer do not come back together. */
    Duration next() {
        Duration wait = Duration.ofNanos((long) (random.getAsDouble() * bound.toNanos()));
        Duration doubled = bound.isZero() ? min : bound.multipliedBy(2);
        bound = doubled.compareTo(max) < 0 ? doubled : max;
        return wait;
    }

    /** Begins anew. */
    void reset() {
        bound = Duration.ZERO;
    }
}
