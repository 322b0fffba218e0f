// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import ockam.identity.HistoryLimits;
import ockam.wire.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecureChannelSettingsTest {
    private static final Liveness LIVENESS =
            new Liveness(Address.of("echo"), Duration.ofSeconds(1), Duration.ofSeconds(2));

    private static final Config REFERENCE = ConfigFactory.defaultReference().getConfig("ockam.channel");

    private static SecureChannelSettings with(String setting) {
        return SecureChannelSettings.create(ConfigFactory.parseString(setting).withFallback(REFERENCE));
    }

    /** The same configuration, taking down which keys it is asked for. */
    private static Config recording(Config config, Set<String> asked) {
        return (Config) Proxy.newProxyInstance(
                Config.class.getClassLoader(), new Class<?>[] {Config.class}, (proxy, method, arguments) -> {
                    if (arguments != null && arguments[0] instanceof String path) {
                        asked.add(path);
                    }
                    try {
                        return method.invoke(config, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() == null ? e : e.getCause();
                    }
                });
    }

    @Test
    void everyKeyIsReadAndEveryKeyReadExists() {
        Set<String> keys = new TreeSet<>();
        REFERENCE.entrySet().forEach(entry -> keys.add(entry.getKey()));
        Set<String> asked = new TreeSet<>();

        SecureChannelSettings.create(recording(REFERENCE, asked));

        assertThat(asked).isEqualTo(keys).hasSize(22);
    }

    @Test
    void everyKeyIsExplained() {
        assertThat(REFERENCE.entrySet())
                .allSatisfy(entry -> assertThat(entry.getValue().origin().comments())
                        .as(entry.getKey())
                        .isNotEmpty());
    }

    @Test
    void everyKeyIsNeeded() {
        REFERENCE
                .entrySet()
                .forEach(entry -> assertThatThrownBy(
                                () -> SecureChannelSettings.create(REFERENCE.withoutPath(entry.getKey())))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("ockam.channel." + entry.getKey() + " cannot be read: ")
                        .hasCauseInstanceOf(ConfigException.Missing.class));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "{}", "[1]", "null"})
    void refusesWhatCannotBeRead(String value) {
        REFERENCE.entrySet().stream()
                .filter(entry -> !(entry.getKey().equals("echo") && value.equals("abc"))) // that is an address
                .forEach(entry -> assertThatThrownBy(() -> with(entry.getKey() + " = " + value))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("ockam.channel." + entry.getKey() + " cannot be read: ")
                        .hasCauseInstanceOf(ConfigException.class));
    }

    @Test
    void anEchoThatIsNoAddressIsRefusedByItsKey() {
        assertThatThrownBy(() -> with("echo = " + "e".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ockam.channel.echo cannot be read: ");
    }

    @Test
    void defaultsAreThoseOfTheFile() {
        assertThat(SecureChannelSettings.create(REFERENCE))
                .isEqualTo(new SecureChannelSettings(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        256,
                        16_384,
                        1024,
                        Optional.of(Duration.ofDays(1)),
                        Duration.ofMinutes(10),
                        new Liveness(Address.of("echo"), Duration.ofSeconds(2), Duration.ofSeconds(6)),
                        64,
                        1024 * 1024,
                        64,
                        new HistoryLimits(64, 4096),
                        new CredentialRefreshSettings(
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(2),
                                Duration.ofMinutes(2),
                                0.1),
                        Duration.ofDays(90)));
    }

    @Test
    void readsWhatIsSet() {
        assertThat(
                        with(
                                "handshake-timeout = 5 minutes, setup-timeout = 6 s, max-half-open = 1, max-channels = 20, max-channels-per-peer = 10, idle-limit = 2 hours, route-lost-limit = 3 s, ping-interval = 4 s, echo = pong, peer-timeout = 5 s, early-frames = 2, early-frame-bytes = 3 KiB, accepted-buffer = 7, max-history-changes = 8, max-unnamed-history-bytes = 9, credential { skew-gap = 1 s, refresh-gap = 2 s, retry-pause = 3 s, max-retry-pause = 4 s, request-timeout = 5 s, jitter = 0.6 }, purpose-key-age = 30 days"))
                .isEqualTo(new SecureChannelSettings(
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(6),
                        1,
                        20,
                        10,
                        Optional.of(Duration.ofHours(2)),
                        Duration.ofSeconds(3),
                        new Liveness(Address.of("pong"), Duration.ofSeconds(4), Duration.ofSeconds(5)),
                        2,
                        3072,
                        7,
                        new HistoryLimits(8, 9),
                        new CredentialRefreshSettings(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4),
                                Duration.ofSeconds(5),
                                0.6),
                        Duration.ofDays(30)));
        assertThat(with("idle-limit = off").idleLimit()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "handshake-timeout = 0s, handshake-timeout must be positive and at most 20 days",
        "handshake-timeout = -1s, handshake-timeout must be positive and at most 20 days",
        "handshake-timeout = 21d, handshake-timeout must be positive and at most 20 days",
        "setup-timeout = 0s, setup-timeout must be positive and at most 20 days",
        "setup-timeout = 21d, setup-timeout must be positive and at most 20 days",
        "max-half-open = 0, max-half-open must be at least 1",
        "max-half-open = -1, max-half-open must be at least 1",
        "max-channels = 0, max-channels must be at least 1",
        "max-channels-per-peer = 0, max-channels-per-peer must be at least 1",
        "idle-limit = 0s, idle-limit must be positive and at most 20 days",
        "idle-limit = 21d, idle-limit must be positive and at most 20 days",
        "route-lost-limit = 0s, route-lost-limit must be positive and at most 20 days",
        "route-lost-limit = 21d, route-lost-limit must be positive and at most 20 days",
        "ping-interval = 0s, ping-interval must be positive and at most 20 days",
        "peer-timeout = 21d, peer-timeout must be positive and at most 20 days",
        "peer-timeout = 2s, peer-timeout must be longer than ping-interval",
        "early-frames = 0, early-frames must be at least 1",
        "accepted-buffer = 0, accepted-buffer must be at least 1",
        "max-history-changes = 0, max-history-changes must be at least 1",
        "purpose-key-age = 999ms, purpose-key-age must be at least 1 s",
        "purpose-key-age = -1d, purpose-key-age must be at least 1 s",
        "credential.skew-gap = 0s, credential.skew-gap must be positive and at most 20 days",
        "credential.refresh-gap = 21d, credential.refresh-gap must be positive and at most 20 days",
        "credential.retry-pause = 0s, credential.retry-pause must be positive and at most 20 days",
        "credential.max-retry-pause = 9s, credential.max-retry-pause must not be shorter than retry-pause",
        "credential.max-retry-pause = 21d, credential.max-retry-pause must be positive and at most 20 days",
        "credential.request-timeout = 0s, credential.request-timeout must be positive and at most 20 days",
        "credential.jitter = -0.1, credential.jitter must be from 0 to 1",
        "credential.jitter = 1.1, credential.jitter must be from 0 to 1"
    })
    void refusesWhatIsOutOfRange(String setting, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> with(setting)).withMessage("ockam.channel." + reason);
    }

    @Test
    void refusesNegativeNumberOfBytes() {
        assertThatThrownBy(() -> with("early-frame-bytes = -1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ockam.channel.early-frame-bytes cannot be read: ")
                .hasCauseInstanceOf(ConfigException.BadValue.class);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecureChannelSettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        1,
                        1,
                        1,
                        Optional.empty(),
                        Duration.ofSeconds(1),
                        LIVENESS,
                        1,
                        -1,
                        1,
                        new HistoryLimits(1, 1),
                        CredentialRefreshSettings.create(REFERENCE),
                        Duration.ofDays(1)))
                .withMessage("ockam.channel.early-frame-bytes must not be negative");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "handshake-timeout = 1ms",
                "handshake-timeout = 20d",
                "setup-timeout = 1ms",
                "setup-timeout = 20d",
                "max-half-open = 1",
                "max-channels = 1",
                "max-channels-per-peer = 1",
                "idle-limit = 1ms",
                "idle-limit = 20d",
                "early-frames = 1",
                "early-frame-bytes = 0",
                "max-history-changes = 1",
                "max-unnamed-history-bytes = 0",
                "purpose-key-age = 1s",
                "purpose-key-age = 3650d",
                "credential.max-retry-pause = 10s",
                "credential.jitter = 0",
                "credential.jitter = 1"
            })
    void takesWhatIsAtTheEdge(String setting) {
        assertThat(with(setting)).isNotNull();
    }
}
