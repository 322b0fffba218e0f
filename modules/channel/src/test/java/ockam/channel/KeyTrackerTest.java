// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import ockam.fixtures.ForwardingAeadKey;
import ockam.vault.AeadKey;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;

/** Which key for which nonce, and what becomes of the others (secure channel, section 9, item 36). */
class KeyTrackerTest {
    private static final long LAST_INTERVAL = -1L >>> 5;

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final PlainFrames plain = new PlainFrames(WorkedExample.K1);

    private AeadKey key(byte[] bytes) {
        return vault.aeadKey(vault.secretOf(bytes));
    }

    private KeyTracker tracker() {
        return new KeyTracker(key(plain.key(0)));
    }

    /** A tracker in the interval with this number, with the keys of the intervals before it. */
    private KeyTracker trackerAt(int interval) {
        KeyTracker tracker = tracker();
        for (int i = 1; i <= interval; i++) {
            tracker.keep(candidate(tracker, 32L * i));
        }
        return tracker;
    }

    private static KeyTracker.Candidate candidate(KeyTracker tracker, long nonce) {
        return Objects.requireNonNull(tracker.candidate(nonce), () -> "no key for " + nonce);
    }

    private void assertKey(KeyTracker tracker, long nonce, boolean isNext) {
        KeyTracker.Candidate candidate = candidate(tracker, nonce);
        RecordedHandshakesTest.assertKey(candidate.key(), plain.key(nonce));
        assertThat(candidate.isDerived()).isEqualTo(isNext);
        tracker.discard(candidate);
    }

    private void assertLiveKeys(int count) {
        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(count);
    }

    @Test
    void currentKeyServesThirtyTwoNonces() {
        assertKey(tracker(), 0, false);
        assertKey(tracker(), 31, false);
        assertKey(trackerAt(3), 96, false);
        assertKey(trackerAt(3), 127, false);
    }

    @Test
    void nextKeyIsDerivedForTheNextThirtyTwoNonces() {
        assertKey(tracker(), 32, true);
        assertKey(tracker(), 63, true);
        assertKey(trackerAt(3), 128, true);
        assertKey(trackerAt(3), 159, true);
    }

    @Test
    void previousKeyServesTheThirtyTwoNoncesBefore() {
        assertKey(trackerAt(1), 0, false);
        assertKey(trackerAt(3), 64, false);
        assertKey(trackerAt(3), 95, false);
    }

    @Test
    void thereIsNoKeyForNoncesTooFarAhead() {
        assertThat(tracker().candidate(64)).isNull();
        assertThat(tracker().candidate(-2)).isNull();
        assertThat(trackerAt(3).candidate(160)).isNull();
        assertThat(trackerAt(3).candidate(Long.MIN_VALUE)).isNull();
    }

    @Test
    void thereIsNoKeyForNoncesTooOld() {
        assertThat(trackerAt(3).candidate(63)).isNull();
        assertThat(trackerAt(3).candidate(0)).isNull();
    }

    @Test
    void thereIsNoPreviousKeyBeforeTheFirstChange() {
        KeyTracker inTheMiddle = new KeyTracker(key(plain.key(0)), 5);
        assertThat(inTheMiddle.candidate(5 * 32 - 1)).isNull();
        assertThat(inTheMiddle.candidate(4 * 32)).isNull();
    }

    @Test
    void nextKeyReplacesCurrentAndThatReplacesPrevious() {
        KeyTracker tracker = tracker();
        assertLiveKeys(1);
        AeadKey first = candidate(tracker, 0).key();

        AeadKey second = candidate(tracker, 32).key();
        assertLiveKeys(2);
        tracker.keep(candidate(tracker, 32));
        second.erase(); // the other one of the two
        assertLiveKeys(2);
        assertThat(first.isErased()).as("is the previous one").isFalse();

        tracker.keep(candidate(tracker, 64));
        assertLiveKeys(2);
        assertThat(first.isErased()).as("is older than the previous one").isTrue();
    }

    @Test
    void keepingCurrentOrPreviousKeyChangesNothing() {
        KeyTracker tracker = trackerAt(2);
        tracker.keep(candidate(tracker, 70));
        tracker.keep(candidate(tracker, 40));

        assertLiveKeys(2);
        assertKey(tracker, 64, false);
        assertKey(tracker, 63, false);
        assertKey(tracker, 96, true);
    }

