// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the citations of the protocol in code and pages. {@code (routing, section 1.5)} has to be a numbered heading of
 * docs/protocol/routing.md; in {@code (secure channel, section 9, item 12)}, the section has to have an item with that number.
 * Anything that looks like a citation in a different style is refused. The style is described in docs/protocol/README.md.
 */
class ProtocolCitationsTest {
    private static final Path ROOT = Pages.ROOT;
    private static final Path PROTOCOL = ROOT.resolve("docs/protocol");

    private static final String PAGE = "(routing|secure +channel|services|authority)";
    private static final String NUMBER = "\\d+(?:\\.\\d+)*";
    private static final String NUMBERS =
            "(" + NUMBER + "(?:(?:,| +and| +to)+ +" + NUMBER + ")*)"; // well formed or not
    private static final Pattern CITATION =
            anyCase("\\b" + PAGE + ", +(sections?) +" + NUMBERS + "(?:, +(items?|steps?|rules?) +" + NUMBERS + ")?");
    private static final Pattern OF_SOMETHING_ELSE = anyCase("\\bRFC +\\d+, +sections? +" + NUMBERS);
    private static final Pattern OTHER_STYLE = anyCase(String.join(
            "|",
            "\\b" + PAGE + ",? +" + NUMBERS,
            "\\bsections? +" + NUMBERS,
            "\\bchecklists?,?(?: +items?)? +" + NUMBERS,
            "\\bexamples? +\\d+\\.\\d+",
            "\\b(?-i:[RSVA]) \\d+\\.\\d+",
            "(?<= )\\(\\d\\.\\d+(?:, +\\d\\.\\d+)*\\)",
            "\u00a7+ *(?:" + NUMBERS + ")?"));
    private static final Pattern LIST =
            Pattern.compile("E(?:(?:, E)* and E)?".replace("E", NUMBER + "(?: to " + NUMBER + ")?"));

    /** The section of the page on authorities with the checklist, and its row about what this library does not have. */
    private static final String CHECKLIST = "10";

    private static final Map<String, String> UNTESTED =
            Map.of("38", "policies that are stored, and changed by requests");

    private static final Pattern HEADING = Pattern.compile("(##+) (?:(" + NUMBER + ")\\.? )?.*");
    private static final Pattern ITEM = Pattern.compile("(\\d+)\\. .*");
    /** The end of a line, and the start of the next one: blanks, and the marker of a continued comment. */
    private static final Pattern LINE_BREAK = Pattern.compile("\\R[ \\t]*(?:\\*(?!/)|//+)?");

    private final Map<String, Map<String, Set<String>>> pages = new HashMap<>();

    ProtocolCitationsTest() throws IOException {
        for (String page : List.of("routing", "secure channel", "services", "authority")) {
            pages.put(page, sections(PROTOCOL.resolve(fileName(page))));
        }
    }

    private static String fileName(String page) {
        return page.replace(' ', '-') + ".md";
    }

