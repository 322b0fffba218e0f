// SPDX-License-Identifier: Apache-2.0

package ockam.tests.opentelemetry;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import ockam.channel.SecureChannel;
import ockam.examples.Echoer;
import ockam.fixtures.Exported;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.opentelemetry.OckamTelemetry;
import ockam.opentelemetry.OckamTelemetrySettings;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is counted and timed of real nodes. */
@ExtendWith(ActorTestKitExtension.class)
class MetricsOfNodesTest {
    private static final Pattern NAME = Pattern.compile("`((?:ockam|error)\\.[a-z_.]+)`");

    private final ActorTestKit testKit;
    private final String name;
    private final Ends ends;
    private final Exported exported;

    MetricsOfNodesTest(ActorTestKit testKit, TestInfo test) {
        this.testKit = testKit;
        name = test.getDisplayName().replace("()", "");
        ends = new Ends(testKit, name);
        exported = ends.exported();
    }

    @AfterEach
    void end() {
        ends.close();
    }

    private long delivered(String form) {
        return exported.sums("ockam.messages.delivered").getOrDefault(form + " " + name, 0L);
    }

    private SecureChannel open() {
        SecureChannel channel = ends.open();
        ends.eventually(() -> assertThat(exported.sums("ockam.channels.open")).containsEntry(name, 2L));
        return channel;
    }

    @Test
    void messagesAreCountedByWhatTheyAreWhereTheyAreMade() {
        ends.node()
                .allow(ends.node().start(Address.of("echoer"), Codec.string(), Echoer.create()))
                .from(ends.listen());
        SecureChannel channel = open();
        assertThat(delivered("handshake")).isEqualTo(3);
        assertThat(delivered("message")).as("what the hop passed on").isEqualTo(3);

        await(ends.node().ask(channel.route("echoer"), Codec.string(), "question"));

        assertThat(delivered("frame")).as("there and back").isEqualTo(2);
        assertThat(delivered("opened")).isEqualTo(2);
        assertThat(delivered("message"))
                .as("into the channel and by the hop, there and back")
                .isEqualTo(3 + 4);
    }

    @Test
    void dropsAreCountedByReason() {
        Mailbox app = ends.node().mailbox("app");
        app.send(Route.of("h1", "nowhere"), Codec.string(), "lost");
        app.send(Route.of("h1", "elsewhere"), Codec.string(), "lost");

        ends.eventually(
                () -> assertThat(exported.sums("ockam.messages.dropped")).containsEntry("NO_SUCH_ADDRESS " + name, 2L));
    }

    @Test
    void permitsAreOutWhileMessagesWait() {
        Mailbox app = ends.node().mailbox("app");
        app.send(Route.of("app"), Codec.string(), "waits");
        assertThat(exported.sums("ockam.permits.out")).containsEntry(name, 1L);
        assertThat(exported.sums("ockam.permits.size"))
                .containsEntry(name, ends.node().bytesUnderWay());

        await(app.receive(Codec.string()));
        assertThat(exported.sums("ockam.permits.out")).containsEntry(name, 0L);
    }

    @Test
    void openChannelsAndHandshakesAreCounted() {
        ends.listen();
        SecureChannel channel = open();
        await(channel.close());
        ends.eventually(() -> assertThat(exported.sums("ockam.channels.open")).containsEntry(name, 0L));
        awaitFailureOf(ends.create(Route.of("nowhere")));

        Set<String> timed = exported.metrics().stream()
                .filter(metric -> metric.getName().equals("ockam.handshake.duration"))
                .flatMap(metric -> metric.getHistogramData().getPoints().stream())
                .map((HistogramPointData point) ->
                        List.copyOf(point.getAttributes().asMap().values()) + " " + point.getCount())
                .collect(Collectors.toSet());
        assertThat(timed)
                .containsExactlyInAnyOrder(
                        "[" + name + ", initiator] 1",
                        "[" + name + ", responder] 1",
                        "[NO_SUCH_ADDRESS, " + name + ", initiator] 1");
    }

    // ---- the end ----

