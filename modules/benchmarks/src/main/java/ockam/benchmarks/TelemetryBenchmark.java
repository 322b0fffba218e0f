// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.util.ByteString;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ockam.node.Routed;
import ockam.opentelemetry.OckamTelemetry;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What spans and metrics cost messages and questions through a channel over three hops. What is exported goes nowhere. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class TelemetryBenchmark {
    private static final int MESSAGES = 4096;
    private static final int HOPS = 3;

    private static final class Nowhere implements MetricExporter {
        @Override
        public CompletableResultCode export(Collection<MetricData> metrics) {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
            return AggregationTemporality.CUMULATIVE;
        }
    }

    private final ByteString payload = ByteString.fromArray(new byte[1024]);

    /** None at all, the API without an SDK, or the SDK, with a batch of spans and metrics every second. */
    @Param({"none", "api", "sdk"})
    public String telemetry;

    private TestBed bed;
    private PlainSends sends;
    private Route toReceiver;
    private Route toEchoer;
    private @Nullable OpenTelemetrySdk sdk;
    private @Nullable OckamTelemetry started;

    /** Opens a channel. */
    @Setup
    public void start() throws Exception {
        bed = new TestBed();
        switch (telemetry) {
            case "api" -> started = OckamTelemetry.start(bed.system(), OpenTelemetry.noop());
            case "sdk" -> {
                sdk = sdk();
                started = OckamTelemetry.start(bed.system(), sdk);
            }
            default -> {}
        }
        sends = new PlainSends(bed);
        toReceiver = bed.channel(HOPS).route(Route.of(sends.receiver()));
        toEchoer = bed.channel(HOPS).route(Route.of(bed.echoer()));
    }

    private static OpenTelemetrySdk sdk() {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(SpanExporter.composite(List.of()))
                                .build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PeriodicMetricReader.builder(new Nowhere())
                                .setInterval(Duration.ofSeconds(1))
                                .build())
                        .build())
                .build();
    }

    /** Closes everything. */
    @TearDown
    public void stop() {
        bed.close();
        if (started != null) {
            started.close();
        }
        if (sdk != null) {
            sdk.close();
        }
    }

    /** One way: six deliveries that are counted, and no span. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public Done message() throws Exception {
        return TestBed.await(sends.send(toReceiver, payload, MESSAGES));
    }

    /** There and back, and a span. */
    @Benchmark
    public Routed<ByteString> question() throws Exception {
        return TestBed.await(bed.node().ask(toEchoer, Codec.bytes(), payload));
    }
}
