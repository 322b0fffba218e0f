// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import ockam.wire.Attributes;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pre-trusted members as they are written (authority, section 2.2). */
class PreTrustedTest {
    private static final String A = "I" + "0a".repeat(32);
    private static final String B = "I" + "0b".repeat(32);
    private static final String TEXT =
            "{\"" + A + "\": {\"ockam-role\": \"enroller\"}, \"" + B + "\": {\"name\": \"value\", \"other\": \"\"}}";
    private static final PreTrusted BOTH = PreTrusted.enroller(Identifier.parse(A))
            .with(Identifier.parse(B), Attributes.ofTexts(Map.of("name", "value", "other", "")));

    @Test
    void isReadFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("trusted.json"), TEXT);

        assertThat(PreTrusted.read(file)).isEqualTo(BOTH);
        assertThat(PreTrusted.decode("{}")).isEqualTo(new Decoded.Value<>(PreTrusted.none()));
    }

    @Test
    void aFileOfAnotherFormIsNamed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("trusted.json"), "[]");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PreTrusted.read(file))
                .withMessage(file + ": no object in JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{} {}",
                "{}}",
                "{\"I1\": {}}",
                "{\"A\": \"enroller\"}",
                "{\"A\": {\"a\": 1}}",
                "{\"A\": {\"a\": {}}}",
                "{\"A\": {}, \"A\": {}}",
                "{\"A\": {}, \"UPPER\": {}}"
            })
    void whatHasAnotherFormIsRefused(String text) {
        String json = text.replace("UPPER", A.replace('a', 'A')).replace("\"A\"", "\"" + A + "\"");

        assertThat(PreTrusted.decode(json).isValue()).isFalse();
    }
}
