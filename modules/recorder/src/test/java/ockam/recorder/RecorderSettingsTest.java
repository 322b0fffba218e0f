// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of the recorder, as they are in reference.conf and out of range. */
class RecorderSettingsTest {
    private static RecorderSettings read(String changes) {
        Config config = ConfigFactory.parseString(changes).withFallback(ConfigFactory.load());
        return RecorderSettings.create(config.getConfig("ockam.recorder"));
    }

    @Test
    void defaultsRecordNothing() {
        assertThat(read("")).isEqualTo(new RecorderSettings(false, Optional.empty(), 20_000, 32 * 1024 * 1024));
    }

    @Test
    void everyKeyIsRead() {
        assertThat(read("ockam.recorder { enabled = on, file = target/run.html, max-events = 3, max-bytes = 1 KiB }"))
                .isEqualTo(new RecorderSettings(true, Optional.of(Path.of("target/run.html")), 3, 1024));
        assertThat(read("").withMaxEvents(7).withMaxBytes(8))
                .isEqualTo(new RecorderSettings(false, Optional.empty(), 7, 8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ockam.recorder.max-events = 0 | ockam.recorder.max-events must be at least 1",
                "ockam.recorder.max-bytes = 0 | ockam.recorder.max-bytes must be at least 1",
                "ockam.recorder.file = run.png | ockam.recorder.file must end in .html, .mmd or .jsonl, or be off",
                "ockam.recorder.enabled = perhaps | ockam.recorder.enabled cannot be read"
            })
    void whatIsOutOfRangeIsNamed(String change, String message) {
        assertThatThrownBy(() -> read(change))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