    private static Pattern anyCase(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    /** A problem, and where it begins in a text. */
    private record Problem(int offset, String what) {}

    // ---- code and pages ----

    @Test
    void citationsExist() throws IOException {
        List<String> problems = new ArrayList<>();
        int citations = 0;
        for (Path file : files()) {
            String text = Files.readString(file);
            for (Problem problem : problems(text)) {
                long before = text.substring(0, problem.offset())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
                problems.add(ROOT.relativize(file) + ":" + (before + 1) + ": " + problem.what());
            }
            citations += (int) CITATION.matcher(onOneLine(text)).results().count();
        }

        assertThat(problems).as("citations of the protocol").isEmpty();
        assertThat(citations).as("citations of the protocol").isPositive();
    }

    private static List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> modules = Files.walk(ROOT.resolve("modules"));
                Stream<Path> examples = Files.walk(ROOT.resolve("examples"))) {
            Stream.concat(modules, examples)
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("ProtocolCitationsTest.java")) // has deliberate mistakes
                    .sorted()
                    .forEach(files::add);
        }
        Pages.all().stream().filter(page -> !page.startsWith(PROTOCOL)).forEach(files::add);
        return files;
    }

    /** The tests of a row of the checklist cite it; of some rows there is nothing to test. */
    @Test
    void everyRowOfTheChecklistOfAuthoritiesHasATest() throws IOException {
        Set<String> cited = new TreeSet<>();
        for (Path file : files()) {
            if (file.toString().contains("/src/test/")) {
                CITATION.matcher(onOneLine(Files.readString(file)))
                        .results()
                        .filter(citation -> citation.group(1).equalsIgnoreCase("authority"))
                        .filter(citation -> citation.group(3).equals(CHECKLIST) && citation.group(5) != null)
                        .forEach(citation -> cited.addAll(expanded(singleSpaced(citation.group(5)))));
            }
        }

        Set<String> rows = new TreeSet<>(Objects.requireNonNull(
                Objects.requireNonNull(pages.get("authority")).get(CHECKLIST)));
        assertThat(rows).hasSize(45).containsAll(UNTESTED.keySet());
        rows.removeAll(UNTESTED.keySet());
        assertThat(cited).isEqualTo(rows);
    }

    private static List<String> expanded(String list) {
        return Pattern.compile("(\\d+)(?: to (\\d+))?")
                .matcher(list)
                .results()
                .flatMap(found -> IntStream.rangeClosed(
                                Integer.parseInt(found.group(1)),
                                Integer.parseInt(Objects.requireNonNullElse(found.group(2), found.group(1))))
                        .mapToObj(Integer::toString))
                .toList();
    }

    // ---- the style ----

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/** A worker (routing, section 1.5). */",
                "Routing, sections 6.3 and 6.5, without a node.",
                "(the order is that of secure channel, section 3.3, step 2)",
                "(secure channel, sections 2.3, 3.1 to 3.3 and 4.8)",
                "(secure channel, section 9, items 8, 9 and 11 to 14)",
                "(routing, section 1.5; secure channel, section 6.1)",
                "/**\n     * Passes a message on (secure\n     * channel, section\n     * 6.1).\n     */",
                "// as in services,\n    // section 1.3",
                "([authority, section 7.2](protocol/authority.md#72-refresh-on-a-live-channel))",
                "RFC 8949, section 4.2.1"
            })
    void acceptsTheStyle(String text) {
        assertThat(problems(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(section 1.5)",
                "(routing 1.5)",
                "(routing, 1.5)",
                "(routing section 1.5)",
                "(routing, sections 1.5)",
                "(routing, section 1.5 and 1.6)",
                "(routing, sections 1.5, 1.6)",
                "(routing, section 1.5; section 1.6)",
                "(secure channel, section 9, items 12)",
                "(secure channel\n * 4.6)",
                "checklist 12",
                "example 8.2",
                "R 2.3",
                "an attestation that has ended (4.5, 4.8).",
                "\u00a7 4.5"
            })
    void refusesOtherStyles(String text) {
        assertThat(problems(text)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(routing, section 9)",
                "(routing, section 1.11)",
                "(routing, sections 1.5 and 9.1)",
                "(routing, sections 1.5 to 1.99)",
                "(secure channel, section 9, item 62)",
                "(secure channel, section 9, items 1 to 62)",
                "(routing, section 7.7, item 1)"
            })
    void refusesCitationsWithoutTarget(String text) {
        assertThat(problems(text)).hasSize(1);
    }

    // ---- one text ----

    private List<Problem> problems(String text) {
        List<Problem> problems = new ArrayList<>();
        String line = onOneLine(text);
        Matcher citation = CITATION.matcher(line);
        while (citation.find()) {
            String fault = fault(citation);
            if (fault != null) {
                problems.add(new Problem(citation.start(), singleSpaced(citation.group()) + ": " + fault));
            }
        }
        String rest = blankedOut(CITATION, blankedOut(OF_SOMETHING_ELSE, line));
        Matcher other = OTHER_STYLE.matcher(rest);
        while (other.find()) {
            problems.add(new Problem(
                    other.start(), singleSpaced(other.group()) + ": not in the style of docs/protocol/README.md"));
        }
        return problems;
    }

    private @Nullable String fault(Matcher citation) {
        String page = singleSpaced(citation.group(1)).toLowerCase(Locale.ROOT);
        String sections = singleSpaced(citation.group(3));
        String kind = citation.group(4);
        String items = kind == null ? "" : singleSpaced(Objects.requireNonNull(citation.group(5)));
        if (!wellFormed(citation.group(2), sections) || (kind != null && !wellFormed(kind, items))) {
            return "not in the style of docs/protocol/README.md";
        }

        Map<String, Set<String>> present = Objects.requireNonNull(pages.get(page));
        for (String section : numbers(sections)) {
            Set<String> presentItems = present.get(section);
            if (presentItems == null) {
                return fileName(page) + " has no section " + section;
            }
            for (String item : numbers(items)) {
                if (!presentItems.contains(item)) {
                    return "section " + section + " of " + fileName(page) + " has no item " + item;
                }
            }
        }
        return null;
    }

    /** One number after a singular word, several after a plural one. */
    private static boolean wellFormed(String word, String numbers) {
        boolean several = !numbers.matches(NUMBER);
        return several == word.endsWith("s") && LIST.matcher(numbers).matches();
    }

    private static List<String> numbers(String list) {
        return Pattern.compile(NUMBER)
                .matcher(list)
                .results()
                .map(found -> found.group())
                .toList();
    }

    private static String onOneLine(String text) {
        return blankedOut(LINE_BREAK, text);
    }

    /** Returns the text with blanks in place of all matches, so that everything else keeps its position. */
    private static String blankedOut(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceAll(found -> " ".repeat(found.group().length()));
    }

    private static String singleSpaced(String text) {
        return text.replaceAll(" +", " ");
    }

    // ---- the pages of the protocol ----

    /** Returns the section numbers of a page, with the item numbers in each. */
    private static Map<String, Set<String>> sections(Path page) throws IOException {
        Map<String, Set<String>> sections = new LinkedHashMap<>();
        Set<String> items = new TreeSet<>();
        boolean fenced = false;
        for (String line : Files.readAllLines(page)) {
            fenced ^= line.startsWith("```");
            Matcher heading = HEADING.matcher(line);
            Matcher item = ITEM.matcher(line);
            if (!fenced && heading.matches()) {
                String number = heading.group(2);
                if (number != null) {
                    items = new TreeSet<>();
                    assertThat(sections.put(number, items))
                            .as("%s: other section %s", page, number)
                            .isNull();
                } else if (heading.group(1).equals("##")) {
                    items = new TreeSet<>();
                }
            } else if (!fenced && item.matches()) {
                items.add(item.group(1));
            }
        }
        return sections;
    }
}
