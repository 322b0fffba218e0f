// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import ockam.identity.StoreLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcStoreSettingsTest {
    private static JdbcStoreSettings settings(String config) {
        return JdbcStoreSettings.of(ConfigFactory.parseString(config).withFallback(ConfigFactory.defaultReference()));
    }

    @Test
    void defaultsAreThoseOfTheCalls() {
        JdbcStoreSettings settings = settings("ockam.store.key.file = key");

        assertThat(settings)
                .isEqualTo(JdbcStoreSettings.sqlite(Path.of("ockam.db"), SealingKey.inFile(Path.of("key"))))
                .hasToString("JdbcStoreSettings(jdbc:sqlite:ockam.db)");
        assertThat(settings.limits()).isEqualTo(StoreLimits.defaults());
        assertThat(settings("ockam.store.key.environment = KEY").key()).isEqualTo(SealingKey.inEnvironment("KEY"));
    }

    @Test
    void readsAll() {
        assertThat(settings(
                        "ockam.store { url = \"jdbc:postgresql://db/ockam\", user = u, password = p, key.file = k, former-key.environment = f,"
                                + " connections = 9, busy-timeout = 1 s, connect-timeout = 2 s, answer-timeout = 3 s, max-waiting = 8, migrate = off, max-peer-bytes = 1,"
                                + " max-attribute-bytes = 2, max-members = 3, max-tokens = 4 }"))
                .isEqualTo(JdbcStoreSettings.postgresql("jdbc:postgresql://db/ockam", SealingKey.inFile(Path.of("k")))
                        .withUser("u", "p")
                        .withFormerKey(SealingKey.inEnvironment("f"))
                        .withConnections(9)
                        .withBusyTimeout(Duration.ofSeconds(1))
                        .withServerTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(3))
                        .withMaxWaiting(8)
                        .withoutMigration()
                        .withLimits(new StoreLimits(1, 2, 3, 4)))
                .asString()
                .doesNotContain("p)")
                .doesNotContain("db/ockam");
    }

    @Test
    void nameOfAFileMayBeginAsAnAddressDoes() {
        JdbcStoreSettings settings = settings("ockam.store { url = \"jdbc:sqlite:files/ockam.db\", key.file = k }");

        assertThat(settings.file()).isEqualTo(Path.of("files", "ockam.db").toAbsolutePath());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    url = "jdbc:h2:mem:x"          | url must be
                    url = "jdbc:sqlite:"           | url must be
                    url = "jdbc:sqlite::memory:"   | url must be
                    url = "jdbc:sqlite:file:a"     | url must be
                    url = "jdbc:sqlite:a?b=c"      | url must be
                    connections = 0                | connections must be 1 to
                    connections = 1001             | connections must be 1 to
                    busy-timeout = 0 s             | busy-timeout must be
                    connect-timeout = 0 s          | connect-timeout must be
                    answer-timeout = 0 s           | answer-timeout must be
                    max-waiting = 0                | max-waiting must be
                    key.environment = KEY          | key: either
                    key.file = off                 | key: either
                    former-key { file = k, environment = e } | former-key: either
                    max-members = many             | max-members cannot be read
                    """)
    void refuses(String setting, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("ockam.store { key.file = k\n" + setting + " }"))
                .withMessageStartingWith("ockam.store." + reason);
    }
}
