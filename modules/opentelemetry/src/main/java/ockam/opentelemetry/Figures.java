// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.MeterBuilder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ockam.routing.spi.Observers;
import org.jspecify.annotations.Nullable;

/**
 * The metrics. What is counted for each message is counted here, and read when metrics are exported; the counts of a node that has stopped
 * remain, for the next export. Thread safe.
 */
final class Figures {
    /** An application may make and stop any number of nodes; what happens on further ones is counted together. */
    static final int MOST_NODES = 1024;

    static final String OTHER_NODES = "_OTHER";

    /** From both ends in one process to slow links; the last is the default of {@code ockam.channel.handshake-timeout}. */
    private static final List<Double> SECONDS =
            List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0);

    private final Map<String, NodeFigures> byNode = new ConcurrentHashMap<>();
    private final DoubleHistogram handshakes;
    private final LongCounter missedSpans;
    private final List<AutoCloseable> read;

    private Figures(Meter meter, Supplier<List<Observers.Observed>> nodes) {
        handshakes = meter.histogramBuilder("ockam.handshake.duration")
                .setUnit("s")
                .setDescription("Time from the beginning of a handshake until the channel is open, or has failed")
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
        missedSpans = meter.counterBuilder("ockam.spans.missed")
                .setUnit("{span}")
                .setDescription("Spans that were not begun because too many were open")
                .build();
        read = List.of(
                meter.counterBuilder("ockam.messages.delivered")
                        .setUnit("{message}")
                        .setDescription("Messages delivered to an address of the node, hops included")
                        .buildWithCallback(counter -> all(figures -> figures.readDelivered(counter))),
                meter.counterBuilder("ockam.messages.dropped")
                        .setUnit("{message}")
                        .setDescription("Messages that went no further")
                        .buildWithCallback(counter -> all(figures -> figures.readDropped(counter))),
                meter.upDownCounterBuilder("ockam.channels.open")
                        .setUnit("{channel}")
                        .setDescription("Ends of secure channels that are open on the node")
                        .buildWithCallback(counter -> all(figures -> figures.readOpenChannels(counter))),
                meter.upDownCounterBuilder("ockam.permits.out")
                        .setUnit("{permit}")
                        .setDescription("Permits of messages that are under way on the node")
                        .buildWithCallback(counter ->
                                nodes.get().forEach(node -> counter.record(node.messagesUnderWay(), label(node)))),
                meter.upDownCounterBuilder("ockam.permits.size")
                        .setUnit("By")
                        .setDescription("What the messages under way hold, routes included")
                        .buildWithCallback(counter ->
                                nodes.get().forEach(node -> counter.record(node.bytesUnderWay(), label(node)))));
    }

    static Figures create(
            OpenTelemetry openTelemetry, @Nullable String version, Supplier<List<Observers.Observed>> nodes) {
        MeterBuilder named = openTelemetry.getMeterProvider().meterBuilder(Telemetry.SCOPE);
        return new Figures((version == null ? named : named.setInstrumentationVersion(version)).build(), nodes);
    }

    private static Attributes label(Observers.Observed node) {
        return Attributes.of(Keys.NODE, node.name());
    }

    private void all(Consumer<NodeFigures> reader) {
        byNode.values().forEach(reader);
    }

    /** What is counted of a node. */
    NodeFigures of(String node) {
        NodeFigures known = byNode.get(node);
        if (known != null) {
            return known;
        }
        return byNode.computeIfAbsent(byNode.size() < MOST_NODES ? node : OTHER_NODES, NodeFigures::new);
    }

    void handshake(double seconds, Attributes labels) {
        handshakes.record(seconds, labels);
    }

    void missedSpan() {
        missedSpans.add(1);
    }

    /** Nothing is read any more. */
    void close() {
        read.forEach(Figures::close);
    }

    private static void close(AutoCloseable instrument) {
        try {
            instrument.close();
        } catch (Exception e) {
            throw new IllegalStateException("none of them throws", e);
        }
    }
}
