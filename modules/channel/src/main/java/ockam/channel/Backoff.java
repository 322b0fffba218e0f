// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;

/**
 * How long a part of a channel waits before it tries again what has failed: each time twice as long, and up to half of that more at random,
 * because many channels fail together. Not thread safe.
 */
final class Backoff {
    static final Duration SHORTEST = Duration.ofSeconds(1);
    /** Without the random part. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private final DoubleSupplier random;
    private final BooleanSupplier isNews;
    private Duration next = SHORTEST;
    private boolean warned;

    /**
     * Creates one.
     *
     * @param random draws from 0 to 1
     * @param isNews whether a warning is to be logged now: of many channels that fail together, one is enough
     */
    Backoff(DoubleSupplier random, BooleanSupplier isNews) {
        this.random = random;
        this.isNews = isNews;
    }

    static Backoff create(BooleanSupplier isNews) {
        return new Backoff(() -> ThreadLocalRandom.current().nextDouble(), isNews);
    }

    /**
     * Logs that something has failed, and returns the wait before the next attempt. It is one warning, as soon as it is news, so that what has
     * failed just after another of its kind, and still does, gets its warning too; else it is for debugging.
     *
     * @param what has failed, as a sentence without its end
     */
    Duration failed(Logger log, String what, Throwable why) {
        Duration wait = next();
        if (!warned && isNews.getAsBoolean()) {
            warned = true;
            log.warn("{}; trying again in {}", what, wait, why);
        } else {
            log.debug("{}; trying again in {}", what, wait, why);
        }
        return wait;
    }

    /** The wait before the next attempt. */
    Duration next() {
        Duration wait = next.plusNanos((long) (random.getAsDouble() * next.toNanos() / 2));
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return wait;
    }

    /** Begins anew. */
    void reset() {
        next = SHORTEST;
        warned = false;
    }
}
