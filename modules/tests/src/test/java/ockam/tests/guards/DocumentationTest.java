// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the pages correct: {@link Pages} says what is compared with what. */
class DocumentationTest {
    private static final Pattern BORDER = Pattern.compile("\\s*// #[a-z-]+");
    private static final Pattern CALL = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?[^`]*`");
    private static final List<String> PACKAGES =
            List.of("wire", "vault", "identity", "routing", "node", "channel", "tcp", "relay", "authority", "jackson");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);
    private static final Pattern FENCED = Pattern.compile("^```.*?^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern RUNG =
            Pattern.compile("^ +\"([0-9]+)\\|([^|]+)\\|([0-9]+)\\|[0-9]+\"$", Pattern.MULTILINE);
    private static final Pattern MODULE = Pattern.compile("<module>(.+?)</module>");

    // ---- code and output ----

    @ParameterizedTest
    @MethodSource("ockam.tests.guards.Pages#all")
    void javaOnPagesIsCompiledCode(Path page) throws IOException {
        for (Pages.Part part : Pages.parts(page)) {
            if (part.language().equals("java")) {
                assertThat(part.mark()).as("mark of: %s", part.lines()).isEqualTo("snippet");
            }
            if (part.mark().equals("snippet")) {
                assertThat(part.lines()).as(part.argument()).isEqualTo(snippet(part.argument()));
            }
        }
    }

    private static List<String> snippet(String reference) throws IOException {
        int hash = reference.indexOf('#');
        if (hash < 0) {
            return Files.readAllLines(Pages.ROOT.resolve(reference)).stream()
                    .filter(line -> !BORDER.matcher(line).matches())
                    .toList();
        }
        String border = "// " + reference.substring(hash);
        List<String> inside = new ArrayList<>();
        int borders = 0;
        for (String line : Files.readAllLines(Pages.ROOT.resolve(reference.substring(0, hash)))) {
            if (line.strip().equals(border)) {
                borders++;
            } else if (borders == 1) {
                inside.add(line);
            }
        }
        assertThat(borders).as("lines with %s", border).isEqualTo(2);
        return dedented(inside);
    }

    private static List<String> dedented(List<String> lines) {
        int indent = lines.stream()
                .filter(line -> !line.isBlank())
                .mapToInt(line -> line.length() - line.stripLeading().length())
                .min()
                .orElse(0);
        return lines.stream()
                .map(line -> line.isBlank() ? "" : line.substring(indent))
                .toList();
    }

    @Test
    void automaticBuildRunsTheCommandsOfTheReadme() throws IOException {
        List<String> commands = Pages.parts(Pages.ROOT.resolve("README.md")).stream()
                .filter(part -> part.language().equals("sh"))
                .flatMap(part -> part.lines().stream())
                .toList();

        assertThat(commands).contains("mvn -q compile exec:java", "mvn verify");
        assertThat(Files.readString(Pages.ROOT.resolve(".ci/run"))).contains("mvn -q compile exec:java", "mvn verify");
    }

    // ---- tables ----

    @Test
    void tablesNameAllConstants() throws IOException {
        assertThat(Pages.marked("enum"))
                .isNotEmpty()
                .allSatisfy(part -> assertThat(part.column(1))
                        .as(part.argument())
                        .isEqualTo(Arrays.stream(constants(part.argument()))
                                .map(Object::toString)
                                .toList()));
    }

    private static Object[] constants(String className) {
        return classOf(className).getEnumConstants();
    }

    @Test
    void tablesNameCallsThatExist() throws IOException {
        assertThat(Pages.marked("calls"))
                .isNotEmpty()
                .allSatisfy(part -> assertThat(part.cells(2))
                        .flatMap(cell -> CALL.matcher(cell).results().toList())
                        .isNotEmpty()
                        .allSatisfy(call -> assertThat(exists(call.group(1), call.group(2)))
                                .as(call.group())
                                .isTrue()));
    }

    private static boolean exists(String type, @Nullable String method) {
        return PACKAGES.stream()
                .map(name -> "ockam." + name + "." + type)
                .filter(name ->
                        DocumentationTest.class.getClassLoader().getResource(name.replace('.', '/') + ".class") != null)
                .flatMap(name -> Arrays.stream(classOf(name).getMethods()))
                .anyMatch(found -> method == null || found.getName().equals(method));
    }

    private static Class<?> classOf(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name + " does not exist", e);
        }
    }

    @Test
    void tableNamesAllModules() throws IOException {
        List<String> modules = MODULE.matcher(Files.readString(Pages.ROOT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(Pages.marked("modules"))
                .hasSize(1)
                .allSatisfy(part -> assertThat(part.column(1))
                        .map(cell -> cell.replaceAll("^\\[.*]\\((.*)\\)$", "$1"))
                        .isEqualTo(modules));
    }

    @Test
    void tablesNameAllKeysAndTheirDefaults() throws IOException {
        Map<String, String> described = new HashMap<>();
        for (Pages.Part part : Pages.marked("keys")) {
            for (int i = 0; i < part.column(1).size(); i++) {
                described.put(part.column(1).get(i), part.column(2).get(i));
            }
        }

        assertThat(described).isEqualTo(keys());
    }

    private static Map<String, String> keys() throws IOException {
        Map<String, String> keys = new HashMap<>();
        try (Stream<Path> modules = Files.list(Pages.ROOT.resolve("modules"))) {
            modules.map(module -> module.resolve("src/main/resources/reference.conf"))
                    .filter(Files::exists)
                    .forEach(file -> keys.putAll(keys(ConfigFactory.parseFile(file.toFile()))));
        }
        assertThat(keys).isNotEmpty();
        return keys;
    }

    private static Map<String, String> keys(Config file) {
        Config config = file.resolve().withOnlyPath("ockam");
        Map<String, String> keys = new HashMap<>();
        config.entrySet().forEach(entry -> keys.put(entry.getKey(), config.getString(entry.getKey()))); // as written
        return keys;
    }

    /** Number, what happens on the links, and the bytes of a message. */
    @Test
    void tableHasTheRungsOfTheLab() throws IOException {
        List<List<String>> rungs = RUNG.matcher(Files.readString(Pages.ROOT.resolve("modules/benchmarks/lab")))
                .results()
                .map(found -> List.of(found.group(1), found.group(2), found.group(3)))
                .toList();
        List<Pages.Part> tables = Pages.marked("rungs");

        assertThat(rungs).hasSize(9);
        assertThat(tables).hasSize(1);
        for (int i = 0; i < 3; i++) {
            int column = i;
            assertThat(tables.get(0).column(column + 1))
                    .isEqualTo(rungs.stream().map(rung -> rung.get(column)).toList());
        }
    }

    // ---- links ----

    @ParameterizedTest
    @MethodSource("ockam.tests.guards.Pages#all")
    void linksHaveTargets(Path page) throws IOException {
        String text = FENCED.matcher(Files.readString(page)).replaceAll("");

        assertThat(LINK.matcher(text).results().map(found -> found.group(1)))
                .filteredOn(link -> !link.startsWith("https://"))
                .allSatisfy(link -> assertThat(hasTarget(page, link)).isTrue());
    }

    private static boolean hasTarget(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return target.startsWith(Pages.ROOT)
                && Files.exists(target)
                && (parts.length == 1 || anchors(target).contains(parts[1]));
    }

    /** Returns the anchors that headings get on the web: lower case, hyphens for blanks, and otherwise only letters, digits and hyphens. */
    private static List<String> anchors(Path page) throws IOException {
        String text = FENCED.matcher(Files.readString(page)).replaceAll("");
        return HEADING.matcher(text)
                .results()
                .map(found -> found.group(1)
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void everyPageIsReachableFromTheReadme() throws IOException {
        List<Path> reached = new ArrayList<>(List.of(Pages.ROOT.resolve("README.md")));
        for (int i = 0; i < reached.size(); i++) {
            Path page = reached.get(i);
            LINK.matcher(Files.readString(page))
                    .results()
                    .map(found ->
                            page.resolveSibling(found.group(1).split("#", 2)[0]).normalize())
                    .filter(target -> target.toString().endsWith(".md") && Files.exists(target))
                    .filter(target -> !reached.contains(target))
                    .distinct()
                    .toList()
                    .forEach(reached::add);
        }

        assertThat(reached).containsAll(Pages.all());
    }
}
