// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
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
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An SDK whose spans and metrics stay in memory. */
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

    OpenTelemetry openTelemetry() {
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

    /** The only one that has ended. */
    SpanData span() {
        assertThat(spans()).hasSize(1);
        return spans().get(0);
    }

    List<MetricData> metrics() {
        return List.copyOf(metrics.collectAllMetrics());
    }

    MetricData metric(String name) {
        return metrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name));
    }

    /** The numbers of a metric, by its attributes as text. */
    Map<String, Long> sums(String name) {
        return metrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .flatMap(metric -> metric.getLongSumData().getPoints().stream())
                .collect(Collectors.toMap(point -> text(point), LongPointData::getValue, Long::sum, TreeMap::new));
    }

    private static String text(LongPointData point) {
        return point.getAttributes().asMap().values().stream()
                .map(Object::toString)
                .collect(Collectors.joining(" "));
    }

    @Override
    public void close() {
        sdk.close();
    }
}
