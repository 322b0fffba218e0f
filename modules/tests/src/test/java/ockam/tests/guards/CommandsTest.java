// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.fixtures.Program;
import ockam.recorder.Recording;
import ockam.tests.recorder.Drawings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the commands on the pages, each in a process of its own, and compares what they print. All commands of a page run at the same time, as
 * in several terminals, in an empty directory. Ports are replaced by free ones, {@code I...} in a command by the
 * identifier that was printed before, and {@code <name>} by what was printed where it stood first. In a log, {@code ...} stands for
 * anything. Another Java process stands for Maven. What the programs do is recorded, and compared with the diagram on the page, if it has one.
 */
class CommandsTest {
    private static final Pattern COMMAND =
            Pattern.compile("mvn -q compile exec:java(?: -Dexec\\.mainClass=(\\S+))?(?: -Dexec\\.args=\"([^\"]*)\")?");
    private static final Pattern MAIN_CLASS = Pattern.compile("<exec\\.mainClass>(.+)</exec\\.mainClass>");
    private static final Pattern VARYING =
            Pattern.compile("(I\\.\\.\\.)|127\\.0\\.0\\.1:(\\d+)|\\d+\\.\\d+( s)$|<([a-z-]+)>");
    private static final Pattern PORT = Pattern.compile("(127\\.0\\.0\\.1:|--port )(\\d+)");
    private static final String RUN = "run";
    private static final String FAILED = "FAILED ";
    private static final String IDENTIFIER = "I[0-9a-f]{64}";
    private static final Pattern PROBLEM = Pattern.compile(".*\\b(WARN|ERROR)\\b.*");

    @TempDir
    Path directory;

    private final List<Program> programs = new ArrayList<>();
    private final Set<Program> talkative = new HashSet<>();
    private final Map<Program, List<Pattern>> logged = new HashMap<>();
    private final Map<String, String> ports = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private @Nullable String identifier;

    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    void commandsPrintWhatThePageSays(Path page) throws Exception {
        try {
            for (Pages.Part part : Pages.parts(page)) {
                if (isRun(part)) {
                    assertThat(part.lines()).as("a block has one command").hasSize(1);
                    run(part.lines().get(0));
                } else if (part.mark().equals("output")) {
                    expect(part);
                } else if (part.mark().equals("logged")) {
                    expectInLog(part);
                }
            }
            for (Program program : programs) {
                assertThat(talkative.contains(program) ? List.of() : program.unread())
                        .isEmpty();
                assertThat(program.errors().lines())
                        .filteredOn(line -> !line.endsWith(" its channels are encrypted, but open to everyone."))
                        .filteredOn(line -> logged.getOrDefault(program, List.of()).stream()
                                .noneMatch(wanted -> wanted.matcher(line).matches()))
                        .noneMatch(line -> PROBLEM.matcher(line).matches())
                        .noneMatch(line -> line.startsWith("SLF4J"));
            }
            requireDrawing(page);
        } finally {
            programs.forEach(Program::kill);
        }
    }

    /** What the programs of a page have recorded, compared with the diagram on it, if it has one. */
    private void requireDrawing(Path page) throws Exception {
        if (Pages.parts(page).stream()
                .noneMatch(
                        part -> part.mark().equals("drawn") && part.argument().equals(RUN))) {
            return;
        }
        for (Program program : programs) {
            program.terminate();
        }
        Path[] files =
                IntStream.range(0, programs.size()).mapToObj(this::recordingOf).toArray(Path[]::new);
        Drawings.assertDrawn(Pages.ROOT.relativize(page).toString(), RUN, Recording.read(files));
    }

    private Path recordingOf(int program) {
        return directory.resolve("recording-" + program + ".jsonl");
    }

    private static List<Path> pagesWithCommands() throws IOException {
        List<Path> pages = new ArrayList<>();
        for (Path page : Pages.all()) {
            if (Pages.parts(page).stream().anyMatch(CommandsTest::isRun)) {
                pages.add(page);
            }
        }
        return pages;
    }

    private static boolean isRun(Pages.Part part) {
        return part.language().equals("sh") && !part.mark().equals("not run");
    }

