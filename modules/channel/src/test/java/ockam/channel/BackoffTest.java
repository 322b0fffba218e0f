// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How long is waited before what has failed is tried again. */
class BackoffTest {
    @Test
    void waitsDoubleUpToABound() {
        Backoff backoff = new Backoff(() -> 0);
        assertThat(backoff.isNew()).isTrue();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(backoff.isNew()).isFalse();
        }

        backoff.reset();

        assertThat(backoff.isNew()).isTrue();
        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void upToHalfOfAWaitIsAddedAtRandom() {
        Backoff backoff = new Backoff(() -> 0.5);
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(1_250));
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(2_500));
    }
}
