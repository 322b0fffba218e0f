// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeSettingsTest {
    private static final Config REFERENCE = ConfigFactory.defaultReference().getConfig("ockam.node");

    /** Every key that {@code reference.conf} has in the block. */
    static Stream<String> keys() {
        return REFERENCE.entrySet().stream().map(entry -> entry.getKey());
    }

    private static NodeSettings with(String setting) {
        return NodeSettings.create(ConfigFactory.parseString(setting).withFallback(REFERENCE));
    }

    @Test
    void readsTheReference() {
        assertThat(NodeSettings.create(REFERENCE))
                .isEqualTo(new NodeSettings(
                        1024,
                        1000,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(4),
                        Duration.ofMinutes(1),
                        Optional.of(Duration.ofSeconds(5)),
                        256,
                        64L << 20,
                        4096,
                        16L << 20));
    }

    /** So every key of the reference is read, and every key that is read is in the reference. */
    @ParameterizedTest
    @MethodSource("keys")
    void needsEveryKeyOfTheReference(String key) {
        assertThatThrownBy(() -> NodeSettings.create(REFERENCE.withoutPath(key)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ockam.node." + key + " cannot be read: ")
                .hasCauseInstanceOf(ConfigException.Missing.class);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void refusesWhatCannotBeRead(String key) {
        for (String value : new String[] {"abc", "{}", "[1]", "null"}) {
            assertThatThrownBy(() -> with(key + " = " + value))
                    .as("%s", value)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("ockam.node." + key + " cannot be read: ")
                    .hasCauseInstanceOf(ConfigException.class);
        }
    }

    @Test
    void refusesNumbersThatNoIntHolds() {
        assertThatThrownBy(() -> with("send-window = 3000000000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ockam.node.send-window cannot be read: ");
    }

    @Test
    void hasOneKeyForEachComponent() {
        assertThat(keys()).hasSameSizeAs(NodeSettings.class.getRecordComponents());
    }

    @Test
    void staysBelowTheTimeThatCoordinatedShutdownGives() {
        Duration phase = ConfigFactory.load().getDuration("akka.coordinated-shutdown.default-phase-timeout");

        assertThat(NodeSettings.create(REFERENCE).stopTimeout()).isLessThan(phase);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max-route-length = 0",
                "max-route-length = -1",
                "max-route-length = 1025",
                "mailbox-capacity = 0",
                "receive-timeout = 0s",
                "receive-timeout = -1s",
                "receive-timeout = 21d",
                "stop-timeout = 0s",
                "stop-timeout = -1ms",
                "stop-timeout = 21d",
                "drop-log-interval = 0s",
                "drop-log-interval = -1s",
                "drop-log-interval = 500000d",
                "slow-handler-warning = 0s",
                "slow-handler-warning = 21d",
                "refused-pairs-logged = -1",
                "max-bytes-under-way = 0",
                "send-window = 0",
                "send-window = 1000001",
                "send-window-bytes = 0"
            })
    void refusesValuesOutOfRange(String setting) {
        String key = setting.substring(0, setting.indexOf(' '));

        assertThatThrownBy(() -> with(setting))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ockam.node." + key + " must");
    }

    @Test
    void takesTheLimits() {
        assertThat(with("max-route-length = 1").maxRouteLength()).isEqualTo(1);
        assertThat(with("max-route-length = 1024").maxRouteLength()).isEqualTo(1024);
        assertThat(with("mailbox-capacity = 1").mailboxCapacity()).isEqualTo(1);
        assertThat(with("send-window = 1000000").sendWindow()).isEqualTo(1_000_000);
        assertThat(with("refused-pairs-logged = 0").refusedPairsLogged()).isZero();
        assertThat(with("slow-handler-warning = off").slowHandlerWarning()).isEmpty();
        assertThat(with("stop-timeout = 1ms").stopTimeout()).isEqualTo(Duration.ofMillis(1));
        assertThat(with("receive-timeout = 20d").receiveTimeout()).isEqualTo(Duration.ofDays(20));
    }
}
