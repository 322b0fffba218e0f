// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.properties;
import static ockam.channel.ReplayWindowProperties.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** The opener against secure channel, section 5.4 in other words: numbers without end, sets, and no keys at all. */
class FrameOpenerProperties {
    private static final byte[] KEY = WorkedExample.K2;
    private static final BigInteger I = BigInteger.valueOf(32);
    private static final BigInteger REACH = BigInteger.valueOf(32_768);
    private static final BigInteger END = BigInteger.ONE.shiftLeft(64);

    /**
     * What 5.4 says: {@code n} is the highest accepted nonce, {@code s} the start of the interval of the current key; {@code p} tells
     * whether there is a previous key.
     */
    private static final class Model {
        private final Set<BigInteger> marked = new HashSet<>();
        private BigInteger n;
        private BigInteger s;
        private boolean p;
        private int aheadInARow;
        private long millisSinceAccepted;

        Model(BigInteger start) {
            n = start;
            s = start.divide(I).multiply(I);
        }

        boolean opens(BigInteger x, boolean authentic) {
            boolean opens = isFarAhead(x) ? isCaughtUpWith(x) : passesReplayCheck(x) && hasKey(x);
            if (!opens || !authentic) {
                return false;
            }
            marked.add(x);
            n = n.max(x);
            if (x.compareTo(s.add(I)) >= 0) {
                s = x.divide(I).multiply(I);
                p = true;
            }
            aheadInARow = 0;
            millisSinceAccepted = 0;
            return true;
        }

        private boolean isFarAhead(BigInteger x) {
            return x.subtract(n).compareTo(I) > 0;
        }

        private boolean isCaughtUpWith(BigInteger x) {
            aheadInARow++;
            return (aheadInARow >= 33 || millisSinceAccepted >= 100)
                    && x.subtract(n).compareTo(REACH) <= 0
                    && !isAtTheEnd(x);
        }

        private boolean isAtTheEnd(BigInteger x) {
            return s.add(I).compareTo(END) >= 0 || x.equals(END.subtract(BigInteger.ONE));
        }

        private boolean passesReplayCheck(BigInteger x) {
            return x.compareTo(n) > 0
                    ? x.subtract(n).compareTo(I) <= 0
                    : n.subtract(x).compareTo(I) <= 0 && !marked.contains(x);
        }

        private boolean hasKey(BigInteger x) {
            // the next interval would begin beyond the last nonce
            if (isAtTheEnd(x) || x.compareTo(s.add(I).add(I)) >= 0) {
                return false;
            }
            return x.compareTo(s) >= 0 || (s.subtract(x).compareTo(I) <= 0 && p);
        }

        int keys() {
            return p ? 2 : 1;
        }
    }

    /** What may arrive. */
    private enum Kind {
        AUTHENTIC,
        /** Authentic, and sent twice. */
        REPLAYED,
        FLIPPED,
        OTHER_NONCE,
        KEY_BEFORE,
        KEY_AFTER,
        NOISE
    }

    /**
     * A frame that arrives.
     *
     * @param distance of its nonce from the highest one accepted so far
     * @param kind what it is
     * @param pause milliseconds since the one before
     */
    private record Arrival(int distance, Kind kind, int pause) {}

    /** Two of three are authentic; most nonces are near the window's edges and the interval's. */
    private static Gen<Arrival> arrivals() {
        Gen<Integer> near = integers().between(-70, 70);
        Gen<Integer> ahead = integers().between(1, 33);
        Gen<Integer> far = integers().between(33, 400);
        Gen<Integer> pauses = arbitrary().pick(0, 0, 0, 0, 0, 0, 40, 99, 100);
        Gen<Kind> kinds = arbitrary().enumValues(Kind.class);
        return near.zip(ahead, integers().between(0, 3), (a, b, which) -> which == 0 ? a : which == 1 ? b % 4 : b)
                .zip(far, integers().between(0, 7), (a, b, which) -> which == 0 ? b : a)
                .zip(
                        kinds.zip(integers().between(0, 2), (kind, which) -> which == 0 ? kind : Kind.AUTHENTIC),
                        pauses,
                        Arrival::new);
    }

    /** Arrivals that are mostly far ahead. */
    private static Gen<Arrival> farArrivals() {
        Gen<Integer> distances = integers().between(33, 70).zip(integers().between(0, 60), (a, b) -> b == 0 ? 1 : a);
        Gen<Kind> kinds = arbitrary()
                .enumValues(Kind.class)
                .zip(integers().between(0, 9), (kind, which) -> which == 0 ? kind : Kind.AUTHENTIC);
        return distances.zip(kinds, (distance, kind) -> new Arrival(distance, kind, 0));
    }

    private static Gen<Long> places() {
        return arbitrary().pick(0L, 17L, 1L << 40, Long.MAX_VALUE - 40, Long.MIN_VALUE + 1, -300L, -100L, -65L, -40L);
    }

    private static final byte[] PLAINTEXT = {1, 2, 3};

