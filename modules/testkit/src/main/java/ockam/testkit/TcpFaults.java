// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a {@link TcpProxy} does to the bytes of its connections. Immutable; each {@code withX} returns a copy. Prints everything that is needed
 * to draw the same again: each connection and direction has draws of its own, which depend on the seed and on which connection it is. What
 * they meet also depends on how the operating system happens to cut the bytes.
 *
 * @param seed determines all draws
 * @param largestPiece bytes that are passed on together at most; how many is drawn
 * @param pauses rate of pieces after which the direction pauses, 0 to 1
 * @param longestPause how long it pauses at most; how long is drawn
 * @param bytesPerSecond how fast each direction of each connection is at most; what passes at once is at most a tenth of it
 * @param cutWithin each connection is cut after so many bytes in one of its directions at the latest; which, and after how many, is drawn
 * @param cuts ways to cut, of which one is drawn for each connection; without any, none is cut
 */
public record TcpFaults(
        long seed,
        int largestPiece,
        double pauses,
        Duration longestPause,
        int bytesPerSecond,
        long cutWithin,
        Set<Cut> cuts) {
    /** A direction. */
    public enum Way {
        /** From who has connected to the target. */
        TO_TARGET,
        /** From the target to who has connected. */
        TO_CLIENT
    }

    /** A way to cut a connection. */
    public enum Cut {
        /** Both sides see it reset, and may lose what they have not read. */
        RESET,
        /** Both sides see it end. */
        FINISH,
        /** The receiver of one direction sees its end, and what is sent to it later is lost. The other direction goes on. */
        HALF_CLOSE,
        /** Nothing passes in one direction any more, and nobody is told. */
        STALL,
        /** The receiver of one direction sees it reset. The sender is not told: what it sends is lost, and it gets nothing until it ends its side. */
        HALF_OPEN
    }

    /** Refuses rates outside 0 to 1, pieces of less than a byte, and negative pauses. */
    public TcpFaults {
        if (!(pauses >= 0 && pauses <= 1)) {
            throw new IllegalArgumentException("a rate is 0 to 1, not " + pauses);
        }
        if (largestPiece < 1) {
            throw new IllegalArgumentException("a piece has at least 1 byte, not " + largestPiece);
        }
        if (longestPause.isNegative()) {
            throw new IllegalArgumentException("a pause is not negative, as " + longestPause + " is");
        }
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("a speed is at least 1 byte per second, not " + bytesPerSecond);
        }
        if (cutWithin < 1) {
            throw new IllegalArgumentException("a cut is after at least 1 byte, not " + cutWithin);
        }
        cuts = Set.copyOf(cuts);
    }

    /** Returns a seed without any faults yet. */
    public static TcpFaults seeded(long seed) {
        return new TcpFaults(seed, Integer.MAX_VALUE, 0, Duration.ZERO, Integer.MAX_VALUE, 1, Set.of());
    }

    /** Returns the same, with bytes passed on in pieces of 1 to {@code largest}. */
    public TcpFaults withPieces(int largest) {
        return new TcpFaults(seed, largest, pauses, longestPause, bytesPerSecond, cutWithin, cuts);
    }

    /** Returns the same, with pauses of up to {@code longest} after this share of the pieces. */
    public TcpFaults withPauses(double rate, Duration longest) {
        return new TcpFaults(seed, largestPiece, rate, longest, bytesPerSecond, cutWithin, cuts);
    }

    /** Returns the same, with at most so many bytes per second in each direction. */
    public TcpFaults withBytesPerSecond(int most) {
        return new TcpFaults(seed, largestPiece, pauses, longestPause, most, cutWithin, cuts);
    }

    /** Returns the same, with each connection cut in one of these ways, after 1 to {@code within} bytes in one direction. */
    public TcpFaults withCuts(long within, Set<Cut> ways) {
        return new TcpFaults(seed, largestPiece, pauses, longestPause, bytesPerSecond, within, ways);
    }

    /** Prints the ways to cut in the same order each time. */
    @Override
    public String toString() {
        return "TcpFaults[seed=" + seed + ", largestPiece=" + largestPiece + ", pauses=" + pauses + ", longestPause="
                + longestPause + ", bytesPerSecond=" + bytesPerSecond + ", cutWithin=" + cutWithin + ", cuts="
                + new TreeSet<>(cuts) + "]";
    }
}
