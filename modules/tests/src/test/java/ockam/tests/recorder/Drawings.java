// SPDX-License-Identifier: Apache-2.0

package ockam.tests.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import ockam.recorder.Recording;

/**
 * The diagrams on the pages. A comment {@code <!-- drawn: name -->} precedes a block for Mermaid, which is what {@link Recording#mermaid} says
 * of a real run. With {@code -Dockam.draw=true}, the block is replaced instead of compared.
 */
public final class Drawings {
    private Drawings() {}

    /** Compares what a page shows with what was recorded. */
    public static void assertDrawn(String page, String name, Recording recording) throws IOException {
        Path file = root().resolve(page);
        String text = Files.readString(file);
        Matcher drawn = Pattern.compile(
                        "(<!-- drawn: " + Pattern.quote(name) + " -->\n```mermaid\n)(.*?)(```\n)", Pattern.DOTALL)
                .matcher(text);
        assertThat(drawn.find()).as("%s has a block for %s", page, name).isTrue();
        String recorded = recording.mermaid();
        if (Boolean.getBoolean("ockam.draw")) {
            Files.writeString(file, text.substring(0, drawn.start(2)) + recorded + text.substring(drawn.end(2)));
        } else {
            assertThat(recorded)
                    .as("%s in %s; -Dockam.draw=true draws it anew", name, page)
                    .isEqualTo(drawn.group(2));
        }
    }

    /** The directory of the README. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve(".mvn"))) {
            directory = Objects.requireNonNull(directory.getParent(), "not inside the project");
        }
        return directory;
    }
}
