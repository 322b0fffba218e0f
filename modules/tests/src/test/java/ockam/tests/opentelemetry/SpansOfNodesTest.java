// SPDX-License-Identifier: Apache-2.0

package ockam.tests.opentelemetry;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.channel.SecureChannel;
import ockam.examples.Echoer;
import ockam.fixtures.Exported;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.opentelemetry.OckamTelemetry;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Spans of handshakes, connects, asks and streams, and none of messages. */
@ExtendWith(ActorTestKitExtension.class)
class SpansOfNodesTest {
    private final ActorTestKit testKit;
    private final Ends ends;
    private final Exported exported;

    SpansOfNodesTest(ActorTestKit testKit, TestInfo test) {
        this.testKit = testKit;
        ends = new Ends(testKit, test.getDisplayName().replace("()", ""));
        exported = ends.exported();
    }

    @AfterEach
    void end() {
        ends.close();
    }

    private List<String> failures(String name) {
        return exported.spans(name).stream()
                .map(span -> Exported.failure(span).orElse("ok"))
                .toList();
    }

    /** Sends messages to a worker through a channel, and waits until all have arrived there. */
    private void send(SecureChannel channel, int count) {
        AtomicInteger arrived = new AtomicInteger();
        Worker worker = ends.node().start(Address.random(), Codec.string(), Behaviors.receiveMessage(message -> {
            arrived.incrementAndGet();
            return Behaviors.same();
        }));
        ends.node().allow(worker).from(otherEnd(channel));
        Mailbox app = ends.node().mailbox(Address.random().value().utf8String());
        IntStream.range(0, count)
                .forEach(i -> app.send(channel.route(Route.of(worker.address())), Codec.string(), "message"));
        ends.eventually(() -> assertThat(arrived).hasValue(count));
    }

    private SecureChannel otherEnd(SecureChannel channel) {
        ends.eventually(() -> assertThat(channels()).hasSizeGreaterThanOrEqualTo(2));
        return channels().stream()
                .filter(other -> other.decryptorAddress().equals(channel.peerDecryptorAddress()))
                .findFirst()
                .orElseThrow();
    }

    private List<SecureChannel> channels() {
        return ockam.channel.SecureChannels.get(testKit.system()).list(ends.node());
    }

    // ---- handshakes ----

    @Test
    void handshakeIsASpanAtBothEnds() {
        ends.listen();
        SecureChannel channel = ends.open();
        ends.eventually(() -> assertThat(exported.spans("ockam.handshake")).hasSize(2));

        SpanData initiator = handshake(SpanKind.CLIENT);
        SpanData responder = handshake(SpanKind.SERVER);
        assertThat(steps(initiator))
                .containsExactly(
                        "handshake-message-sent MESSAGE_1",
                        "handshake-message-received MESSAGE_2",
                        "handshake-message-sent MESSAGE_3");
        assertThat(steps(responder))
                .containsExactly(
                        "handshake-message-received MESSAGE_1",
                        "handshake-message-sent MESSAGE_2",
                        "handshake-message-received MESSAGE_3");
        assertThat(Exported.attribute(initiator, "ockam.address"))
                .isEqualTo(channel.address().toString());
        assertThat(exported.spans("ockam.handshake")).allSatisfy(span -> {
            assertThat(Exported.failure(span)).isEmpty();
            assertThat(Exported.attribute(span, "ockam.node"))
                    .isEqualTo(ends.node().name());
            assertThat(Exported.attribute(span, "ockam.peer"))
                    .isEqualTo(ends.me().identifier().toString());
        });
        assertThat(Exported.attribute(initiator, "ockam.role")).isEqualTo("initiator");
        assertThat(initiator.getTraceId())
                .as("nothing of a trace goes to the peer by itself")
                .isNotEqualTo(responder.getTraceId());
    }

