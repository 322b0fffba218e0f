// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StreamSettingsTest {
    private static final Config REFERENCE = ConfigFactory.defaultReference().getConfig("ockam.stream");

    /** Every key that {@code reference.conf} has in the block. */
    static Stream<String> keys() {
        return REFERENCE.entrySet().stream().map(entry -> entry.getKey());
    }

    private static StreamSettings with(String setting) {
        return StreamSettings.create(ConfigFactory.parseString(setting).withFallback(REFERENCE));
    }

    @Test
    void readsTheReference() {
        assertThat(StreamSettings.create(REFERENCE))
                .isEqualTo(new StreamSettings(64, 1 << 20, Duration.ofSeconds(30), Duration.ofSeconds(60)));
        assertThat(keys()).hasSameSizeAs(StreamSettings.class.getRecordComponents());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void refusesWhatCannotBeRead(String key) {
        for (String value : new String[] {"abc", "{}", "[1]", "null"}) {
            assertThatIllegalArgumentException()
                    .as("%s", value)
                    .isThrownBy(() -> with(key + " = " + value))
                    .withMessageStartingWith("ockam.stream." + key + " cannot be read: ")
                    .withCauseInstanceOf(ConfigException.class);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StreamSettings.create(REFERENCE.withoutPath(key)))
                .withMessageStartingWith("ockam.stream." + key + " cannot be read: ");
    }

    @ParameterizedTest
    @CsvSource({
        "window = 0, window must be 1 to 1000000",
        "window = 1000001, window must be 1 to 1000000",
        "window = 3000000000, window cannot be read",
        "window-bytes = 0, window-bytes must be at least 1",
        "start-timeout = 0s, start-timeout must be positive and at most 20 days",
        "drain-timeout = 0s, drain-timeout must be positive and at most 20 days",
        "drain-timeout = -1s, drain-timeout must be positive and at most 20 days",
        "drain-timeout = 480h 1ms, drain-timeout cannot be read",
        "drain-timeout = 1728000001ms, drain-timeout must be positive and at most 20 days",
        "drain-timeout = 292000d, drain-timeout must be positive and at most 20 days",
        "drain-timeout = 1000000000000000000d, drain-timeout must be positive and at most 20 days",
    })
    void refusesWhatIsOutOfRange(String setting, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(setting))
                .withMessageStartingWith("ockam.stream." + reason);
    }

    @Test
    void takesTheLimits() {
        assertThat(with("window = 1").window()).isEqualTo(1);
        assertThat(with("window = 1000000").window()).isEqualTo(1_000_000);
        assertThat(with("window-bytes = 1 B").windowBytes()).isEqualTo(1);
        assertThat(with("drain-timeout = 1ns").drainTimeout()).isEqualTo(Duration.ofNanos(1));
        assertThat(with("drain-timeout = 20d").drainTimeout()).isEqualTo(Duration.ofDays(20));
    }
}
