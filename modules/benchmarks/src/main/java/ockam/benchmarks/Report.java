// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the figures as Markdown: the ratios at which goals are set, then everything that was measured, then the machine. */
final class Report {
    private static final int SIZE = 1024;
    private static final int LARGE = 16 * 1024;
    private static final int ENDS = 2;
    private static final int NO_HOPS = 0;
    private static final int MANY_HOPS = 16;

    private final Figures figures;
    private final Settings settings;
    private final List<String> traffics;
    private final Machine machine;
    private final MarkdownTables text = new MarkdownTables();

    /** The machine on which the figures were measured. The versions come from the script that built the Rust program. */
    record Machine(String processor, int cores, double loadBefore, String jvm, long heap, String rustc, String ockam) {
        static Machine now() throws IOException {
            Runtime runtime = Runtime.getRuntime();
            return new Machine(
                    processorName(),
                    runtime.availableProcessors(),
                    load(),
                    System.getProperty("java.vm.name") + " " + Runtime.version() + ", "
                            + ManagementFactory.getGarbageCollectorMXBeans()
                                    .get(0)
                                    .getName(),
                    runtime.maxMemory(),
                    fromEnvironment("OCKAM_BENCHMARKS_RUSTC"),
                    fromEnvironment("OCKAM_BENCHMARKS_CRATE"));
        }

        static double load() {
            return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        }

        /** Writes what a reader needs to know to judge the figures. */
        void write(MarkdownTables text, Settings settings) {
            text.title("Machine");
            text.append("""
                    - %d cores, %s
                    - load average of the machine %s before, %s after
                    - %s, heap of at most %d MiB
                    - %s, crate ockam %s
                    - turns of %s s, %d for each figure, alternating contenders; the median counts
                    """.formatted(
                            cores,
                            processor,
                            MarkdownTables.rounded(loadBefore),
                            MarkdownTables.rounded(load()),
                            jvm,
                            heap >> 20,
                            rustc,
                            ockam,
                            settings.seconds(),
                            settings.repetitions()));
        }

