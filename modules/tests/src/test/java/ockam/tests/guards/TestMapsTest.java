// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps the maps of the tests complete, and their names apart from those of what they test. Each package of tests has a map in its {@code package-info.java}, with a line for each
 * file of the package: three blanks, its name, at least two blanks, and what it proves.
 */
class TestMapsTest {
    private static final Path ROOT = Pages.ROOT;
    private static final String MAP = "package-info.java";
    private static final Pattern ENTRY = Pattern.compile("^ \\*   (\\w+)  +\\S.*$", Pattern.MULTILINE);

    @ParameterizedTest
    @MethodSource("packages")
    void mapNamesTheFilesOfItsPackage(Path directory) throws IOException {
        List<String> files = javaFiles().stream()
                .filter(file -> directory.equals(file.getParent()))
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.equals(MAP))
                .map(name -> name.replace(".java", ""))
                .toList();

        Path map = ROOT.resolve(directory).resolve(MAP);
        assertThat(map).exists();
        assertThat(ENTRY.matcher(Files.readString(map)).results().map(found -> found.group(1)))
                .as("files in %s", map)
                .containsExactlyInAnyOrderElementsOf(files);
    }

    /** In tests of a module, such a file would hide the one that is tested. */
    @ParameterizedTest
    @MethodSource("otherThanMaps")
    void noTestFileHasTheNameOfAnotherInItsPackage(Path file) {
        Path main = ROOT.resolve(file.toString().replace("/src/test/", "/src/main/"));

        assertThat(main).doesNotExist();
    }

    private static List<Path> otherThanMaps() throws IOException {
        return javaFiles().stream().filter(file -> !file.endsWith(MAP)).toList();
    }

    private static List<Path> packages() throws IOException {
        return javaFiles().stream().map(Path::getParent).distinct().toList();
    }

    /** Returns all test files, relative to the root. */
    static List<Path> javaFiles() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("modules"))) {
            return files.map(ROOT::relativize)
                    .filter(file -> file.toString().matches("modules/\\w+/src/test/java/.*\\.java"))
                    .sorted()
                    .toList();
        }
    }
}
