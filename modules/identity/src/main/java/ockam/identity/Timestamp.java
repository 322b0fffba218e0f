// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Duration;
import java.time.Instant;

/**
 * A moment in whole seconds since 1970 UTC, unsigned, as used in identities (secure channel, section 4.2).
 *
 * <p>A peer may send any 64-bit number, so the range is far larger than that of {@link Instant}; comparisons are unsigned.
 *
 * @param seconds the number; a negative long represents one above {@link Long#MAX_VALUE}
 */
public record Timestamp(long seconds) implements Comparable<Timestamp> {
    private static final Timestamp LATEST = new Timestamp(-1);

    /** Returns the second of this instant; throws {@link IllegalArgumentException} before 1970. */
    public static Timestamp of(Instant instant) {
        if (instant.getEpochSecond() < 0) {
            throw new IllegalArgumentException("before 1970: " + instant);
        }
        return new Timestamp(instant.getEpochSecond());
    }

    /** Returns the moment this many whole seconds later, at most the latest possible one. The duration must not be negative. */
    public Timestamp plus(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("negative: " + duration);
        }
        Timestamp later = new Timestamp(seconds + duration.toSeconds());
        return later.isBefore(this) ? LATEST : later;
    }

    /** Returns the instant, or the latest possible one, {@link Instant#MAX}, for any moment beyond it. */
    public Instant toInstant() {
        return seconds < 0 || seconds > Instant.MAX.getEpochSecond() ? Instant.MAX : Instant.ofEpochSecond(seconds);
    }

    /** Returns whether this moment is after the other. */
    public boolean isAfter(Timestamp other) {
        return compareTo(other) > 0;
    }

    /** Returns whether this moment is before the other. */
    public boolean isBefore(Timestamp other) {
        return compareTo(other) < 0;
    }

    static Timestamp earlier(Timestamp one, Timestamp other) {
        return one.isBefore(other) ? one : other;
    }

    static Timestamp later(Timestamp one, Timestamp other) {
        return one.isAfter(other) ? one : other;
    }

    @Override
    public int compareTo(Timestamp other) {
        return Long.compareUnsigned(seconds, other.seconds);
    }

    /** Returns the number. */
    @Override
    public String toString() {
        return Long.toUnsignedString(seconds);
    }
}
