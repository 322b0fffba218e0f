// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdlenessTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static int looksUntilTooLong(Idleness idleness, int atMost) {
        for (int looks = 0; looks < atMost; looks++) {
            if (idleness.look()) {
                return looks;
            }
        }
        return -1;
    }

    @Test
    void startsInUse() {
        Idleness idleness = new Idleness(Optional.of(Duration.ofNanos(1)));

        assertThat(idleness.look()).as("opening it was use").isFalse();
        assertThat(idleness.look()).isTrue();
    }

    /** The first look finds that the channel was opened; so what is counted after it has truly passed. */
    @ParameterizedTest
    @CsvSource({"1, 1", "10000, 1", "10001, 2", "20000, 2", "86400000, 8640", "1728000000, 172800"})
    void limitIsRoundedUpToWholeLooks(long millis, int looks) {
        assertThat(looksUntilTooLong(new Idleness(Optional.of(Duration.ofMillis(millis))), 200_000))
                .isEqualTo(looks);
    }

    @Test
    void withoutLimitItIsNeverTooLong() {
        assertThat(looksUntilTooLong(new Idleness(Optional.empty()), 200_000)).isEqualTo(-1);
    }

    @Test
    void useStartsTheTimeAnew() {
        Idleness idleness = new Idleness(Optional.of(Duration.ofSeconds(20)));
        idleness.look();
        idleness.look();
        assertThat(idleness.looks()).isEqualTo(1);

        idleness.used();

        assertThat(idleness.looks()).as("known before the next look").isZero();
        assertThat(idleness.look()).isFalse();
        assertThat(idleness.look()).isFalse();
        assertThat(idleness.look()).isTrue();
    }

    @Test
    void aMinuteIsSixLooks() {
        Idleness idleness = new Idleness(Optional.empty());
        for (int i = 0; i < 6; i++) {
            idleness.look();
            assertThat(idleness.isAtLeast(MINUTE)).isFalse();
        }
        idleness.look();
        assertThat(idleness.isAtLeast(MINUTE)).isTrue();

        idleness.used();
        assertThat(idleness.isAtLeast(MINUTE)).isFalse();
    }

    /** Whoever asks while the peer is heard is told so now, or the next time. */
    @Test
    void whatIsHeardWhileSomebodyAsksIsNotForgotten() throws Exception {
        int rounds = 20_000;
        Idleness idleness = new Idleness(Optional.empty());
        AtomicInteger round = new AtomicInteger();
        AtomicInteger heardIn = new AtomicInteger();
        Thread peer = new Thread(() -> {
            for (int i = 1; i <= rounds; i++) {
                while (round.get() < i) {
                    Thread.onSpinWait();
                }
                idleness.received();
                heardIn.set(i);
            }
        });
        peer.start();
        int forgotten = 0;
        for (int i = 1; i <= rounds; i++) {
            round.set(i);
            boolean heard = idleness.takeHeard();
            while (heardIn.get() < i) {
                heard |= idleness.takeHeard();
            }
            if (!idleness.takeHeard() && !heard) {
                forgotten++;
            }
        }
        peer.join();
        assertThat(forgotten).isZero();
    }
}
