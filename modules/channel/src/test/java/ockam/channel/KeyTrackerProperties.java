// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.properties;
import static ockam.channel.ReplayWindowProperties.places;
import static ockam.channel.ReplayWindowProperties.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import java.math.BigInteger;
import java.util.Objects;
import ockam.vault.AeadKey;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;

/** The choice of a key against the table of secure channel, section 5.4, in numbers without end. */
class KeyTrackerProperties {
    private static final BigInteger I = BigInteger.valueOf(32);
    private static final BigInteger END = BigInteger.ONE.shiftLeft(64);

    /** Which key a nonce gets. */
    private enum Choice {
        PREVIOUS,
        CURRENT,
        NEXT,
        NONE
    }

    private static Choice choice(BigInteger start, BigInteger nonce, boolean hasPrevious) {
        if (start.add(I).compareTo(END) >= 0 || nonce.equals(END.subtract(BigInteger.ONE))) {
            return Choice.NONE;
        }
        if (nonce.compareTo(start) < 0) {
            return start.subtract(nonce).compareTo(I) <= 0 && hasPrevious ? Choice.PREVIOUS : Choice.NONE;
        }
        BigInteger ahead = nonce.subtract(start);
        return ahead.compareTo(I) < 0 ? Choice.CURRENT : ahead.compareTo(I.add(I)) < 0 ? Choice.NEXT : Choice.NONE;
    }

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);

    private AeadKey key(byte[] bytes) {
        return vault.aeadKey(vault.secretOf(bytes));
    }

    /** Makes a tracker in the interval of the place, with a previous key or without, and asks it for the key of a nonce. */
    private void assertChoice(long place, boolean hasPrevious, long nonce) {
        long interval = Frames.interval(place);
        boolean moved = hasPrevious && interval > 0;
        byte[] first = WorkedExample.K1;
        byte[] second = PlainFrames.rekey(first);
        KeyTracker tracker = new KeyTracker(key(first), moved ? interval - 1 : interval);
        if (moved) {
            tracker.keep(Objects.requireNonNull(tracker.candidate(interval << 5)));
        }
        byte[] current = moved ? second : first;

        Choice expected = choice(unsigned(interval << 5), unsigned(nonce), moved);
        KeyTracker.Candidate candidate = tracker.candidate(nonce);
        assertThat(candidate == null)
                .as("%s in interval %s", Long.toUnsignedString(nonce), interval)
                .isEqualTo(expected == Choice.NONE);
        if (candidate != null) {
            assertThat(candidate.isDerived()).isEqualTo(expected == Choice.NEXT);
            RecordedHandshakesTest.assertKey(
                    candidate.key(),
                    switch (expected) {
                        case PREVIOUS -> first;
                        case CURRENT -> current;
                        case NEXT, NONE -> PlainFrames.rekey(current);
                    });
            tracker.discard(candidate);
        }
        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(moved ? 2 : 1);
        tracker.erase();
        assertThat(vault.keyCounts().aeadKeys()).isZero();
    }

    @Test
    void agreesWithTheTableNearby() {
        properties(2_000)
                .forAll(places(), integers().between(0, 1), integers().between(-100, 100))
                .checkAssert((place, previous, distance) -> assertChoice(place, previous == 1, place + distance));
    }

    @Test
    void agreesWithTheTableAnywhere() {
        properties(1_000)
                .forAll(longs().all(), integers().between(0, 1), longs().all())
                .checkAssert((place, previous, nonce) -> assertChoice(place, previous == 1, nonce));
    }
}
