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
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keeps the pages correct. A comment before a block or a table says where its content comes from:
 *
 * <pre>
 * &lt;!-- snippet: path/File.java#name --&gt;  the Java block is the part between the lines "// #name", or the whole file without a name
 * &lt;!-- output: three-hops --&gt;            the block is a possible output of the program
 * &lt;!-- enum: ockam.routing.DropReason --&gt; the first column names all constants, in their order
 * &lt;!-- modules --&gt;                        the first column names all modules of the build
 * &lt;!-- keys --&gt;                           the first two columns are all keys of the reference.conf files, and their defaults
 * </pre>
 */
class DocumentationTest {
    private static final Path ROOT = projectRoot();
    private static final Pattern MARK = Pattern.compile("<!-- (snippet|output|enum|modules|keys)(?:: (\\S+))? -->");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);
    private static final Pattern FENCED = Pattern.compile("^```.*?^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern MODULE = Pattern.compile("<module>(.+?)</module>");

    /** Returns the directory of the README, regardless of where the tests are started. */
    static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve(".mvn"))) {
            directory = Objects.requireNonNull(directory.getParent(), "not inside the project");
        }
        return directory;
    }

    /** A block or a table of a page, with the mark before it. */
    private record Part(String language, List<String> lines, String mark, String argument) {
        List<String> column(int number) {
            return lines.stream()
                    .skip(2) // head and rule
                    .map(line -> line.split("\\|", -1)[number].strip().replaceAll("^`|`$", ""))
                    .toList();
        }
    }

    // ---- code and output ----

    @ParameterizedTest
    @MethodSource("pages")
    void javaOnPagesIsCompiledCode(Path page) throws IOException {
        for (Part part : parts(page)) {
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
            return Files.readAllLines(ROOT.resolve(reference));
        }
        String border = "// " + reference.substring(hash);
        List<String> inside = new ArrayList<>();
        int borders = 0;
        for (String line : Files.readAllLines(ROOT.resolve(reference.substring(0, hash)))) {
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
    void outputIsWhatTheProgramPrints() throws IOException {
        assertThat(marked("output"))
                .isNotEmpty()
                .allSatisfy(part -> ExamplesTest.requireOutputOfThreeHops(part.lines()));
    }

    @Test
    void automaticBuildRunsTheCommandsOfTheReadme() throws IOException {
        List<String> commands = parts(ROOT.resolve("README.md")).stream()
                .filter(part -> part.language().equals("sh"))
                .flatMap(part -> part.lines().stream())
                .toList();

        assertThat(commands).contains("mvn -q compile exec:java", "mvn verify");
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("mvn -q compile exec:java", "mvn verify");
    }

    // ---- tables ----

    @Test
    void tablesNameAllConstants() throws IOException {
        assertThat(marked("enum"))
                .isNotEmpty()
                .allSatisfy(part -> assertThat(part.column(1))
                        .as(part.argument())
                        .isEqualTo(Arrays.stream(constants(part.argument()))
                                .map(Object::toString)
                                .toList()));
    }

    private static Object[] constants(String className) {
        try {
            return Class.forName(className).getEnumConstants();
        } catch (ClassNotFoundException e) {
            throw new AssertionError(className + " does not exist", e);
        }
    }

    @Test
    void tableNamesAllModules() throws IOException {
        List<String> modules = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(marked("modules"))
                .hasSize(1)
                .allSatisfy(part -> assertThat(part.column(1))
                        .map(cell -> cell.replaceAll("^\\[.*]\\((.*)\\)$", "$1"))
                        .isEqualTo(modules));
    }

    @Test
    void tablesNameAllKeysAndTheirDefaults() throws IOException {
        Map<String, String> described = new HashMap<>();
        for (Part part : marked("keys")) {
            for (int i = 0; i < part.column(1).size(); i++) {
                described.put(part.column(1).get(i), part.column(2).get(i));
            }
        }

        assertThat(described).isEqualTo(keys());
    }

    private static Map<String, String> keys() throws IOException {
        Map<String, String> keys = new HashMap<>();
        try (Stream<Path> modules = Files.list(ROOT.resolve("modules"))) {
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

    // ---- links ----

    @ParameterizedTest
    @MethodSource("pages")
    void linksHaveTargets(Path page) throws IOException {
        String text = FENCED.matcher(Files.readString(page)).replaceAll("");

        assertThat(LINK.matcher(text).results().map(found -> found.group(1)))
                .filteredOn(link -> !link.startsWith("https://"))
                .allSatisfy(link -> assertThat(hasTarget(page, link)).isTrue());
    }

    private static boolean hasTarget(Path page, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return target.startsWith(ROOT)
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
        List<Path> reached = new ArrayList<>(List.of(ROOT.resolve("README.md")));
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

        assertThat(reached).containsAll(pages());
    }

    // ---- pages and their parts ----

    /** Returns the Markdown pages at the top and in docs. */
    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .forEach(pages::add);
        }
        return pages;
    }

    private static List<Part> marked(String mark) throws IOException {
        List<Part> marked = new ArrayList<>();
        for (Path page : pages()) {
            parts(page).stream().filter(part -> part.mark().equals(mark)).forEach(marked::add);
        }
        return marked;
    }

    /** Returns the fenced blocks and the tables of a page; a mark applies to the next one, with at most blank lines between. */
    private static List<Part> parts(Path page) throws IOException {
        List<Part> parts = new ArrayList<>();
        List<String> lines = Files.readAllLines(page);
        MatchResult mark = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher found = MARK.matcher(line);
            if (found.matches()) {
                assertThat(mark).as("mark without a part, before: %s", line).isNull();
                mark = found.toMatchResult();
            } else if (line.startsWith("```")) {
                int end = i + 1;
                while (!lines.get(end).equals("```")) {
                    end++;
                }
                parts.add(part(line.substring(3), lines.subList(i + 1, end), mark));
                mark = null;
                i = end;
            } else if (line.startsWith("|")) {
                int end = i;
                while (end < lines.size() && lines.get(end).startsWith("|")) {
                    end++;
                }
                parts.add(part("", lines.subList(i, end), mark));
                mark = null;
                i = end - 1;
            } else {
                assertThat(mark == null || line.isBlank())
                        .as("mark without a part, before: %s", line)
                        .isTrue();
            }
        }
        return parts;
    }

    private static Part part(String language, List<String> lines, @Nullable MatchResult mark) {
        return new Part(
                language,
                List.copyOf(lines),
                mark == null ? "" : mark.group(1),
                mark == null ? "" : Objects.requireNonNullElse(mark.group(2), ""));
    }
}
