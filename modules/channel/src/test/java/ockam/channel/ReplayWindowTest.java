// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    private void accepts(long... nonces) {
        for (long nonce : nonces) {
            assertThat(window.accepts(nonce)).as("%s", nonce).isTrue();
            window.mark(nonce);
        }
    }

    private void rejects(long... nonces) {
        for (long nonce : nonces) {
            assertThat(window.accepts(nonce)).as("%s", nonce).isFalse();
        }
    }

    @Test
    void followsTheTableOfTheSpecification() { // secure channel, section 9, item 35; secure channel, section 8.9
        accepts(0);
        accepts(1);
        rejects(0); // replay
        rejects(34); // 33 ahead of 1
        accepts(33);
        rejects(1); // seen, exactly 32 back
        accepts(34, 35);
        rejects(33, 34);
        accepts(64);
        rejects(31); // 33 back
        accepts(96, 128);
        for (long nonce = 97; nonce <= 127; nonce++) {
            accepts(nonce);
            rejects(nonce);
        }
        for (long nonce = 129; nonce <= 160; nonce++) {
            accepts(nonce);
        }
    }

    @Test
    void firstNonceMayBeUpToThirtyTwo() {
        for (long nonce = 0; nonce <= 32; nonce++) {
            assertThat(new ReplayWindow().accepts(nonce)).isTrue();
        }
        rejects(33, Long.MAX_VALUE, Long.MIN_VALUE, -1);
    }

    @Test
    void zeroIsAcceptedAfterALaterNonce() {
        accepts(32, 0);
        rejects(32, 0);
    }

    @Test
    void askingChangesNothing() {
        for (int i = 0; i < 3; i++) {
            assertThat(window.accepts(20)).isTrue();
        }
        accepts(20);
        rejects(20);
    }

    @Test
    void bothEdgesBelongToTheWindow() {
        accepts(32, 64);
        rejects(31, 97, 32);
        accepts(33, 96);
    }

    // ---- far ahead ----

    @Test
    void aheadIsWhatIsBeyondTheWindow() {
        accepts(5);
        for (long nonce : new long[] {0, 4, 5, 6, 37}) {
            assertThat(window.isAhead(nonce)).as("%s", nonce).isFalse();
        }
        for (long nonce : new long[] {38, 1000, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            assertThat(window.isAhead(nonce)).as("%s", nonce).isTrue();
        }
        assertThat(window.isWithinReach(5 + 32_768)).isTrue();
        assertThat(window.isWithinReach(5 + 32_769)).isFalse();
        assertThat(window.isWithinReach(-1)).isFalse();
    }

    @Test
    void nothingBeforeAJumpIsSeen() {
        for (long ahead : new long[] {32, 33, 63, 64, 65, 96, 128, 32_768}) {
            ReplayWindow jumped = new ReplayWindow();
            jumped.mark(0);
            jumped.mark(ahead);
            assertThat(jumped.accepts(ahead)).as("replay after %s", ahead).isFalse();
            for (long back = 1; back <= 32; back++) {
                assertThat(jumped.accepts(ahead - back))
                        .as("%s back after %s", back, ahead)
                        .isEqualTo(ahead != back);
            }
        }
    }
}
