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
import java.util.Random;
import java.util.Set;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** The opener against secure channel, section 5.4 in other words: numbers without end, sets, and no keys at all. */
class FrameOpenerProperties {
    private static final byte[] KEY = WorkedExample.K2;
    private static final BigInteger I = BigInteger.valueOf(32);
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

        Model(BigInteger start) {
            n = start;
            s = start.divide(I).multiply(I);
        }

        boolean opens(BigInteger x, boolean authentic) {
            if (!passesReplayCheck(x) || !hasKey(x) || !authentic) {
                return false;
            }
            marked.add(x);
            n = n.max(x);
            if (x.compareTo(s.add(I)) >= 0) {
                s = s.add(I);
                p = true;
            }
            return true;
        }

        private boolean passesReplayCheck(BigInteger x) {
            return x.compareTo(n) > 0
                    ? x.subtract(n).compareTo(I) <= 0
                    : n.subtract(x).compareTo(I) <= 0 && !marked.contains(x);
        }

        private boolean hasKey(BigInteger x) {
            boolean over = s.add(I).compareTo(END) >= 0; // the next interval would begin beyond the last nonce
            boolean reserved = x.equals(END.subtract(BigInteger.ONE));
            if (over || reserved || x.compareTo(s.add(I).add(I)) >= 0) {
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
     */
    private record Arrival(int distance, Kind kind) {}

    /** Two of three are authentic; most nonces are near the window's edges and the interval's. */
    private static Gen<Arrival> arrivals() {
        Gen<Integer> near = integers().between(-70, 70);
        Gen<Integer> ahead = integers().between(1, 33);
        Gen<Kind> kinds = arbitrary().enumValues(Kind.class);
        return near.zip(ahead, integers().between(0, 3), (a, b, which) -> which == 0 ? a : which == 1 ? b % 4 : b)
                .zip(
                        kinds,
                        integers().between(0, 2),
                        (distance, kind, which) -> new Arrival(distance, which == 0 ? kind : Kind.AUTHENTIC));
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
                .forAll(places(), lists().of(arrivals()).ofSizeBetween(1, 80))
                .checkAssert((start, arrivals) -> {
                    PlainFrames plain = new PlainFrames(KEY, start);
                    ReplayWindow window = new ReplayWindow();
                    Model model = new Model(unsigned(start));
                    if (start != 0) { // one that has opened the frame with this nonce
                        window.mark(start);
                        model.marked.add(unsigned(start));
                    }
                    FrameOpener opener = new FrameOpener(
                            window, new KeyTracker(vault.aeadKey(vault.secretOf(KEY)), Frames.interval(start)));
                    for (Arrival arrival : arrivals) {
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
        FrameOpener opener = new FrameOpener(vault.aeadKey(vault.secretOf(KEY)));
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
                    FrameOpener opener = new FrameOpener(window, tracker);
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