    private static byte[] frame(PlainFrames plain, long nonce, Kind kind) {
        byte[] right = PlainFrames.frame(keyOrOther(plain, nonce), nonce, PLAINTEXT);
        return switch (kind) {
            case AUTHENTIC, REPLAYED -> right;
            case FLIPPED -> ChannelTests.flipped(right, 8 + Math.floorMod(nonce, right.length - 8));
            case OTHER_NONCE ->
                ByteBuffer.wrap(PlainFrames.frame(keyOrOther(plain, nonce), nonce ^ 1, PLAINTEXT))
                        .putLong(nonce)
                        .array();
            case KEY_BEFORE -> PlainFrames.frame(keyOrOther(plain, nonce - 32), nonce, PLAINTEXT);
            case KEY_AFTER -> PlainFrames.frame(keyOrOther(plain, nonce + 32), nonce, PLAINTEXT);
            case NOISE ->
                ByteBuffer.wrap(ChannelTests.random(ChannelTests.random(), right.length))
                        .putLong(nonce)
                        .array();
        };
    }

    /** Far away from all that was, any key will do. */
    private static byte[] keyOrOther(PlainFrames plain, long nonce) {
        return plain.isNear(nonce) ? plain.key(nonce) : WorkedExample.K1;
    }

    @Test
    void agreesWithTheModelWhateverComesIn() {
        SoftwareVault vault = SoftwareVault.create(Runnable::run);
        properties(600)
                .forAll(
                        places(),
                        lists().of(arrivals()).ofSizeBetween(1, 80),
                        lists().of(farArrivals()).ofSizeBetween(0, 80))
                .checkAssert((start, first, then) -> {
                    List<Arrival> arrivals =
                            Stream.concat(first.stream(), then.stream()).toList();
                    AtomicLong now = new AtomicLong();
                    RateLimit unlimited = new RateLimit(Integer.MAX_VALUE, now::get);
                    PlainFrames plain = new PlainFrames(KEY, start);
                    ReplayWindow window = new ReplayWindow();
                    Model model = new Model(unsigned(start));
                    if (start != 0) { // one that has opened the frame with this nonce
                        window.mark(start);
                        model.marked.add(unsigned(start));
                    }
                    FrameOpener opener = new FrameOpener(
                            window,
                            new KeyTracker(vault.aeadKey(vault.secretOf(KEY)), Frames.interval(start)),
                            new CatchUp(unlimited, unlimited, now::get));
                    for (Arrival arrival : arrivals) {
                        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(arrival.pause()));
                        model.millisSinceAccepted += arrival.pause();
                        long nonce = model.n.longValue() + arrival.distance(); // may wrap around the end
                        byte[] frame = frame(plain, nonce, arrival.kind());
                        boolean authentic = arrival.kind() == Kind.AUTHENTIC || arrival.kind() == Kind.REPLAYED;
                        for (int i = 0; i < (arrival.kind() == Kind.REPLAYED ? 2 : 1); i++) {
                            boolean opens = model.opens(unsigned(nonce), authentic);
                            assertThat(opener.open(frame))
                                    .as("%s %s", arrival.kind(), Long.toUnsignedString(nonce))
                                    .isEqualTo(opens ? PLAINTEXT : null);
                            assertThat(vault.keyCounts().aeadKeys()).isEqualTo(model.keys());
                        }
                    }
                    opener.erase();
                    assertThat(vault.keyCounts().aeadKeys()).isZero();
                });
    }

    @Test
    void randomBytesAreRefusedAndChangeNothing() {
        SoftwareVault vault = SoftwareVault.create(Runnable::run);
        FrameOpener opener = new FrameOpener(vault.aeadKey(vault.secretOf(KEY)), ChannelTests.noCatchUp());
        PlainFrames plain = new PlainFrames(KEY);
        assertThat(opener.open(plain.frame(0, PLAINTEXT))).isEqualTo(PLAINTEXT);
        properties(2_000)
                .forAll(integers().between(0, 80), longs().all(), longs().between(0, 70))
                .checkAssert((length, seed, nonce) -> {
                    byte[] frame = ChannelTests.random(new Random(seed), length);
                    assertThat(opener.open(frame)).isNull();
                    if (length >= 8) {
                        ByteBuffer.wrap(frame).putLong(nonce);
                        assertThat(opener.open(frame)).isNull();
                    }
                    assertThat(vault.keyCounts().aeadKeys()).isEqualTo(1);
                });
        assertThat(opener.open(plain.frame(1, PLAINTEXT))).isEqualTo(PLAINTEXT);
    }

    @Test
    void keyTrackerNeverRefusesWhatPassedTheReplayCheck() { // secure channel, section 5.4, except at the end
        SoftwareVault vault = SoftwareVault.create(Runnable::run);
        properties(300)
                .forAll(lists().of(integers().between(-32, 32)).ofSizeBetween(1, 100))
                .checkAssert(steps -> {
                    PlainFrames plain = new PlainFrames(KEY);
                    ReplayWindow window = new ReplayWindow();
                    KeyTracker tracker = new KeyTracker(vault.aeadKey(vault.secretOf(KEY)));
                    FrameOpener opener = new FrameOpener(window, tracker, ChannelTests.noCatchUp());
                    long highest = 0;
                    for (int step : steps) {
                        long nonce = highest + step;
                        if (nonce >= 0 && window.accepts(nonce)) {
                            assertThat(opener.open(plain.frame(nonce, PLAINTEXT)))
                                    .as("nonce %s", nonce)
                                    .isNotNull();
                            highest = Math.max(highest, nonce);
                        }
                    }
                    opener.erase();
                });
    }
}