    @Test
    void discardedNextKeyIsErasedAndTheOthersAreNot() {
        KeyTracker tracker = trackerAt(2);
        tracker.discard(candidate(tracker, 64));
        tracker.discard(candidate(tracker, 63));
        KeyTracker.Candidate next = candidate(tracker, 96);
        assertLiveKeys(3);

        tracker.discard(next);

        assertLiveKeys(2);
        assertThat(next.key().isErased()).isTrue();
        assertKey(tracker, 64, false);
        assertKey(tracker, 63, false);
        assertKey(tracker, 96, true);
    }

    // ---- keys far ahead ----

    @Test
    void stepsAreCountedToNoncesAhead() {
        assertThat(tracker().stepsTo(31)).isZero();
        assertThat(tracker().stepsTo(32)).isEqualTo(1);
        assertThat(trackerAt(3).stepsTo(32 * 1027)).isEqualTo(1024);
        assertThat(trackerAt(3).stepsTo(32 * 1027 + 31)).isEqualTo(1024);
        assertThat(trackerAt(3).stepsTo(32 * 1028)).as("too many").isZero();
        assertThat(trackerAt(3).stepsTo(95)).as("behind").isZero();
        assertThat(tracker().stepsTo(Long.MIN_VALUE)).as("too many").isZero();
        assertThat(new KeyTracker(key(plain.key(0)), LAST_INTERVAL - 5).stepsTo(-1))
                .as("reserved")
                .isZero();
        assertThat(new KeyTracker(key(plain.key(0)), LAST_INTERVAL).stepsTo(-2))
                .as("at the end")
                .isZero();
    }

    @Test
    void keysFarAheadAreTheOnesThatTheSenderHasThere() {
        for (int steps : new int[] {1, 2, 3, 40, 1024}) {
            KeyTracker tracker = trackerAt(2);
            KeyTracker.Candidate ahead = tracker.derive(steps);
            RecordedHandshakesTest.assertKey(ahead.key(), plain.key(32L * (2 + steps)));

            tracker.keep(ahead);

            assertLiveKeys(2);
            assertKey(tracker, 32L * (2 + steps), false);
            assertKey(tracker, 32L * (2 + steps) - 1, false); // of the interval just before
            assertKey(tracker, 32L * (3 + steps), true);
            assertThat(tracker.candidate(32L * (1 + steps) - 1)).as("too old").isNull();
            tracker.erase();
            assertLiveKeys(0);
        }
    }

    @Test
    void discardedKeysFarAheadLeaveTheOthers() {
        KeyTracker tracker = trackerAt(2);
        tracker.discard(tracker.derive(700));

        assertLiveKeys(2);
        assertKey(tracker, 64, false);
        assertKey(tracker, 63, false);
        assertKey(tracker, 96, true);
    }

    @Test
    void keysOnTheWayAreErased() {
        KeyTracker tracker = trackerAt(2);
        tracker.derive(700);

        assertLiveKeys(4); // previous, current, and the last two
    }

    @Test
    void keysOnTheWayAreErasedIfNoMoreCanBeDerived() {
        for (int last = 0; last < 5; last++) {
            KeyTracker tracker = new KeyTracker(new Dwindling(key(plain.key(0)), last));

            assertThatThrownBy(() -> tracker.derive(5))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no more keys");
            assertLiveKeys(1);
            assertKey(tracker, 0, false);
            tracker.erase();
        }
    }

    /** A key from which only so many more can be derived. */
    private static final class Dwindling extends ForwardingAeadKey {
        private final int more;

        Dwindling(AeadKey key, int more) {
            super(key);
            this.more = more;
        }

        @Override
        public AeadKey rekey() {
            if (more == 0) {
                throw new IllegalStateException("no more keys");
            }
            return super.rekey();
        }

        @Override
        protected AeadKey inFrontOf(AeadKey next) {
            return new Dwindling(next, more - 1);
        }
    }

    @Test
    void everythingIsRefusedAtTheEndOfTheNonces() {
        KeyTracker tracker = new KeyTracker(key(plain.key(0)), LAST_INTERVAL - 1);
        assertThat(tracker.candidate(-1)).as("reserved").isNull();
        assertThat(tracker.candidate(-64)).as("current").isNotNull();
        tracker.keep(candidate(tracker, -32));

        for (long nonce = -96; nonce != 0; nonce++) {
            assertThat(tracker.candidate(nonce)).as("%s", nonce).isNull();
        }
        assertThat(tracker.candidate(0)).as("not around the end").isNull();
        tracker.erase();
        assertLiveKeys(0);
    }

    @Test
    void eraseErasesAll() {
        trackerAt(4).erase();
        tracker().erase();
        assertLiveKeys(0);
    }
}