    private SpanData handshake(SpanKind kind) {
        return exported.spans("ockam.handshake").stream()
                .filter(span -> span.getKind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> steps(SpanData span) {
        return span.getEvents().stream()
                .map((EventData event) -> event.getName() + " "
                        + event.getAttributes().asMap().values().iterator().next())
                .toList();
    }

    @Test
    void handshakeIsAChildOfTheSpanInWhichItIsBegun() {
        ends.listen();
        Span ours = exported.tracer().spanBuilder("ours").startSpan();
        await(Context.root()
                .with(ours)
                .wrapSupplier(() -> ends.create(Route.of("api")))
                .get());

        ends.eventually(() -> assertThat(handshake(SpanKind.CLIENT).getParentSpanId())
                .isEqualTo(ours.getSpanContext().getSpanId()));
    }

    @Test
    void handshakeThatIsRefusedSaysSo() {
        ends.listen(TrustPolicy.anyOf());
        ends.open();
        ends.eventually(() ->
                assertThat(failures("ockam.handshake")).containsExactlyInAnyOrder("ok", "MESSAGE_3: POLICY_REFUSED"));
    }

    @Test
    void handshakeThatLeadsNowhereSaysSo() {
        awaitFailureOf(ends.create(Route.of("nowhere")));

        assertThat(failures("ockam.handshake")).containsExactly("MESSAGE_1: NO_SUCH_ADDRESS");
        assertThat(Exported.attribute(exported.spans().get(0), "error.type")).isEqualTo("NO_SUCH_ADDRESS");
    }

    // ---- connects, asks, streams ----

    @Test
    void connectIsASpanAndSaysWhyItFails() {
        TcpTransport tcp = TcpTransport.create(ends.node());
        TcpListener listener = await(tcp.listen("127.0.0.1:0"));
        Connection connection = await(tcp.connect(listener.hostAndPort()));
        await(listener.stop());
        awaitFailureOf(tcp.connect(listener.hostAndPort()));

        assertThat(failures("ockam.connect")).containsExactly("ok", "CONNECT_FAILED");
        SpanData connected = exported.spans("ockam.connect").get(0);
        assertThat(Exported.attribute(connected, "ockam.remote")).isEqualTo("tcp " + listener.hostAndPort());
        assertThat(Exported.attribute(connected, "ockam.address"))
                .isEqualTo(connection.address().toString());
    }

    @Test
    void askIsASpanInTheOneInWhichItIsAsked() {
        ends.node().start(Address.of("echoer"), Codec.string(), Echoer.create());
        Route route = Route.of("h1", "echoer");
        Span ours = exported.tracer().spanBuilder("ours").startSpan();
        await(Context.root()
                .with(ours)
                .wrapSupplier(() -> ends.node().ask(route, Codec.string(), "question"))
                .get());
        awaitFailureOf(ends.node().ask(Route.of("h1"), Codec.string(), "nobody answers", Duration.ofMillis(1)));
        awaitFailureOf(ends.node().ask(Route.of("nowhere"), Codec.string(), "question"));

        assertThat(failures("ockam.ask")).containsExactly("ok", "TIMED_OUT", "NO_SUCH_ADDRESS");
        SpanData asked = exported.spans("ockam.ask").get(0);
        assertThat(asked.getParentSpanId()).isEqualTo(ours.getSpanContext().getSpanId());
        assertThat(Exported.attribute(asked, "ockam.route")).isEqualTo("0#h1 => 0#echoer");
    }

    @Test
    void streamIsASpanAsLongAsItLives() {
        ends.listen();
        SecureChannel channel = ends.open();
        StreamHandle stream = Source.<String>maybe()
                .toMat(channel.sink(Route.of("worker"), Codec.string()), Keep.right())
                .run(testKit.system());
        assertThat(exported.spans("ockam.stream")).isEmpty();
        await(stream.drainAndShutdown());

        assertThat(failures("ockam.stream")).containsExactly("ok");
        assertThat(Exported.attribute(exported.spans("ockam.stream").get(0), "ockam.address"))
                .isEqualTo(stream.address().toString());
    }

    @Test
    void streamSaysWhatItSentAndWhyItFailed() {
        ends.node().start(Address.of("sink"), Codec.string(), Behaviors.ignore());
        StreamHandle sent = Source.range(1, 50)
                .map(i -> "element")
                .toMat(ends.node().sink(Route.of("h1", "sink"), Codec.string()), Keep.right())
                .run(testKit.system());
        await(sent.whenClosed());
        ends.listen();
        SecureChannel channel = ends.open();
        StreamHandle cut = Source.<String>maybe()
                .toMat(channel.sink(Route.of("worker"), Codec.string()), Keep.right())
                .run(testKit.system());
        await(channel.close());
        awaitFailureOf(cut.whenClosed());

        assertThat(failures("ockam.stream")).containsExactly("ok", "ockam.channel.ChannelClosedException");
        assertThat(Exported.attribute(exported.spans("ockam.stream").get(0), "ockam.stream.sent"))
                .isEqualTo("50");
    }

    // ---- no span for a message ----

    @Test
    void aThousandMessagesThroughAChannelAddNoSpan() {
        ends.listen();
        SecureChannel channel = ends.open();
        ends.eventually(() -> assertThat(exported.spans("ockam.handshake")).hasSize(2));
        exported.forgetSpans();

        send(channel, 1_000);

        assertThat(exported.spans()).isEmpty();
        ends.telemetry().close();
        assertThat(exported.spans()).as("none is open either").isEmpty();
    }

    // ---- ends ----

    @Test
    void nothingIsLeftOpenOfANodeThatHasStopped() {
        ends.listen();
        SecureChannel channel = ends.open();
        CompletionStage<?> ask = ends.node().ask(Route.of("h1"), Codec.string(), "nobody answers");
        Pair<NotUsed, CompletionStage<Done>> stream = Source.<String>never()
                .viaMat(
                        akka.stream.javadsl.Flow.<String>create()
                                .via(channel.flow(Route.of("worker"), Codec.string(), Codec.string())),
                        Keep.left())
                .map(routed -> routed.body())
                .toMat(Sink.ignore(), Keep.both())
                .run(testKit.system());
        await(ends.node().stop());
        awaitFailureOf(ask);
        await(stream.second().handle((done, failure) -> Done.getInstance()));

        assertThat(exported.spans("ockam.ask")).hasSize(1);
        assertThat(exported.spans("ockam.stream")).hasSize(1);
        int before = exported.spans().size();
        ends.telemetry().close();
        assertThat(exported.spans()).as("none was open").hasSize(before);
    }

    @Test
    void nothingIsToldOnceItIsClosedAndOneThatIsStartedLaterTells() {
        ends.node().start(Address.of("echoer"), Codec.string(), Echoer.create());
        ends.telemetry().close();
        await(ends.node().ask(Route.of("echoer"), Codec.string(), "unseen"));
        assertThat(exported.spans()).isEmpty();
        assertThat(exported.metrics()).isEmpty();

        OpenTelemetrySdk sdk = exported.sdk();
        try (OckamTelemetry later = OckamTelemetry.start(testKit.system(), sdk)) {
            await(ends.node().ask(Route.of("echoer"), Codec.string(), "seen"));
            assertThat(later).isNotNull();
        }
        assertThat(exported.spans("ockam.ask")).hasSize(1);
    }
}