        private static String processorName() throws IOException {
            Path cpuinfo = Path.of("/proc/cpuinfo");
            Optional<String> name = Files.isReadable(cpuinfo)
                    ? Files.readAllLines(cpuinfo).stream()
                            .filter(line -> line.startsWith("model name"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst()
                    : Optional.empty();
            return name.orElse(System.getProperty("os.arch"));
        }

        private static String fromEnvironment(String name) {
            String value = System.getenv(name);
            return value == null ? "unknown" : value;
        }
    }

    Report(Figures figures, Settings settings, List<String> traffics, Machine machine) {
        this.figures = figures;
        this.settings = settings;
        this.traffics = traffics;
        this.machine = machine;
    }

    String markdown() {
        goals();
        if (settings.parts().contains("one-way")) {
            oneWay();
            floors();
        }
        if (settings.parts().contains("round-trip")) {
            roundTrip();
        }
        if (settings.parts().contains("handshake")) {
            handshake();
        }
        if (settings.parts().contains("credentials")) {
            credentials();
        }
        if (settings.parts().contains("idle")) {
            idle();
        }
        machine.write(text, settings);
        return text.toString();
    }

    private void goals() {
        Cell small = new Cell(SideBySide.HOPS, SIZE);
        Cell large = new Cell(SideBySide.HOPS, LARGE);
        text.row("Measure", "Goal", "Measured", "Reached");
        text.row("---", "---", "---:", "---");
        for (String traffic : traffics) {
            goal(
                    "one way, 3 hops, 1 KiB, " + traffic + ": to Rust",
                    4,
                    true,
                    perSecond(traffic, small) / perSecond(SideBySide.RUST, small),
                    "x");
            goal(
                    "one way, 3 hops, 16 KiB, " + traffic + ": to Rust",
                    3,
                    true,
                    perSecond(traffic, large) / perSecond(SideBySide.RUST, large),
                    "x");
            goal(
                    "one way, 3 hops, 16 KiB, " + traffic + ": to sealing and opening on two cores",
                    60,
                    true,
                    100 * perSecond(traffic, large) / perSecond(SideBySide.CIPHER_TWO_THREADS, large),
                    "%");
        }
        for (Measure measure : List.of(Measure.MEDIAN, Measure.P99)) {
            goal(
                    "round trip at idle, 3 hops, 1 KiB, " + (measure == Measure.P99 ? "p99" : "median") + ": to Rust",
                    1,
                    false,
                    figures.get(measure, SideBySide.OURS, small) / figures.get(measure, SideBySide.RUST, small),
                    "x");
        }
        for (String traffic : traffics) {
            goal(
                    "one more hop, " + traffic + ": to a bare tell",
                    1.5,
                    false,
                    nanosOfOneMore(traffic) / nanosOfOneMore(SideBySide.BARE_TELLS),
                    "x");
        }
        double handshake = figures.get(Measure.MEDIAN, SideBySide.OURS, Cell.NONE);
        goal(
                "handshake, 3 hops, both sides: to its curve work",
                1.25,
                false,
                handshake / figures.get(Measure.MEDIAN, SideBySide.CURVE_WORK, Cell.NONE),
                "x");
        goal(
                "handshake, 3 hops, both sides: to Rust",
                1,
                false,
                handshake / figures.get(Measure.MEDIAN, SideBySide.RUST, Cell.NONE),
                "x");
        for (String traffic : traffics.subList(1, traffics.size())) {
            goal(
                    "3 hops, 1 KiB, " + traffics.get(0) + ": to " + traffic,
                    70,
                    true,
                    100 * perSecond(traffics.get(0), small) / perSecond(traffic, small),
                    "%");
        }
        for (int count : settings.idle()) {
            goal(
                    "idle channel of " + MarkdownTables.grouped(count) + ", heap at each end, half of both",
                    10,
                    false,
                    figures.get(Measure.HEAP, IdleChannels.USED, new Cell(SideBySide.HOPS, count)) / ENDS / 1024,
                    " KiB");
        }
        for (String traffic : traffics) {
            goal(
                    "allocated per message, 3 hops, 1 KiB, " + traffic + ": beyond sealing and opening",
                    2048,
                    false,
                    figures.get(Measure.ALLOCATED, traffic, small)
                            - figures.get(Measure.ALLOCATED, SideBySide.CIPHER_ONE_THREAD, small),
                    " B");
        }
    }

    private void goal(String measure, double goal, boolean atLeast, double measured, String unit) {
        boolean known = !Double.isNaN(measured);
        boolean reached = atLeast ? measured >= goal : measured <= goal;
        text.row(
                measure,
                (atLeast ? "at least " : "at most ") + MarkdownTables.rounded(goal) + unit,
                known ? MarkdownTables.rounded(measured) + unit : "-",
                known ? reached ? "yes" : "no" : "-");
    }

    private void oneWay() {
        text.title("One way, messages per second");
        List<String> head = new ArrayList<>(List.of("payload", "hops"));
        for (String traffic : traffics) {
            head.addAll(List.of(traffic, "times Rust", "bytes allocated per message"));
        }
        head.addAll(List.of("Rust", "bare tells through the same number of actors"));
        text.row(head.toArray(String[]::new));
        text.row(head.stream().map(column -> "---:").toArray(String[]::new));
        for (int size : settings.sizes()) {
            for (int hops : settings.hops()) {
                Cell cell = new Cell(hops, size);
                List<String> cells = new ArrayList<>(List.of(MarkdownTables.size(size), Integer.toString(hops)));
                for (String traffic : traffics) {
                    cells.add(MarkdownTables.grouped(perSecond(traffic, cell)));
                    cells.add(MarkdownTables.rounded(perSecond(traffic, cell) / perSecond(SideBySide.RUST, cell)));
                    cells.add(MarkdownTables.grouped(figures.get(Measure.ALLOCATED, traffic, cell)));
                }
                cells.add(MarkdownTables.grouped(perSecond(SideBySide.RUST, cell)));
                cells.add(MarkdownTables.grouped(perSecond(SideBySide.BARE_TELLS, cell)));
                text.row(cells.toArray(String[]::new));
            }
        }
        text.append("\nOne more hop, at 1 KiB, between 0 and 16 hops:\n\n");
        for (String of : allOneWay()) {
            text.append("- " + of + ": " + MarkdownTables.grouped(nanosOfOneMore(of)) + " ns\n");
        }
    }

    private void floors() {
        text.title("The floor: frames of the same length, sealed and opened by the JDK's cipher in a loop, per second");
        text.row("payload", "one thread", "two threads", "bytes allocated per message");
        text.row("---:", "---:", "---:", "---:");
        for (int size : settings.sizes()) {
            Cell cell = new Cell(SideBySide.HOPS, size);
            text.row(
                    MarkdownTables.size(size),
                    MarkdownTables.grouped(perSecond(SideBySide.CIPHER_ONE_THREAD, cell)),
                    MarkdownTables.grouped(perSecond(SideBySide.CIPHER_TWO_THREADS, cell)),
                    MarkdownTables.grouped(figures.get(Measure.ALLOCATED, SideBySide.CIPHER_ONE_THREAD, cell)));
        }
    }

    private void roundTrip() {
        text.title("Round trip at idle, microseconds");
        text.row("payload", "hops", "ours, median", "ours, p99", "Rust, median", "Rust, p99");
        text.row("---:", "---:", "---:", "---:", "---:", "---:");
        for (int size : settings.sizes()) {
            for (int hops : settings.hops()) {
                Cell cell = new Cell(hops, size);
                text.row(
                        MarkdownTables.size(size),
                        Integer.toString(hops),
                        micros(Measure.MEDIAN, SideBySide.OURS, cell),
                        micros(Measure.P99, SideBySide.OURS, cell),
                        micros(Measure.MEDIAN, SideBySide.RUST, cell),
                        micros(Measure.P99, SideBySide.RUST, cell));
            }
        }
    }

    private void handshake() {
        text.title("Handshake over 3 hops until the first reply, microseconds");
        text.row("ours, median", "ours, p99", "Rust, median", "curve work of both sides");
        text.row("---:", "---:", "---:", "---:");
        text.row(
                micros(Measure.MEDIAN, SideBySide.OURS, Cell.NONE),
                micros(Measure.P99, SideBySide.OURS, Cell.NONE),
                micros(Measure.MEDIAN, SideBySide.RUST, Cell.NONE),
                micros(Measure.MEDIAN, SideBySide.CURVE_WORK, Cell.NONE));
    }

    private void credentials() {
        text.title("Handshake with credentials over 3 hops until the first reply, microseconds");
        text.row(
                "credential presented by",
                "ours, median",
                "ours, p99",
                "Rust, median",
                "ours to Rust",
                "curve work of both sides");
        text.row("---", "---:", "---:", "---:", "---:", "---:");
        for (Showing showing : Showing.values()) {
            Cell cell = SideBySide.withCredentials(showing);
            text.row(
                    showing.name().toLowerCase(Locale.ROOT),
                    micros(Measure.MEDIAN, SideBySide.OURS, cell),
                    micros(Measure.P99, SideBySide.OURS, cell),
                    micros(Measure.MEDIAN, SideBySide.RUST, cell),
                    MarkdownTables.rounded(figures.get(Measure.MEDIAN, SideBySide.OURS, cell)
                                    / figures.get(Measure.MEDIAN, SideBySide.RUST, cell))
                            + "x",
                    micros(Measure.MEDIAN, SideBySide.CURVE_WORK, cell));
        }
    }

    private void idle() {
        text.title("Heap of one idle channel, both ends together, bytes");
        text.row("channels", "before the first message", "after a message in each direction");
        text.row("---:", "---:", "---:");
        for (int count : settings.idle()) {
            Cell cell = new Cell(SideBySide.HOPS, count);
            text.row(
                    MarkdownTables.grouped(count),
                    MarkdownTables.grouped(figures.get(Measure.HEAP, IdleChannels.FRESH, cell)),
                    MarkdownTables.grouped(figures.get(Measure.HEAP, IdleChannels.USED, cell)));
        }
    }

    private double perSecond(String contender, Cell cell) {
        return figures.get(Measure.PER_SECOND, contender, cell);
    }

    private List<String> allOneWay() {
        List<String> all = new ArrayList<>(traffics);
        all.addAll(List.of(SideBySide.RUST, SideBySide.BARE_TELLS));
        return all;
    }

    /** Returns what one of many hops adds to the time between two messages. */
    private double nanosOfOneMore(String contender) {
        double without = 1e9 / perSecond(contender, new Cell(NO_HOPS, SIZE));
        double with = 1e9 / perSecond(contender, new Cell(MANY_HOPS, SIZE));
        return (with - without) / (MANY_HOPS - NO_HOPS);
    }

    private String micros(Measure measure, String contender, Cell cell) {
        return MarkdownTables.rounded(figures.get(measure, contender, cell) / 1000);
    }
}
