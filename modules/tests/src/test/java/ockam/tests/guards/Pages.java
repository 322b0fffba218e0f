// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The Markdown pages of the project, and their parts. A comment before a block or a table says where its content comes from:
 *
 * <pre>
 * &lt;!-- snippet: path/File.java#name --&gt;  the Java block is the part between the lines "// #name", or the whole file without a name
 * &lt;!-- output --&gt;                        the block is what the command before it prints, until it ends
 * &lt;!-- output: waits --&gt;                 the block is what the command before it prints first; it does not end
 * &lt;!-- output: terminal-1 --&gt;            the block is what the first command of the page prints then
 * &lt;!-- output: three-hops --&gt;            the block is a possible output of the command before it, which prints its lines in varying order
 * &lt;!-- output: waits, and prints more --&gt; the same, and not all that it prints later is on the page
 * &lt;!-- output: fails --&gt;                 the block is what the command before it prints, until it ends with exit code 1; a line that begins with
 *                                          FAILED is on standard error
 * &lt;!-- logged: terminal-1 --&gt;            the block is in the log of the first command of the page, and no other warning
 * &lt;!-- drawn: run --&gt;                    the block is the diagram of what the commands of the page do
 * &lt;!-- drawn: three-hops --&gt;             the block is the diagram of a real run, compared in ockam.tests.recorder
 * &lt;!-- not run: reason --&gt;               the command is not run by the tests
 * &lt;!-- enum: ockam.routing.DropReason --&gt; the first column names all constants, in their order
 * &lt;!-- calls --&gt;                          the second column names types and methods that exist
 * &lt;!-- modules --&gt;                        the first column names all modules of the build
 * &lt;!-- keys --&gt;                           the first two columns are all keys of the reference.conf files, and their defaults
 * &lt;!-- rungs --&gt;                          the first three columns are the rungs of modules/benchmarks/lab
 * </pre>
 */
final class Pages {
    static final Path ROOT = projectRoot();
    private static final Pattern MARK =
            Pattern.compile("<!-- (snippet|output|logged|drawn|not run|enum|calls|modules|keys|rungs)(?:: (.+))? -->");

    private Pages() {}

    /** Returns the directory of the README, regardless of where the tests are started. */
    static Path projectRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve(".mvn"))) {
            directory = Objects.requireNonNull(directory.getParent(), "not inside the project");
        }
        return directory;
    }

    /** A block or a table of a page, with the mark before it. */
    record Part(String language, List<String> lines, String mark, String argument) {
        List<String> column(int number) {
            return cells(number).stream()
                    .map(cell -> cell.replaceAll("^`|`$", ""))
                    .toList();
        }

        List<String> cells(int number) {
            return lines.stream()
                    .skip(2) // head and rule
                    .map(line -> line.split("\\|", -1)[number].strip())
                    .toList();
        }
    }

    /** Returns the Markdown pages at the top and in docs. */
    static List<Path> all() throws IOException {
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

    static List<Part> marked(String mark) throws IOException {
        List<Part> marked = new ArrayList<>();
        for (Path page : all()) {
            parts(page).stream().filter(part -> part.mark().equals(mark)).forEach(marked::add);
        }
        return marked;
    }

    /** Returns the fenced blocks and the tables of a page; a mark applies to the next one, with at most blank lines between. */
    static List<Part> parts(Path page) throws IOException {
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
