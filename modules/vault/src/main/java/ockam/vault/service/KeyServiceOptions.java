// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.time.Duration;

/**
 * What a {@link KeyServiceVault} asks of its service, and for how long. Checked when created: a number below 1 and a time that is not
 * positive are refused with {@link IllegalArgumentException}.
 *
 * @param timeout how long one attempt may take, and how long after it was cancelled the service may still carry it out
 * @param attempts how often something is tried altogether; 1 repeats nothing
 * @param retryDelay the time before the second attempt; before each further one it is twice as long
 * @param maxUnderWay how many calls may be under way, attempts and the time between them; further ones are refused immediately. Memory: some
 *     hundred bytes and the message for each
 */
public record KeyServiceOptions(Duration timeout, int attempts, Duration retryDelay, int maxUnderWay) {
    private static final int MAX_ATTEMPTS = 16;
    private static final KeyServiceOptions DEFAULTS =
            new KeyServiceOptions(Duration.ofSeconds(5), 3, Duration.ofMillis(100), 256);

    /** Checks the numbers and times. */
    public KeyServiceOptions {
        if (attempts < 1 || attempts > MAX_ATTEMPTS) {
            throw new IllegalArgumentException(attempts + " attempts are not from 1 to " + MAX_ATTEMPTS);
        }
        if (maxUnderWay < 1) {
            throw new IllegalArgumentException("fewer than one call under way: " + maxUnderWay);
        }
        requirePositive(timeout);
        requirePositive(retryDelay);
    }

    private static void requirePositive(Duration time) {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("not a positive time: " + time);
        }
    }

    /**
     * Returns the defaults: 5 s for an attempt, 3 attempts, 100 ms before the second, 256 calls under way. So a call ends within some
     * 15 s, half of the time that a handshake may take by default.
     */
    public static KeyServiceOptions defaults() {
        return DEFAULTS;
    }

    /** Returns the same options with another time for an attempt. */
    public KeyServiceOptions withTimeout(Duration time) {
        return new KeyServiceOptions(time, attempts, retryDelay, maxUnderWay);
    }

    /** Returns the same options with another number of attempts, from 1 to {@value #MAX_ATTEMPTS}. */
    public KeyServiceOptions withAttempts(int number) {
        return new KeyServiceOptions(timeout, number, retryDelay, maxUnderWay);
    }

    /** Returns the same options with another time before the second attempt. */
    public KeyServiceOptions withRetryDelay(Duration time) {
        return new KeyServiceOptions(timeout, attempts, time, maxUnderWay);
    }

    /** Returns the same options with another bound on the calls under way. */
    public KeyServiceOptions withMaxUnderWay(int number) {
        return new KeyServiceOptions(timeout, attempts, retryDelay, number);
    }

    /** Returns the time before this attempt, from the second on. */
    Duration delayBefore(int attempt) {
        return retryDelay.multipliedBy(1L << (attempt - 2));
    }
}
