// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether a receiver is out of step with its peer: every frame that has come for a while was refused. Not thread safe. */
final class Refusals {
    /** For so long. */
    static final Duration LIMIT = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private boolean refusing;
    private boolean outOfStep;
    private long since;

    Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A frame was refused. Returns whether with this one the receiver is out of step, and was not before. */
    boolean refused() {
        if (outOfStep) {
            return false;
        }
        long now = nanoTime.getAsLong();
        if (!refusing) {
            refusing = true;
            since = now;
        }
        outOfStep = now - since >= LIMIT.toNanos();
        return outOfStep;
    }

    /** A frame was accepted. Returns whether the receiver was out of step until now. */
    boolean accepted() {
        boolean healed = outOfStep;
        outOfStep = false;
        refusing = false;
        return healed;
    }
}
