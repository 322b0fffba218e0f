// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.fixtures.Threads;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Timestamp;
import org.junit.jupiter.api.Test;

/** A credential that the application replaces (secure channel, section 7.4). */
class ReplaceableCredentialTest {
    private final ReplaceableCredential tested = ReplaceableCredential.create(credential(1));
    private final AtomicInteger told = new AtomicInteger();

    private static CredentialAndPurposeKey credential(int number) {
        return Credentialing.numbered(number, new Timestamp(1_000), Duration.ofDays(1));
    }

    @Test
    void hasWhatItWasGivenLast() {
        assertThat(done(tested.credential())).isEqualTo(credential(1));

        tested.replace(credential(2));

        assertThat(done(tested.credential())).isEqualTo(credential(2));
    }

    /** Otherwise those who watch could stay with one that is not the last. */
    @Test
    void tellsOfEachOfManyAtTheSameTime() {
        List<CredentialAndPurposeKey> two = List.of(credential(1), credential(2));
        tested.watch(told::incrementAndGet);
        for (int round = 0; round < 20; round++) {
            Threads.race(2, thread -> {
                for (int i = 0; i < 100_000; i++) {
                    tested.replace(two.get(thread));
                }
            });

            boolean asAtFirst = done(tested.credential()).equals(credential(1));
            assertThat(told.get() % 2).as("from one to the other and back").isEqualTo(asAtFirst ? 0 : 1);
        }
    }

    @Test
    void oneThatThrowsKeepsNobodyFromBeingTold() {
        for (int i = 0; i < 3; i++) {
            tested.watch(() -> {
                told.incrementAndGet();
                throw new IllegalStateException("broken");
            });
        }

        tested.replace(credential(2));

        assertThat(told).hasValue(3);
        assertThat(done(tested.credential())).isEqualTo(credential(2));
    }

    @Test
    void tellsWhoeverWatchesOfEachOtherOne() {
        Runnable stop = tested.watch(told::incrementAndGet);
        Runnable stopToo = tested.watch(told::incrementAndGet);

        tested.replace(credential(2));
        assertThat(told).hasValue(2);
        tested.replace(credential(2));
        assertThat(told).as("the same again").hasValue(2);
        stop.run();
        stop.run();
        tested.replace(credential(3));
        assertThat(told).hasValue(3);
        stopToo.run();
        tested.replace(credential(4));
        assertThat(told).hasValue(3);
    }
}
