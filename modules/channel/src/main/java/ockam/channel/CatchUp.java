// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When a frame that is too far ahead is tried nevertheless, because those before it seem to be lost (secure channel, section 5.4). Its nonce
 * is not authentic, and keys must be derived to try it, so tries are bounded. Not thread safe.
 */
final class CatchUp {
    /** One more frame in a row that is lost, and none that follows is in the window. */
    static final int IN_A_ROW = 33;

    /** If nothing was accepted for this long, the frames before are lost, and not just late. */
    static final Duration PAUSE = Duration.ofMillis(100);

    /** Tries of one channel per second. */
    static final int TRIES_PER_SECOND = 8;

    /** Keys that all channels of an actor system together may derive for tries, per second. */
    static final int KEYS_PER_SECOND = 32_768;

    private final RateLimit keys;
    private final RateLimit tries;
    private final LongSupplier nanoTime;
    private int inARow;
    private long lastAccepted;

    /** With the number of keys that may be derived for tries, shared among all channels. */
    CatchUp(RateLimit keys, LongSupplier nanoTime) {
        this(keys, new RateLimit(TRIES_PER_SECOND, nanoTime), nanoTime);
    }

    CatchUp(RateLimit keys, RateLimit tries, LongSupplier nanoTime) {
        this.keys = keys;
        this.tries = tries;
        this.nanoTime = nanoTime;
        this.lastAccepted = nanoTime.getAsLong();
    }

    /** A frame was authentic. */
    void accepted() {
        inARow = 0;
        lastAccepted = nanoTime.getAsLong();
    }

    /** A frame is too far ahead. Returns whether to derive so many keys and try it; with 0, it cannot be tried. */
    boolean mayTry(int keysToDerive) {
        if (inARow < IN_A_ROW) {
            inARow++;
        }
        boolean othersSeemLost = inARow == IN_A_ROW || nanoTime.getAsLong() - lastAccepted >= PAUSE.toNanos();
        return keysToDerive > 0 && othersSeemLost && tries.take(1) && keys.take(keysToDerive);
    }
}
