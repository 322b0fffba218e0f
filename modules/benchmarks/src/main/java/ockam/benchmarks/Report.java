// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final StringBuilder text = new StringBuilder();

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
        if (settings.parts().contains("idle")) {
            idle();
        }
        machine();
        return text.toString();
    }

    private void goals() {
        Cell small = new Cell(SideBySide.HOPS, SIZE);
        Cell large = new Cell(SideBySide.HOPS, LARGE);
        row("Measure", "Goal", "Measured", "Reached");
        row("---", "---", "---:", "---");
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
                    "idle channel of " + grouped(count) + ", heap at each end, half of both",
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
        row(
                measure,
                (atLeast ? "at least " : "at most ") + rounded(goal) + unit,
                known ? rounded(measured) + unit : "-",
                known ? reached ? "yes" : "no" : "-");
    }

    private void oneWay() {
        title("One way, messages per second");
        List<String> head = new ArrayList<>(List.of("payload", "hops"));
        for (String traffic : traffics) {
            head.addAll(List.of(traffic, "times Rust", "bytes allocated per message"));
        }
        head.addAll(List.of("Rust", "bare tells through the same number of actors"));
        row(head.toArray(String[]::new));
        row(head.stream().map(column -> "---:").toArray(String[]::new));
        for (int size : settings.sizes()) {
            for (int hops : settings.hops()) {
                Cell cell = new Cell(hops, size);
                List<String> cells = new ArrayList<>(List.of(size(size), Integer.toString(hops)));
                for (String traffic : traffics) {
                    cells.add(grouped(perSecond(traffic, cell)));
                    cells.add(rounded(perSecond(traffic, cell) / perSecond(SideBySide.RUST, cell)));
                    cells.add(grouped(figures.get(Measure.ALLOCATED, traffic, cell)));
                }
                cells.add(grouped(perSecond(SideBySide.RUST, cell)));
                cells.add(grouped(perSecond(SideBySide.BARE_TELLS, cell)));
                row(cells.toArray(String[]::new));
            }
        }
        text.append("\nOne more hop, at 1 KiB, between 0 and 16 hops:\n\n");
        for (String of : allOneWay()) {
            text.append("- ")
                    .append(of)
                    .append(": ")
                    .append(grouped(nanosOfOneMore(of)))
                    .append(" ns\n");
        }
    }

    private void floors() {
        title("The floor: frames of the same length, sealed and opened by the JDK's cipher in a loop, per second");
        row("payload", "one thread", "two threads", "bytes allocated per message");
        row("---:", "---:", "---:", "---:");
        for (int size : settings.sizes()) {
            Cell cell = new Cell(SideBySide.HOPS, size);
            row(
                    size(size),
                    grouped(perSecond(SideBySide.CIPHER_ONE_THREAD, cell)),
                    grouped(perSecond(SideBySide.CIPHER_TWO_THREADS, cell)),
                    grouped(figures.get(Measure.ALLOCATED, SideBySide.CIPHER_ONE_THREAD, cell)));
        }
    }

    private void roundTrip() {
        title("Round trip at idle, microseconds");
        row("payload", "hops", "ours, median", "ours, p99", "Rust, median", "Rust, p99");
        row("---:", "---:", "---:", "---:", "---:", "---:");
        for (int size : settings.sizes()) {
            for (int hops : settings.hops()) {
                Cell cell = new Cell(hops, size);
                row(
                        size(size),
                        Integer.toString(hops),
                        micros(Measure.MEDIAN, SideBySide.OURS, cell),
                        micros(Measure.P99, SideBySide.OURS, cell),
                        micros(Measure.MEDIAN, SideBySide.RUST, cell),
                        micros(Measure.P99, SideBySide.RUST, cell));
            }
        }
    }

    private void handshake() {
        title("Handshake over 3 hops until the first reply, microseconds");
        row("ours, median", "ours, p99", "Rust, median", "curve work of both sides");
        row("---:", "---:", "---:", "---:");
        row(
                micros(Measure.MEDIAN, SideBySide.OURS, Cell.NONE),
                micros(Measure.P99, SideBySide.OURS, Cell.NONE),
                micros(Measure.MEDIAN, SideBySide.RUST, Cell.NONE),
                micros(Measure.MEDIAN, SideBySide.CURVE_WORK, Cell.NONE));
    }

    private void idle() {
        title("Heap of one idle channel, both ends together, bytes");
        row("channels", "before the first message", "after a message in each direction");
        row("---:", "---:", "---:");
        for (int count : settings.idle()) {
            Cell cell = new Cell(SideBySide.HOPS, count);
            row(
                    grouped(count),
                    grouped(figures.get(Measure.HEAP, IdleChannels.FRESH, cell)),
                    grouped(figures.get(Measure.HEAP, IdleChannels.USED, cell)));
        }
    }

    private void machine() {
        title("Machine");
        text.append("- ")
                .append(machine.cores())
                .append(" cores, ")
                .append(machine.processor())
                .append('\n');
        text.append("- load average of the machine ")
                .append(rounded(machine.loadBefore()))
                .append(" before, ")
                .append(rounded(Machine.load()))
                .append(" after\n");
        text.append("- ")
                .append(machine.jvm())
                .append(", heap of at most ")
                .append(machine.heap() >> 20)
                .append(" MiB\n");
        text.append("- ")
                .append(machine.rustc())
                .append(", crate ockam ")
                .append(machine.ockam())
                .append('\n');
        text.append("- turns of ").append(settings.seconds()).append(" s, ");
        text.append(settings.repetitions()).append(" for each figure, alternating contenders; the median counts\n");
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
        return rounded(figures.get(measure, contender, cell) / 1000);
    }

    private static String size(int bytes) {
        return bytes % 1024 == 0 ? bytes / 1024 + " KiB" : bytes + " B";
    }

    private static String grouped(double number) {
        return Double.isNaN(number) ? "-" : String.format(Locale.ROOT, "%,.0f", number);
    }

    /** Returns the number with only significant decimals. */
    private static String rounded(double number) {
        return Double.isNaN(number)
                ? "-"
                : String.format(Locale.ROOT, number < 10 ? "%.2f" : number < 100 ? "%.1f" : "%,.0f", number);
    }

    private void title(String title) {
        text.append("\n### ").append(title).append("\n\n");
    }

    private void row(String... cells) {
        text.append(Arrays.stream(cells).map(cell -> " " + cell + " |").reduce("|", String::concat))
                .append('\n');
    }
}
