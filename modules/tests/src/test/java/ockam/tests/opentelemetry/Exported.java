// SPDX-License-Identifier: Apache-2.0

package ockam.tests.opentelemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Spans and metrics that stay in memory. */
final class Exported implements AutoCloseable {
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final InMemoryMetricReader metrics = InMemoryMetricReader.create();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(metrics).build())
            .build();

    OpenTelemetrySdk sdk() {
        return sdk;
    }

    /** A tracer of an application. */
    Tracer tracer() {
        return sdk.getTracer("application");
    }

    /** The spans that have ended. */
    List<SpanData> spans() {
        return spans.getFinishedSpanItems();
    }

    /** Those of this name. */
    List<SpanData> spans(String name) {
        return spans().stream().filter(span -> span.getName().equals(name)).toList();
    }

    void forgetSpans() {
        spans.reset();
    }

    List<MetricData> metrics() {
        return List.copyOf(metrics.collectAllMetrics());
    }

    /** The numbers of a metric, by its attributes as text. */
    Map<String, Long> sums(String name) {
        return metrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .collect(Collectors.toMap(
                        point -> point.getAttributes().asMap().values().stream()
                                .map(Object::toString)
                                .collect(Collectors.joining(" ")),
                        LongPointData::getValue,
                        Long::sum,
                        TreeMap::new));
    }

    /** An attribute of a span, as text; {@code none} if it has none. */
    static String attribute(SpanData span, String name) {
        Map<AttributeKey<?>, Object> all = span.getAttributes().asMap();
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals(name))
                .findFirst()
                .map(Map.Entry::getValue)
                .map(Object::toString)
                .orElse("none");
    }

    /** The reason for which a span failed. */
    static Optional<String> failure(SpanData span) {
        return Optional.of(span.getStatus().getDescription()).filter(text -> !text.isEmpty());
    }

    @Override
    public void close() {
        sdk.close();
    }
}
