// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsBlockTest {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.node");

    @Test
    void refusesValuesOutOfRangeByTheirPath() {
        assertThatCode(() -> BLOCK.require(true, "send-window must be at least 1"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> BLOCK.require(false, "send-window must be at least 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ockam.node.send-window must be at least 1");
    }

    @Test
    void readsBlockAndItsValues() {
        assertThat(BLOCK.<String>block(path -> path + "!")).isEqualTo("ockam.node!");
        assertThat(BLOCK.<String>read("stop-timeout", key -> key + "!")).isEqualTo("stop-timeout!");
    }

    @Test
    void refusesWhatCannotBeReadByItsPath() {
        RuntimeException failure = new RuntimeException("no number in 'abc'");

        assertThatThrownBy(() -> BLOCK.read("stop-timeout", key -> {
                    throw failure;
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ockam.node.stop-timeout cannot be read: no number in 'abc'")
                .hasCause(failure);
        assertThatThrownBy(() -> BLOCK.block(path -> {
                    throw failure;
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ockam.node cannot be read: no number in 'abc'")
                .hasCause(failure);
    }

    @Test
    void acceptsTimesUpToTwentyDays() {
        assertThatCode(() -> {
                    BLOCK.requireTime(Duration.ofNanos(1), "stop-timeout");
                    BLOCK.requireTime(Duration.ofDays(20), "stop-timeout");
                })
                .doesNotThrowAnyException();
    }

    @Test
    void refusesOtherTimes() {
        for (Duration time : new Duration[] {
            Duration.ZERO, Duration.ofNanos(-1), Duration.ofDays(20).plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE)
        }) {
            assertThatThrownBy(() -> BLOCK.requireTime(time, "stop-timeout"))
                    .as("%s", time)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("ockam.node.stop-timeout must be positive and at most 20 days");
        }
    }
}
