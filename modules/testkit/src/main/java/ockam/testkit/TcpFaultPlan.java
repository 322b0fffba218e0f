// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import ockam.testkit.TcpFaults.Cut;
import org.jspecify.annotations.Nullable;

/**
 * Draws what happens in one direction of one connection: the part of a {@link TcpProxy} that does not depend on sockets. The same faults,
 * connection and direction draw the same. Not thread safe.
 */
final class TcpFaultPlan {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int PIECES_PER_SECOND = 10;
    private static final long MIX = 0x9E3779B97F4A7C15L; // apart enough that neighbours draw differently

    private final TcpFaults faults;
    private final Random random; // its algorithm is specified, so a seed means the same on every JDK
    private final @Nullable Cut cut;
    private final long cutAfter;

    /** Of the connection with this number, the direction with number 0 or 1. */
    TcpFaultPlan(TcpFaults faults, long connection, int direction) {
        this.faults = faults;
        this.random = new Random(faults.seed() + MIX * (1 + 2 * connection + direction));
        Random both = new Random(faults.seed() - MIX * (1 + connection));
        boolean here = both.nextBoolean() == (direction == 0);
        List<Cut> ways = List.copyOf(new TreeSet<>(faults.cuts()));
        this.cut = here && !ways.isEmpty() ? ways.get(both.nextInt(ways.size())) : null;
        this.cutAfter = 1 + (long) (both.nextDouble() * faults.cutWithin());
    }

    /** Of this many bytes, how many are passed on next; {@code passed} were before. */
    int piece(int available, long passed) {
        int atOnce = isLimited() ? Math.max(1, faults.bytesPerSecond() / PIECES_PER_SECOND) : available;
        int largest = Math.min(Math.min(available, atOnce), faults.largestPiece());
        int drawn = faults.largestPiece() == Integer.MAX_VALUE ? largest : 1 + random.nextInt(largest);
        return cut == null ? drawn : (int) Math.min(drawn, Math.max(1, cutAfter - passed));
    }

    /** How the connection is cut now that so many bytes have passed; null if it is not. */
    @Nullable
    Cut cutAfter(long passed) {
        return passed == cutAfter ? cut : null;
    }

    /** How long the direction pauses after a piece of so many bytes; zero if it does not. */
    Duration pauseAfter(int size) {
        Duration drawn = random.nextDouble() < faults.pauses()
                ? Duration.ofNanos(
                        (long) (random.nextDouble() * faults.longestPause().toNanos()))
                : Duration.ZERO;
        return isLimited() ? drawn.plus(SECOND.multipliedBy(size).dividedBy(faults.bytesPerSecond())) : drawn;
    }

    private boolean isLimited() {
        return faults.bytesPerSecond() < Integer.MAX_VALUE;
    }
}
