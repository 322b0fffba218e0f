// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AuthoritySettingsTest {
    private static final Config REFERENCE = ConfigFactory.defaultReference().getConfig("ockam.authority");

    /** Every key that {@code reference.conf} has in the block. */
    static Stream<String> keys() {
        return REFERENCE.entrySet().stream().map(Map.Entry::getKey);
    }

    private static AuthoritySettings with(String setting) {
        return AuthoritySettings.create(ConfigFactory.parseString(setting).withFallback(REFERENCE));
    }

    @Test
    void readsTheReference() {
        assertThat(AuthoritySettings.create(REFERENCE))
                .isEqualTo(new AuthoritySettings(
                        Duration.ofDays(30), 64, 8, 1024, 16, 100_000, 4 * 1024 * 1024, Duration.ofSeconds(30)));
        assertThat(keys()).hasSameSizeAs(AuthoritySettings.class.getRecordComponents());
    }

    @ParameterizedTest
    @MethodSource("keys")
    void refusesWhatCannotBeRead(String key) {
        for (String value : new String[] {"abc", "{}", "[1]", "null"}) {
            assertThatIllegalArgumentException()
                    .as("%s", value)
                    .isThrownBy(() -> with(key + " = " + value))
                    .withMessageStartingWith("ockam.authority." + key + " cannot be read: ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "credential-validity, 999ms",
        "credential-validity, 3651d",
        "max-requests, 0",
        "max-stranger-requests, 0",
        "max-peers, 0",
        "max-requests-per-peer, 0",
        "max-known-members, 0",
        "max-list-size, 0",
        "max-list-size, 9 MiB",
        "request-timeout, 0s",
        "request-timeout, 21d"
    })
    void refusesWhatIsOutOfRange(String key, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> with(key + " = " + value))
                .withMessageStartingWith("ockam.authority." + key + " must be ");
    }

    @Test
    void optionsHaveTheSameRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthorityOptions.forProject("p").withCredentialValidity(Duration.ofMillis(999)));
    }
}
