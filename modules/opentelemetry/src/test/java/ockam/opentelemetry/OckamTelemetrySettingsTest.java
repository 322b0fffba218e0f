// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.Test;

/** The settings, as they are in reference.conf and out of range. */
class OckamTelemetrySettingsTest {
    private static OckamTelemetrySettings read(String changes) {
        Config config = ConfigFactory.parseString(changes).withFallback(ConfigFactory.load());
        return OckamTelemetrySettings.create(config.getConfig("ockam.opentelemetry"));
    }

    @Test
    void everyKeyIsRead() {
        assertThat(read("")).isEqualTo(new OckamTelemetrySettings(16_384));
        assertThat(read("ockam.opentelemetry.max-open-spans = 3")).isEqualTo(new OckamTelemetrySettings(3));
        assertThat(read("").withMaxOpenSpans(7)).isEqualTo(new OckamTelemetrySettings(7));
    }

    @Test
    void whatIsOutOfRangeIsNamed() {
        assertThatThrownBy(() -> read("ockam.opentelemetry.max-open-spans = 0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ockam.opentelemetry.max-open-spans must be at least 1");
        assertThatThrownBy(() -> read("ockam.opentelemetry.max-open-spans = many"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ockam.opentelemetry.max-open-spans cannot be read");
    }
}