    private Program last() {
        return programs.get(programs.size() - 1);
    }

    private void run(String line) throws IOException {
        Matcher command = COMMAND.matcher(line);
        assertThat(command.matches())
                .as("only programs of this project are run: %s", line)
                .isTrue();
        String mainClass = Objects.requireNonNullElseGet(command.group(1), CommandsTest::mainClassOfTheProject);
        String arguments = Objects.requireNonNullElse(command.group(2), "");
        String given = PORT.matcher(arguments)
                .replaceAll(found -> found.group(1) + ports.getOrDefault(found.group(2), "0"))
                .replace("I...", Objects.requireNonNullElse(identifier, "no identifier was printed yet"));
        String own = withValues(given);
        assertThat(own).as("nothing was printed yet for a name").doesNotContain("<");
        programs.add(Program.startIn(
                Files.createDirectories(directory.resolve("work")),
                directory.resolve("err-" + programs.size()),
                List.of("-Dockam.recorder.enabled=on", "-Dockam.recorder.file=" + recordingOf(programs.size())),
                classOf(mainClass),
                own.isEmpty() ? new String[0] : own.split(" ")));
    }

    private static String mainClassOfTheProject() {
        try {
            Matcher found = MAIN_CLASS.matcher(Files.readString(Pages.ROOT.resolve("pom.xml")));
            assertThat(found.find()).isTrue();
            return found.group(1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Class<?> classOf(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new AssertionError(name + " does not exist", e);
        }
    }

    private void expect(Pages.Part part) throws Exception {
        String argument = part.argument();
        if (argument.equals("three-hops")) {
            ExamplesTest.requireOutputOfThreeHops(part.lines());
            ExamplesTest.requireOutputOfThreeHops(last().lines().toList());
            last().endsWith(0);
            return;
        }
        Program program = argument.startsWith("terminal-")
                ? programs.get(Integer.parseInt(argument.substring("terminal-".length())) - 1)
                : last();
        for (String line : part.lines()) {
            if (!line.startsWith(FAILED)) {
                expect(line, program.nextLine());
            }
        }
        if (argument.equals("waits, and prints more")) {
            talkative.add(program);
        } else if (argument.isEmpty()) {
            assertThat(program.lines()).isEmpty();
            program.endsWith(0);
        } else if (argument.equals("fails")) {
            assertThat(program.lines()).isEmpty();
            program.endsWith(1);
            expectInErrors(
                    program,
                    part.lines().stream()
                            .filter(line -> line.startsWith(FAILED))
                            .toList());
        }
    }

    private void expectInLog(Pages.Part part) throws IOException {
        Program program = programs.get(Integer.parseInt(part.argument().substring("terminal-".length())) - 1);
        logged.put(program, expectInErrors(program, part.lines()));
    }

    private List<Pattern> expectInErrors(Program program, List<String> lines) throws IOException {
        List<Pattern> patterns =
                lines.stream().map(line -> inLog(withValues(line))).toList();
        assertThat(patterns).isNotEmpty();
        List<String> errors = program.errors().lines().toList();
        for (Pattern pattern : patterns) {
            assertThat(errors).anyMatch(line -> pattern.matcher(line).matches());
        }
        return patterns;
    }

    /** A line as the page shows it, in which dots stand for anything. */
    private static Pattern inLog(String shown) {
        return Pattern.compile(
                Stream.of(shown.split("\\.\\.\\.", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    /** Puts what was printed in the place of its name. */
    private String withValues(String text) {
        String result = text;
        for (Map.Entry<String, String> each : values.entrySet()) {
            result = result.replace("<" + each.getKey() + ">", each.getValue());
        }
        return result;
    }

    /** Compares two lines, and remembers the port or the identifier that the program has printed. */
    private void expect(String line, String printed) {
        String shown = withValues(line);
        Matcher varying = VARYING.matcher(shown);
        StringBuilder pattern = new StringBuilder();
        List<String> shownPorts = new ArrayList<>();
        List<String> names = new ArrayList<>();
        int end = 0;
        while (varying.find()) {
            pattern.append(Pattern.quote(shown.substring(end, varying.start())));
            if (varying.group(1) != null) {
                pattern.append("(?<identifier>").append(IDENTIFIER).append(')');
            } else if (varying.group(2) != null) {
                pattern.append("127\\.0\\.0\\.1:(?<port>\\d+)");
                shownPorts.add(varying.group(2));
            } else if (varying.group(4) != null) {
                pattern.append("(?<value").append(names.size()).append(">\\S+)");
                names.add(varying.group(4));
            } else {
                pattern.append("\\d+\\.\\d+ s");
            }
            end = varying.end();
        }
        pattern.append(Pattern.quote(shown.substring(end)));
        assertThat(printed).matches(pattern.toString());
        Matcher found = Pattern.compile(pattern.toString()).matcher(printed);
        assertThat(found.matches()).isTrue();
        if (!shownPorts.isEmpty()) {
            String known = ports.putIfAbsent(shownPorts.get(0), found.group("port"));
            assertThat(known == null || known.equals(found.group("port"))).isTrue();
        }
        for (int i = 0; i < names.size(); i++) {
            values.put(names.get(i), found.group("value" + i));
        }
        if (identifier == null && pattern.indexOf("identifier") >= 0) {
            identifier = found.group("identifier");
        }
    }

    // ---- the rules ----

    @ParameterizedTest
    @MethodSource("ockam.tests.guards.Pages#all")
    void everyCommandIsRunAndComparedOrSaysWhyNot(Path page) throws IOException {
        @Nullable String waiting = null;
        for (Pages.Part part : Pages.parts(page)) {
            if (part.language().equals("sh")) {
                assertThat(waiting).as("a command without its output").isNull();
                waiting = isRun(part) ? part.lines().get(0) : null;
                assertThat(!part.mark().equals("not run") || !part.argument().isEmpty())
                        .as("reason why not: %s", part.lines())
                        .isTrue();
            } else if (part.mark().equals("output")) {
                assertThat(waiting == null).isEqualTo(part.argument().startsWith("terminal-"));
                waiting = null;
            } else if (part.language().equals("text")) {
                assertThat(waiting)
                        .as("an output without a mark: %s", part.lines())
                        .isNull();
            }
        }
        assertThat(waiting).as("a command without its output").isNull();
    }

    @Test
    void linesAreComparedWithOthersInTheirPlace() {
        expect("IDENTIFIER I...", "IDENTIFIER I" + "0a".repeat(32));
        expect("Listening at 127.0.0.1:4000", "Listening at 127.0.0.1:12345");
        expect("Listening at 127.0.0.1:4000", "Listening at 127.0.0.1:12345");
        expect("ECHOES 1 of 5 in 0.021 s", "ECHOES 1 of 5 in 13.5 s");
        expect("KEY <key> OF <owner>", "KEY 0a OF bob");
        expect("KEY <key>", "KEY 0a");
        assertThat(values).containsOnly(Map.entry("key", "0a"), Map.entry("owner", "bob"));
        assertThat(withValues("--key <key> <other>")).isEqualTo("--key 0a <other>");
        assertThat(inLog("... WARN it is a (1 ...")
                        .matcher("12:00 WARN it is a (1 so far)")
                        .matches())
                .isTrue();
        assertThat(inLog("... WARN it is")
                        .matcher("12:00 WARN it is a (1 so far)")
                        .matches())
                .isFalse();
        assertThat(identifier).isEqualTo("I" + "0a".repeat(32));
        assertThat(ports).containsExactly(Map.entry("4000", "12345"));

        for (String other : List.of("IDENTIFIER I...", "IDENTIFIER I0a", "identifier I" + "0a".repeat(32))) {
            assertThatThrownBy(() -> expect("IDENTIFIER I...", other)).hasMessageContaining("to match");
        }
        assertThatThrownBy(() -> expect("ECHOES 1 of 5 in 0.021 s", "ECHOES 1 of 6 in 0.021 s"))
                .hasMessageContaining("to match");
        assertThatThrownBy(() -> expect("KEY <key>", "KEY 0b")).hasMessageContaining("to match");
        assertThatThrownBy(() -> expect("at 127.0.0.1:4000", "at 127.0.0.1:1")).isInstanceOf(AssertionError.class);
    }
}
