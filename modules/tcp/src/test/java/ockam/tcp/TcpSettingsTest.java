// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

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

class TcpSettingsTest {
    private static final Config REFERENCE = ConfigFactory.defaultReference().getConfig("ockam.tcp");

    /** Every key that {@code reference.conf} has in the block. */
    static Stream<String> keys() {
        return REFERENCE.entrySet().stream().map(entry -> entry.getKey());
    }

    private static TcpSettings with(String setting) {
        return TcpSettings.create(ConfigFactory.parseString(setting).withFallback(REFERENCE));
    }

    @Test
    void readsTheReference() {
        assertThat(TcpSettings.create(REFERENCE))
                .isEqualTo(new TcpSettings(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        4096,
                        64 << 20,
                        1024,
                        true,
                        Duration.ofMillis(200),
                        Duration.ofSeconds(10),
                        1024,
                        4 << 20));
        assertThat(keys()).hasSameSizeAs(TcpSettings.class.getRecordComponents());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void refusesWhatCannotBeRead(String key) {
        for (String value : new String[] {"abc", "{}", "[1]", "null"}) {
            assertThatIllegalArgumentException()
                    .as("%s", value)
                    .isThrownBy(() -> with(key + " = " + value))
                    .withMessageStartingWith("ockam.tcp." + key + " cannot be read: ")
                    .withCauseInstanceOf(ConfigException.class);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TcpSettings.create(REFERENCE.withoutPath(key)))
                .withMessageStartingWith("ockam.tcp." + key + " cannot be read: ");
    }

    @ParameterizedTest
    @CsvSource({
        "connect-timeout = 0s, connect-timeout must be positive and at most 20 days",
        "silence-timeout = 0s, silence-timeout must be positive and at most 20 days",
        "max-connections = 0, max-connections must be at least 1",
        "max-unfinished-bytes = 0, max-unfinished-bytes must be at least 1",
        "backlog = 0, backlog must be at least 1",
        "reconnect.min-delay = 0s, reconnect.min-delay must be positive and at most 20 days",
        "reconnect.max-delay = 0s, reconnect.max-delay must be positive and at most 20 days",
        "reconnect.max-held = -1, reconnect.max-held must be at least 0",
        "reconnect.max-delay = 199ms, reconnect.max-delay must be at least reconnect.min-delay",
    })
    void refusesWhatIsOutOfRange(String setting, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(setting))
                .withMessageStartingWith("ockam.tcp." + reason);
    }
}
