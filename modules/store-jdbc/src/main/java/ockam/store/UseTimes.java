// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** When something was shown, in milliseconds; never the same twice, so that there is always an order. Thread safe. */
final class UseTimes {
    /** What was shown again within this time does not count as newer: it would be a write for each handshake. */
    static final long COARSENESS = 60_000;

    private final AtomicLong last = new AtomicLong();
    private final LongSupplier clock;

    UseTimes(LongSupplier clock) {
        this.clock = clock;
    }

    long next() {
        return last.updateAndGet(before -> Math.max(before + 1, clock.getAsLong()));
    }
}
