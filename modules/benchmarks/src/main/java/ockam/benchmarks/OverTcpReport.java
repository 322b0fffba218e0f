// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.List;

/** Writes what {@link OverTcp} measured as Markdown: the goals, then the figures. */
final class OverTcpReport {
    static final String NEAR = "near";
    static final String FAR = "far";

    private static final int SMALL = 1024;

    private final Figures figures;
    private final Settings settings;
    private final Report.Machine machine;
    private final MarkdownTables text = new MarkdownTables();

    OverTcpReport(Figures figures, Settings settings, Report.Machine machine) {
        this.figures = figures;
        this.settings = settings;
        this.machine = machine;
    }

    String markdown() {
        goals();
        if (settings.parts().contains("direct")) {
            oneWay("One way, messages per second", OverTcp.DIRECT);
            roundTrip("Round trip at idle, microseconds", OverTcp.DIRECT);
        }
        if (settings.parts().contains("relayed")) {
            oneWay("One way through a middle node, messages per second", OverTcp.RELAYED);
            roundTrip("Round trip through a middle node, microseconds", OverTcp.RELAYED);
        }
        if (settings.parts().contains("memory")) {
            memory();
        }
        machine.write(text, settings);
        return text.toString();
    }

    private void goals() {
        text.row("Measure", "Goal", "Measured", "95 %", "Reached");
        text.row("---", "---", "---:", "---:", "---");
        for (int size : settings.sizes()) {
            Cell cell = new Cell(OverTcp.DIRECT, size);
            for (String traffic : List.of(OverTcp.STREAMS, OverTcp.PLAIN_SENDS)) {
                String measure = "one way, " + MarkdownTables.size(size) + ", " + traffic;
                goal(measure + ": to Rust", 2, true, ratio(Measure.PER_SECOND, traffic, OverTcp.RUST, cell));
                goal(measure + ": to Artery", 1, true, ratio(Measure.PER_SECOND, traffic, OverTcp.ARTERY, cell));
            }
        }
        Cell direct = new Cell(OverTcp.DIRECT, SMALL);
        for (String ours : List.of(OverTcp.OURS, OverTcp.OURS + OverTcp.TUNED)) {
            String measure = "round trip, 1 KiB" + ours.substring(OverTcp.OURS.length());
            goal(measure + ", median: to Rust", 1, false, ratio(Measure.MEDIAN, ours, OverTcp.RUST, direct));
            goal(measure + ", p99: to Rust", 1, false, ratio(Measure.P99, ours, OverTcp.RUST, direct));
        }
        Cell relayed = new Cell(OverTcp.RELAYED, SMALL);
        for (String traffic : List.of(OverTcp.STREAMS, OverTcp.PLAIN_SENDS)) {
            goal(
                    "through a middle node, 1 KiB, " + traffic + ": to Rust",
                    2,
                    true,
                    ratio(Measure.PER_SECOND, traffic, OverTcp.RUST, relayed));
        }
        for (String end : List.of(NEAR, FAR)) {
            double each = (heap(end, 1 + OverTcp.CONNECTIONS) - heap(end, 1)) / OverTcp.CONNECTIONS / 1024;
            text.row(
                    "idle connection, heap of the " + end + " end",
                    "at most 40 KiB",
                    MarkdownTables.rounded(each) + " KiB",
                    "",
                    Double.isNaN(each) ? "-" : each <= 40 ? "yes" : "no");
        }
    }

    private Ratio ratio(Measure measure, String of, String to, Cell cell) {
        return Ratio.of(figures.all(measure, of, cell), figures.all(measure, to, cell));
    }

    private void goal(String measure, double goal, boolean atLeast, Ratio ratio) {
        boolean known = !Double.isNaN(ratio.median());
        boolean reached = atLeast ? ratio.median() >= goal : ratio.median() <= goal;
        text.row(
                measure,
                (atLeast ? "at least " : "at most ") + MarkdownTables.rounded(goal) + "x",
                known ? MarkdownTables.rounded(ratio.median()) + "x" : "-",
                known ? MarkdownTables.rounded(ratio.low()) + " to " + MarkdownTables.rounded(ratio.high()) : "-",
                known ? reached ? "yes" : "no" : "-");
    }

    private void oneWay(String title, int path) {
        text.title(title);
        text.row(
                "payload",
                OverTcp.STREAMS,
                OverTcp.PLAIN_SENDS,
                OverTcp.STREAMS + OverTcp.TUNED,
                OverTcp.RUST,
                OverTcp.ARTERY);
        text.row("---:", "---:", "---:", "---:", "---:", "---:");
        for (int size : settings.sizes()) {
            Cell cell = new Cell(path, size);
            text.row(
                    MarkdownTables.size(size),
                    perSecond(OverTcp.STREAMS, cell),
                    perSecond(OverTcp.PLAIN_SENDS, cell),
                    perSecond(OverTcp.STREAMS + OverTcp.TUNED, cell),
                    perSecond(OverTcp.RUST, cell),
                    perSecond(OverTcp.ARTERY, cell));
        }
    }

    private void roundTrip(String title, int path) {
        text.title(title);
        text.row("payload", "", "median", "p99");
        text.row("---:", "---", "---:", "---:");
        for (int size : settings.sizes()) {
            for (String of : List.of(
                    OverTcp.OURS,
                    OverTcp.OURS + OverTcp.TUNED,
                    OverTcp.RUST,
                    OverTcp.ARTERY,
                    OverTcp.BARE,
                    OverTcp.BARE + OverTcp.TUNED)) {
                Cell cell = new Cell(path, size);
                text.row(
                        MarkdownTables.size(size),
                        of,
                        MarkdownTables.rounded(figures.get(Measure.MEDIAN, of, cell) / 1000),
                        MarkdownTables.rounded(figures.get(Measure.P99, of, cell) / 1000));
            }
        }
    }

    private void memory() {
        text.title("Heap in use with a slow consumer, after so many messages of 1 KiB, MiB; heaps of at most 256 MiB");
        text.row("messages", "sending node", "receiving node");
        text.row("---:", "---:", "---:");
        for (int part = 1; part <= OverTcp.PARTS; part++) {
            int messages = part * (OverTcp.MANY / OverTcp.PARTS);
            text.row(
                    MarkdownTables.grouped(messages),
                    MarkdownTables.rounded(heap(NEAR, messages) / (1 << 20)),
                    MarkdownTables.rounded(heap(FAR, messages) / (1 << 20)));
        }
    }

    private double heap(String end, int count) {
        return figures.get(Measure.HEAP, end, new Cell(OverTcp.DIRECT, count));
    }

    private String perSecond(String contender, Cell cell) {
        return MarkdownTables.grouped(figures.get(Measure.PER_SECOND, contender, cell));
    }
}
