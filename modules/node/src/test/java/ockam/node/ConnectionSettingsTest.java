// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.stream.Stream;
import ockam.routing.NodeSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionSettingsTest {
    private static final Config REFERENCE = ConfigFactory.defaultReference().getConfig("ockam.connection");

    /** Every key that {@code reference.conf} has in the block. */
    static Stream<String> keys() {
        return REFERENCE.entrySet().stream().map(entry -> entry.getKey());
    }

    private static ConnectionSettings with(String setting) {
        return ConnectionSettings.create(ConfigFactory.parseString(setting).withFallback(REFERENCE));
    }

    @Test
    void readsTheReference() {
        assertThat(ConnectionSettings.create(REFERENCE))
                .isEqualTo(new ConnectionSettings(
                        64,
                        1 << 20,
                        8192,
                        8 << 20,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        8 << 20,
                        64 << 10,
                        Duration.ofSeconds(3)));
        assertThat(keys()).hasSameSizeAs(ConnectionSettings.class.getRecordComponents());
    }

    /** Two nodes that flood each other have as many answers outstanding as questions under way, and sometimes more. */
    @Test
    void leavesRoomForTheAnswersToAllPlainSends() {
        NodeSettings node = NodeSettings.create(ConfigFactory.load().getConfig("ockam.node"));

        assertThat(ConnectionSettings.create(REFERENCE).turnWindow()).isGreaterThanOrEqualTo(2 * node.sendWindow());
    }

    @Test
    void countsOutwardPatienceInWholeStallTimeouts() {
        assertThat(ConnectionSettings.create(REFERENCE).outwardPatience()).isEqualTo(12);
        assertThat(with("outward-stall-timeout = 5001 ms").outwardPatience()).isEqualTo(2);
        assertThat(with("outward-stall-timeout = 1 ms").outwardPatience()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void refusesWhatCannotBeRead(String key) {
        for (String value : new String[] {"abc", "{}", "[1]", "null"}) {
            assertThatIllegalArgumentException()
                    .as("%s", value)
                    .isThrownBy(() -> with(key + " = " + value))
                    .withMessageStartingWith("ockam.connection." + key + " cannot be read: ")
                    .withCauseInstanceOf(ConfigException.class);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ConnectionSettings.create(REFERENCE.withoutPath(key)))
                .withMessageStartingWith("ockam.connection." + key + " cannot be read: ");
    }

    @ParameterizedTest
    @CsvSource({
        "read-window = 0, read-window must be 1 to 1000000",
        "read-window = 1000001, read-window must be 1 to 1000000",
        "read-window-bytes = 0, read-window-bytes must be at least 1",
        "turn-window = 0, turn-window must be 1 to 1000000",
        "turn-window = 1000001, turn-window must be 1 to 1000000",
        "turn-window-bytes = 0, turn-window-bytes must be at least 1",
        "stall-timeout = 0s, stall-timeout must be positive and at most 20 days",
        "outward-stall-timeout = 0s, outward-stall-timeout must be positive and at most 20 days",
        "max-detached-bytes = 0, max-detached-bytes must be at least 1",
        "write-batch-bytes = 0, write-batch-bytes must be at least 1",
        "close-timeout = 0s, close-timeout must be positive and at most 20 days",
    })
    void refusesWhatIsOutOfRange(String setting, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(setting))
                .withMessageStartingWith("ockam.connection." + reason);
    }
}
