// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.fixtures.Stages.done;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
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