    @Test
    void lastExportHasWhatHappenedUntilTheEnd() {
        InMemoryMetricExporter memory = InMemoryMetricExporter.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PeriodicMetricReader.builder(memory)
                                .setInterval(Duration.ofDays(1))
                                .build())
                        .build())
                .build();
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "short-lived");
        Runnable application = () -> Ockam.get(system)
                .createNode("short-lived")
                .mailbox("app")
                .send(Route.of("app"), Codec.string(), "last");
        // #start
        OckamTelemetry telemetry = OckamTelemetry.start(system, sdk); // all nodes of the actor system, also later ones
        application.run();
        system.terminate();
        await(system.getWhenTerminated());
        sdk.getSdkMeterProvider().forceFlush().join(10, TimeUnit.SECONDS); // or close the SDK
        telemetry.close();
        // #start

        assertThat(memory.getFinishedMetricItems())
                .filteredOn(metric -> metric.getName().equals("ockam.messages.delivered"))
                .hasSize(1);
        sdk.close();
    }

    // ---- the page ----

    /** Names in the first column of the tables below a heading, and in the others. */
    private static Set<String> named(String heading, int column) throws IOException {
        String page = Files.readString(Path.of("../../docs/opentelemetry.md"));
        String part = page.substring(page.indexOf("## " + heading)).split("\n## ", 2)[0];
        return part.lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1)[column])
                .flatMap(cell -> NAME.matcher(cell).results().map((MatchResult found) -> found.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> keys(Set<AttributeKey<?>> attributes) {
        return attributes.stream().map(AttributeKey::getKey);
    }

    @Test
    void pageNamesAllSpansAndMetricsAndTheirAttributes() throws IOException {
        everythingHappens();

        Set<String> spans = exported.spans().stream().map(SpanData::getName).collect(Collectors.toSet());
        assertThat(named("Spans", 1)).as("spans").isEqualTo(new TreeSet<>(spans));
        Set<String> spanKeys = exported.spans().stream()
                .flatMap(span -> Stream.concat(
                        keys(span.getAttributes().asMap().keySet()),
                        span.getEvents().stream()
                                .flatMap(event ->
                                        keys(event.getAttributes().asMap().keySet()))))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named("Spans", 3)).as("attributes of spans").isEqualTo(spanKeys);

        Set<String> metrics =
                exported.metrics().stream().map(MetricData::getName).collect(Collectors.toSet());
        assertThat(named("Metrics", 1)).as("metrics").isEqualTo(new TreeSet<>(metrics));
        Set<String> metricKeys = exported.metrics().stream()
                .flatMap(metric -> metric.getData().getPoints().stream())
                .flatMap((PointData point) -> keys(point.getAttributes().asMap().keySet()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(named("Metrics", 4)).as("attributes of metrics").isEqualTo(metricKeys);
    }

    private void everythingHappens() {
        Node node = ends.node();
        ends.listen();
        SecureChannel channel = open();
        awaitFailureOf(ends.create(Route.of("nowhere")));
        awaitFailureOf(TcpTransport.create(node).connect("127.0.0.1:1"));
        awaitFailureOf(node.ask(Route.of("nowhere"), Codec.string(), "question"));
        await(Source.single("element")
                .toMat(node.sink(Route.of("h1", "nowhere"), Codec.string()), Keep.right())
                .run(testKit.system())
                .whenClosed()
                .handle((report, failure) -> "done"));
        node.mailbox("app").send(Route.of("h1", "nowhere"), Codec.string(), "dropped");
        ends.eventually(
                () -> assertThat(exported.sums("ockam.messages.dropped")).isNotEmpty());
        OckamTelemetrySettings one = new OckamTelemetrySettings(1);
        try (OckamTelemetry second = OckamTelemetry.start(testKit.system(), exported.sdk(), one)) {
            assertThat(List.of(
                            node.ask(Route.of("h1"), Codec.string(), "first"),
                            node.ask(Route.of("h1"), Codec.string(), "second")))
                    .as("beside %s", second)
                    .hasSize(2);
        }
        assertThat(channel.isOpen()).isTrue();
    }
}
