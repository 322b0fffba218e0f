// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RelaySettingsTest {
    private static final Config REFERENCE = ConfigFactory.defaultReference().getConfig("ockam.relay");

    /** Every key that {@code reference.conf} has in the block. */
    static Stream<String> keys() {
        return REFERENCE.entrySet().stream().map(Map.Entry::getKey);
    }

    private static RelaySettings with(String setting) {
        return RelaySettings.create(ConfigFactory.parseString(setting).withFallback(REFERENCE));
    }

    @Test
    void readsTheReference() {
        assertThat(RelaySettings.create(REFERENCE))
                .isEqualTo(new RelaySettings(
                        4096,
                        64,
                        Optional.of(Duration.ofMinutes(10)),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(10),
                        Optional.of(Duration.ofMinutes(5))));
        assertThat(keys()).hasSameSizeAs(RelaySettings.class.getRecordComponents());
    }

    @Test
    void someTimesCanBeSwitchedOff() {
        assertThat(with("gone-limit = off").goneLimit()).isEmpty();
        assertThat(with("renew-interval = off").renewInterval()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void refusesWhatCannotBeRead(String key) {
        for (String value : new String[] {"abc", "{}", "[1]", "null"}) {
            assertThatIllegalArgumentException()
                    .as("%s", value)
                    .isThrownBy(() -> with(key + " = " + value))
                    .withMessageStartingWith("ockam.relay." + key + " cannot be read: ")
                    .withCauseInstanceOf(ConfigException.class);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RelaySettings.create(REFERENCE.withoutPath(key)))
                .withMessageStartingWith("ockam.relay." + key + " cannot be read: ");
    }

    @ParameterizedTest
    @CsvSource({
        "max-relays = 0, max-relays must be at least 1",
        "max-relays-per-holder = 0, max-relays-per-holder must be at least 1",
        "gone-limit = 0s, gone-limit must be positive and at most 20 days",
        "connect-timeout = 0s, connect-timeout must be positive and at most 20 days",
        "registration-timeout = 21d, registration-timeout must be positive and at most 20 days",
        "min-backoff = 0s, min-backoff must be positive and at most 20 days",
        "max-backoff = 0s, max-backoff must be positive and at most 20 days",
        "max-backoff = 100ms, max-backoff must not be less than min-backoff",
        "renew-interval = 0s, renew-interval must be positive and at most 20 days",
    })
    void refusesWhatIsOutOfRange(String setting, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(setting))
                .withMessageStartingWith("ockam.relay." + reason);
    }
}
