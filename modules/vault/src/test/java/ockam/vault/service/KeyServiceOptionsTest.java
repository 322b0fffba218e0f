// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class KeyServiceOptionsTest {
    private final KeyServiceOptions defaults = KeyServiceOptions.defaults();

    @Test
    void defaultsAreAsDescribed() {
        assertThat(defaults).isEqualTo(new KeyServiceOptions(Duration.ofSeconds(5), 3, Duration.ofMillis(100), 256));
    }

    @Test
    void eachWithChangesOneThing() {
        assertThat(defaults.withTimeout(Duration.ofSeconds(1))
                        .withAttempts(2)
                        .withRetryDelay(Duration.ofMillis(10))
                        .withMaxUnderWay(7))
                .isEqualTo(new KeyServiceOptions(Duration.ofSeconds(1), 2, Duration.ofMillis(10), 7));
    }

    @Test
    void timeBetweenAttemptsDoubles() {
        KeyServiceOptions options = defaults.withAttempts(16);
        assertThat(options.delayBefore(2)).isEqualTo(Duration.ofMillis(100));
        assertThat(options.delayBefore(3)).isEqualTo(Duration.ofMillis(200));
        assertThat(options.delayBefore(16)).isEqualTo(Duration.ofMillis(100 << 14));
    }

    @Test
    void numbersAndTimesOutOfRangeAreRefused() {
        assertThat(defaults.withAttempts(1).withMaxUnderWay(1).attempts()).isEqualTo(1);
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withAttempts(0));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withAttempts(17));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withMaxUnderWay(0));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withTimeout(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withRetryDelay(Duration.ofMillis(-1)));
    }
}
