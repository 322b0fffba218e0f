// SPDX-License-Identifier: Apache-2.0

package ockam.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What was recorded, of one process or of several: to be drawn, written, or checked with {@link RecordingAssert}. Immutable.
 *
 * <p>The events of several processes are put into one order: each process keeps its own, no message comes before it was sent, and the rest goes
 * by the clocks, which need not agree. A message that left one node by a connection and came in at another one is drawn as one arrow.
 */
public final class Recording {
    private static final String PAGE = ".html";
    private static final String DIAGRAM = ".mmd";
    private static final String LINES = ".jsonl";

    /**
     * What one process recorded.
     *
     * @param name the name of its actor system
     * @param lost how many events before these were not kept
     * @param events in the order in which they were recorded
     */
    public record Part(String name, long lost, List<Recorded> events) {
        /** Copies the events. */
        public Part {
            events = List.copyOf(events);
        }
    }

    private final List<Part> parts;

    Recording(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Reads files with JSON lines, each of them written by a process, and puts them together.
     *
     * @throws IOException if one cannot be read, or is something else
     */
    public static Recording read(Path... files) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (Path file : files) {
            try (var in = Files.newBufferedReader(file)) {
                parts.addAll(JsonLines.read(in, file.toString()));
            }
        }
        return new Recording(parts);
    }

    /** This one and another one together, which is of other processes. */
    public Recording and(Recording other) {
        List<Part> all = new ArrayList<>(parts);
        all.addAll(other.parts);
        return new Recording(all);
    }

    /** What of it happened on nodes with these names. */
    public Recording ofNodes(String... nodes) {
        Set<String> wanted = Set.copyOf(Arrays.asList(nodes));
        return new Recording(parts.stream()
                .map(process -> new Part(
                        process.name(),
                        process.lost(),
                        process.events().stream()
                                .filter(event -> wanted.contains(event.node()))
                                .toList()))
                .toList());
    }

    /** What each process recorded. */
    public List<Part> parts() {
        return parts;
    }

    /** All events, in one order. */
    public List<Recorded> events() {
        return picture().items().stream().map(Item::event).toList();
    }

    /** How many events were not kept, because the bounds of the recorder did not allow it: the oldest ones. */
    public long lost() {
        return parts.stream().mapToLong(Part::lost).sum();
    }

    /** One line of text for each line of a sequence diagram of everything, as it was recorded; for people. */
    public String text() {
        Picture picture = picture();
        return String.join("\n", Picture.lines(picture.all(), picture.names()));
    }

    /** The last lines of {@link #text()}, at most so many, and before them how many more there are; for messages of tests. */
    public String text(int most) {
        List<String> lines = text().lines().toList();
        int more = Math.max(0, lines.size() - most);
        String before = (lost() > 0 ? lost() + " events before this were not kept\n" : "")
                + (more > 0 ? more + " lines before this are not shown\n" : "");
        return before + String.join("\n", lines.subList(more, lines.size()));
    }

    /**
     * A sequence diagram in the language of Mermaid: handshakes and ciphertext are marked, nodes are boxes if there are several. It is the same
     * in every run of a program that does the same: random addresses are named by what lives there, and what happened at the same time is
     * drawn in a fixed order. At most 1,000 lines are drawn.
     */
    public String mermaid() {
        return Mermaid.of(picture(), lost());
    }

    /** A page with the sequence diagram, as it was recorded, and a table of all events that one can filter. It needs no network. */
    public String html() {
        return Html.of(picture(), this);
    }

    /** One line of JSON for each event, and one before those of a process; {@link #read} reads it. */
    public String jsonLines() {
        return JsonLines.write(parts);
    }

    /**
     * Writes a file, and the directories above it: a page, a diagram, or JSON lines, as the end of its name says.
     *
     * @param file ends in {@code .html}, {@code .mmd} or {@code .jsonl}
     * @throws IllegalArgumentException for any other name
     */
    public void write(Path file) throws IOException {
        String name = file.toString();
        String content;
        if (name.endsWith(PAGE)) {
            content = html();
        } else if (name.endsWith(DIAGRAM)) {
            content = mermaid();
        } else if (name.endsWith(LINES)) {
            content = jsonLines();
        } else {
            throw new IllegalArgumentException("a recording is written to .html, .mmd or .jsonl, not to " + name);
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Files.writeString(file, content);
    }

    static boolean isWritable(Path file) {
        String name = file.toString();
        return name.endsWith(PAGE) || name.endsWith(DIAGRAM) || name.endsWith(LINES);
    }

    Picture picture() {
        return Picture.of(this);
    }

    /** How much there is. */
    @Override
    public String toString() {
        return "Recording("
                + parts.stream().mapToInt(process -> process.events().size()).sum()
                + " events of " + parts.size() + " processes)";
    }
}
