// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import ockam.fixtures.ForwardingAeadKey;
import ockam.vault.AeadKey;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;

/** What happens after more frames were lost than the window has room for (secure channel, section 5.4). */
class CatchUpTest {
    private static final byte[] PLAINTEXT = {1, 2, 3};
    private static final int WINDOW = 32;
    private static final long FARTHEST = 32_768;

    private final AtomicLong now = new AtomicLong();
    private final RateLimit keys = new RateLimit(CatchUp.KEYS_PER_SECOND, now::get);
    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final PlainFrames plain = new PlainFrames(WorkedExample.K1);
    private final FrameOpener opener = opener();

    private FrameOpener opener() {
        AeadKey key = vault.aeadKey(vault.secretOf(WorkedExample.K1));
        return new FrameOpener(key, new CatchUp(keys, now::get));
    }

    private void passMillis(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private boolean opens(FrameOpener opener, long nonce) {
        byte[] plaintext = opener.open(plain.frame(nonce, PLAINTEXT));
        assertThat(plaintext == null || Arrays.equals(plaintext, PLAINTEXT)).isTrue();
        return plaintext != null;
    }

    private void assertOpens(long nonce) {
        assertThat(opens(opener, nonce)).as("%s", nonce).isTrue();
    }

    private void assertRefused(long nonce) {
        assertThat(opens(opener, nonce)).as("%s", nonce).isFalse();
    }

    private static byte[] forged(long nonce) {
        return PlainFrames.frame(WorkedExample.K2, nonce, PLAINTEXT);
    }

    // ---- what is cured ----

    /** Loses so many frames, then sends without a pause. Returns how many more are refused before one is accepted. */
    private int refusedAfterLossOf(int lost, int atMost) {
        assertOpens(0);
        for (int refused = 0; refused <= atMost; refused++) {
            if (opens(opener, 1L + lost + refused)) {
                return refused;
            }
        }
        return -1;
    }

    @Test
    void thirtyOneLostFramesAreNothing() {
        assertThat(refusedAfterLossOf(31, 0)).isZero();
    }

    @Test
    void thirtyTwoLostFramesAreCuredByTheThirtyThirdAfterThem() {
        assertThat(refusedAfterLossOf(32, 100)).isEqualTo(32);
        assertOpens(1 + 32 + 33);
    }

    @Test
    void aThousandLostFramesAreCuredByTheThirtyThirdAfterThem() {
        assertThat(refusedAfterLossOf(1_000, 100)).isEqualTo(32);
        assertOpens(1 + 1_000 + 33);
    }

    @Test
    void theFirstThirtyThreeLostAreCured() {
        for (long nonce = 33; nonce < 65; nonce++) {
            assertRefused(nonce);
        }
        assertOpens(65);
    }

    @Test
    void afterAPauseTheFirstFrameIsTried() {
        assertOpens(0);
        passMillis(99);
        assertRefused(40);
        passMillis(1);
        assertOpens(41);
        assertOpens(42);
    }

    @Test
    void theFarthestFrameIsCaughtUpWithAfterAPause() {
        assertOpens(0);
        passMillis(100);
        assertOpens(FARTHEST); // 32,767 lost
        assertOpens(FARTHEST + 1);
    }

    @Test
    void oneFartherIsNot() {
        assertOpens(0);
        passMillis(100);
        for (long nonce = FARTHEST + 1; nonce < FARTHEST + 100; nonce++) { // 32,768 lost
            assertRefused(nonce);
            passMillis(100);
        }
        assertOpens(1);
    }

    @Test
    void lostFramesOfBothIntervalsAroundTheJumpMayStillArrive() {
        assertOpens(0);
        passMillis(100);
        assertOpens(1_000);
        assertOpens(999);
        assertOpens(1_000 - WINDOW);
        assertRefused(1_000 - WINDOW - 1);
        assertRefused(999);
        assertRefused(1_000);
        assertOpens(1_000 + WINDOW);
    }

    @Test
    void itHappensAgain() {
        long nonce = 0;
        for (int i = 0; i < 20; i++) {
            assertOpens(nonce);
            nonce += 500;
            passMillis(200);
        }
        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(2);
    }

    // ---- what must not move it ----

    @Test
    void oneFrameThatOvertakesAThousandIsLostAlone() {
        assertOpens(0);
        assertRefused(1_000);
        for (long nonce = 1; nonce < 1_000; nonce++) {
            assertOpens(nonce);
        }
    }

    @Test
    void thirtyTwoFramesThatOvertakeAThousandAreLostAlone() {
        assertOpens(0);
        for (long nonce = 1_000; nonce < 1_032; nonce++) {
            assertRefused(nonce);
        }
        for (long nonce = 1; nonce < 1_000; nonce++) {
            assertOpens(nonce);
        }
    }

    @Test
    void acceptedFramesBeginTheRowAnew() {
        assertOpens(0);
        for (int i = 1; i < 200; i++) {
            assertRefused(5_000 + i);
            if (i % 32 == 0) {
                assertOpens(i / 32);
            }
        }
    }

    @Test
    void replaysAndFramesBehindAreNoneOfTheRow() {
        assertOpens(0);
        for (int i = 0; i < 100; i++) {
            assertRefused(0);
        }
        assertRefused(1_000);
        assertOpens(1);
    }

    @Test
    void forgedFramesMoveNothing() {
        assertOpens(0);
        for (int i = 0; i < 10_000; i++) {
            passMillis(1);
            assertThat(opener.open(forged(33 + (i * 7L) % FARTHEST))).isNull();
        }
        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(1);
        for (long nonce = 1; nonce < 100; nonce++) {
            assertOpens(nonce);
        }
        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(2);
    }

    // ---- what it may cost ----

    /** Counts how often a key or one of its successors is replaced by the next one. */
    private static final class CountedKey extends ForwardingAeadKey {
        private final AtomicLong derived;

        CountedKey(AeadKey key, AtomicLong derived) {
            super(key);
            this.derived = derived;
        }

        @Override
        protected AeadKey inFrontOf(AeadKey next) {
            derived.incrementAndGet();
            return new CountedKey(next, derived);
        }
    }

    private FrameOpener counted(AtomicLong derived) {
        AeadKey key = vault.aeadKey(vault.secretOf(WorkedExample.K1));
        return new FrameOpener(new CountedKey(key, derived), new CatchUp(keys, now::get));
    }

    /** A vault may fail at any time. */
    private static final class FailingKey extends ForwardingAeadKey {
        FailingKey(AeadKey key) {
            super(key);
        }

        @Override
        public boolean open(long nonce, byte[] aad, byte[] in, int offset, int length, byte[] out, int outputOffset) {
            throw new IllegalStateException("no vault");
        }

        @Override
        protected AeadKey inFrontOf(AeadKey next) {
            return new FailingKey(next);
        }
    }

    @Test
    void keysDerivedForAFrameThatCannotBeOpenedAreErased() {
        FrameOpener failing = new FrameOpener(
                new FailingKey(vault.aeadKey(vault.secretOf(WorkedExample.K1))), new CatchUp(keys, now::get));
        int before = vault.keyCounts().aeadKeys();
        passMillis(100);
        for (long nonce : new long[] {0, 32, 1_000}) {
            assertThatThrownBy(() -> failing.open(forged(nonce))).hasMessage("no vault");
            assertThat(vault.keyCounts().aeadKeys()).as("%s", nonce).isEqualTo(before);
        }
    }

    @Test
    void oneChannelTriesEightFramesPerSecond() {
        AtomicLong derived = new AtomicLong();
        FrameOpener attacked = counted(derived);
        passMillis(100);
        for (int i = 0; i < 10_000; i++) { // 100 microseconds each
            now.addAndGet(100_000);
            assertThat(attacked.open(forged(FARTHEST))).isNull();
        }
        assertThat(derived.get()).isEqualTo((8 + 8) * 1024); // 8 at once, and those of one second
    }

    @Test
    void allChannelsTogetherDeriveSoManyKeysPerSecond() {
        AtomicLong derived = new AtomicLong();
        List<FrameOpener> attacked =
                IntStream.range(0, 100).mapToObj(i -> counted(derived)).toList();
        passMillis(100);
        for (int i = 0; i < 1_000; i++) {
            passMillis(1);
            attacked.forEach(one -> assertThat(one.open(forged(FARTHEST))).isNull());
        }
        // those that are there at once, and those of one second, if each channel tries whenever some are left
        assertThat(derived.get()).isBetween(CatchUp.KEYS_PER_SECOND + 1L, 2L * CatchUp.KEYS_PER_SECOND);
        assertThat(vault.keyCounts().aeadKeys()).isEqualTo(101);
    }

    @Test
    void framesBeyondReachCostNothing() {
        AtomicLong derived = new AtomicLong();
        FrameOpener attacked = counted(derived);
        passMillis(100);
        for (long nonce : new long[] {FARTHEST + 1, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1}) {
            assertThat(attacked.open(forged(nonce))).isNull();
        }
        assertThat(derived.get()).isZero();
        for (int i = 0; i < CatchUp.TRIES_PER_SECOND; i++) {
            assertThat(attacked.open(forged(64))).isNull();
        }
        assertThat(derived.get()).isEqualTo(2L * CatchUp.TRIES_PER_SECOND); // they were all left
    }

    @Test
    void aForgerCanDelayTheCureButNotPreventItForEver() {
        assertOpens(0);
        passMillis(100);
        for (int i = 0; i < CatchUp.TRIES_PER_SECOND; i++) {
            assertThat(opener.open(forged(5_000))).isNull();
        }
        assertRefused(1_000);
        passMillis(125); // one eighth of a second
        assertOpens(1_001);
    }
}
