// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ockam.fixtures.Exported;
import ockam.routing.spi.RoutingEvent;
import ockam.wire.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The spans that are made of events. */
class SpansTest {
    private static final List<Address> CHANNEL =
            List.of(Address.of("channel"), Address.of("decryptor"), Address.of("internal"));

    private final Exported exported = new Exported();
    private final Telemetry telemetry = new Telemetry(exported.sdk(), new OckamTelemetrySettings(3), List::of);

    @AfterEach
    void end() {
        telemetry.close();
        exported.close();
    }

    private void told(Told... events) {
        for (Told event : events) {
            telemetry.on(event);
        }
    }

    private static Told channelStarted(String role) {
        return Told.of("node", "channel-started", CHANNEL, "role", role);
    }

    private static Told state(String state) {
        return Told.of("channel-state-changed", "channel", "state", state, "peer", "Ipeer");
    }

    private static Map<String, Object> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
    }

    private static void assertFailed(SpanData span, String reason, String description) {
        assertThat(span.getStatus()).isEqualTo(StatusData.create(StatusCode.ERROR, description));
        assertThat(attributes(span)).containsEntry("error.type", reason);
    }

    // ---- handshakes ----

    @Test
    void handshakeHasItsStepsAndEndsWhenTheChannelIsOpen() {
        told(
                channelStarted("INITIATOR"),
                Told.of("handshake-message-sent", "decryptor", "role", "INITIATOR", "step", "MESSAGE_1"),
                Told.of("handshake-message-received", "decryptor", "role", "INITIATOR", "step", "MESSAGE_2"));
        assertThat(exported.spans()).isEmpty();
        told(state("UP"), state("ROUTE_LOST"), state("UP"), state("CLOSED"));

        SpanData span = exported.span();
        assertThat(span.getName()).isEqualTo("ockam.handshake");
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(span.getInstrumentationScopeInfo().getName()).isEqualTo("ockam.opentelemetry");
        assertThat(attributes(span))
                .isEqualTo(Map.of(
                        "ockam.node", "node",
                        "ockam.address", "0#channel",
                        "ockam.role", "initiator",
                        "ockam.peer", "Ipeer"));
        assertThat(span.getEvents())
                .extracting(EventData::getName, EventData::getAttributes)
                .containsExactly(
                        tuple("handshake-message-sent", step("MESSAGE_1")),
                        tuple("handshake-message-received", step("MESSAGE_2")));
        assertThat(span.getStatus()).isEqualTo(StatusData.unset());
    }

    private static Attributes step(String step) {
        return Attributes.of(AttributeKey.stringKey("ockam.handshake.step"), step);
    }

    @Test
    void handshakeThatFailsSaysAtWhichStepAndWhy() {
        told(
                channelStarted("RESPONDER"),
                Told.of(
                        "channel-handshake-failed",
                        "channel",
                        "role",
                        "RESPONDER",
                        "step",
                        "MESSAGE_3",
                        "reason",
                        "POLICY_REFUSED"));

        SpanData span = exported.span();
        assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
        assertFailed(span, "POLICY_REFUSED", "MESSAGE_3: POLICY_REFUSED");
        assertThat(attributes(span))
                .containsEntry("ockam.handshake.step", "MESSAGE_3")
                .doesNotContainKey("ockam.peer");
    }

    // ---- whatever else takes time ----

    @Test
    void askHasItsRouteAndItsReason() {
        told(Told.of("ask-started", "a1"), Told.of("ask-ended", "a1"));
        told(Told.of("ask-started", "a2"), Told.of("ask-ended", "a2", "reason", "TIMED_OUT"));

        assertThat(exported.spans()).hasSize(2).allSatisfy(span -> {
            assertThat(span.getName()).isEqualTo("ockam.ask");
            assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
            assertThat(attributes(span)).containsEntry("ockam.route", "0#h1 => 0#echoer");
        });
        assertThat(exported.spans().get(0).getStatus()).isEqualTo(StatusData.unset());
        assertFailed(exported.spans().get(1), "TIMED_OUT", "TIMED_OUT");
    }

    @Test
    void connectHasTheOtherSideAndItsReason() {
        told(
                Told.of("connect-started", "c", "remote", "tcp 127.0.0.1:4000"),
                Told.of("connect-ended", "c", "reason", "CONNECT_FAILED"));

        assertThat(exported.span().getName()).isEqualTo("ockam.connect");
        assertThat(exported.span().getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(attributes(exported.span())).containsEntry("ockam.remote", "tcp 127.0.0.1:4000");
        assertFailed(exported.span(), "CONNECT_FAILED", "CONNECT_FAILED");
    }

    @Test
    void streamHasWhatItSentAndLost() {
        told(
                Told.of("stream-started", "s"),
                Told.of("stream-ended", "s", "sent", "1000", "lost", "2", "reason", "NO_SUCH_ADDRESS"));

        assertThat(exported.span().getName()).isEqualTo("ockam.stream");
        assertThat(exported.span().getKind()).isEqualTo(SpanKind.INTERNAL);
        assertThat(attributes(exported.span()))
                .containsEntry("ockam.stream.sent", 1000L)
                .containsEntry("ockam.stream.lost", 2L);
        assertFailed(exported.span(), "NO_SUCH_ADDRESS", "NO_SUCH_ADDRESS");
    }

    @Test
    void spanIsAChildOfTheCurrentOneWhereItBegins() {
        Span ours = exported.tracer().spanBuilder("ours").startSpan();
        Context.root().with(ours).wrap(() -> told(Told.of("ask-started", "a"))).run();
        told(Told.of("ask-ended", "a"));

        assertThat(exported.span().getParentSpanId())
                .isEqualTo(ours.getSpanContext().getSpanId());
        assertThat(exported.span().getTraceId()).isEqualTo(ours.getSpanContext().getTraceId());
    }

    // ---- ends that nobody tells, and bounds ----

    @Test
    void whatBeganUnseenHasNoSpan() {
        told(
                Told.of("ask-ended", "a"),
                Told.of("stream-ended", "s", "sent", "0", "lost", "0"),
                Told.of("handshake-message-sent", "decryptor", "step", "MESSAGE_1"),
                Told.of("channel-handshake-failed", "channel", "step", "OPEN", "reason", "STOPPED"),
                state("UP"),
                Told.of("addresses-taken", "a"));

        assertThat(exported.spans()).isEmpty();
    }

    @Test
    void openSpansOfANodeEndWithIt() {
        told(channelStarted("INITIATOR"), Told.of("stream-started", "s"));
        told(Told.of("other", "ask-started", List.of(Address.of("a"))));
        telemetry.on(new RoutingEvent.NodeStopped("node"));

        assertThat(exported.spans()).hasSize(2).allSatisfy(span -> assertFailed(span, "NODE_STOPPED", "NODE_STOPPED"));
        told(Told.of("stream-ended", "s", "sent", "0", "lost", "0"));
        assertThat(exported.spans()).as("it ends once").hasSize(2);
        told(Told.of("other", "ask-ended", List.of(Address.of("a"))));
        assertThat(exported.spans().get(2).getStatus()).isEqualTo(StatusData.unset());
    }

    @Test
    void oneMoreThanTheBoundHasNoSpanAndIsCounted() {
        IntStream.rangeClosed(1, 5).forEach(i -> told(Told.of("ask-started", "a" + i)));
        IntStream.rangeClosed(1, 5).forEach(i -> told(Told.of("ask-ended", "a" + i)));

        assertThat(exported.spans())
                .extracting(span -> attributes(span).get("ockam.address"))
                .containsExactly("0#a1", "0#a2", "0#a3");
        assertThat(exported.sums("ockam.spans.missed")).containsExactly(Map.entry("", 2L));

        told(channelStarted("INITIATOR"), state("UP"), channelStarted("INITIATOR"), state("UP"));
        told(channelStarted("INITIATOR"), state("UP"), channelStarted("INITIATOR"), state("UP"));
        assertThat(exported.spans())
                .as("each takes one place, and gives it back")
                .hasSize(7);
    }

    @Test
    void addressWhoseSpanNobodyEndedIsFree() {
        told(Told.of("stream-started", "s"), Told.of("stream-started", "s"));
        told(Told.of("stream-ended", "s", "sent", "7", "lost", "0"));

        assertThat(exported.spans())
                .extracting(span -> attributes(span).get("ockam.stream.sent"))
                .containsExactly(null, 7L);
    }

    @Test
    void closedMakesNothingMore() {
        told(Told.of("ask-started", "a"));
        telemetry.close();
        assertThat(exported.span().getStatus()).isEqualTo(StatusData.unset());

        told(Told.of("ask-started", "b"), Told.of("ask-ended", "b"), Told.of("ask-ended", "a"));
        telemetry.on(new RoutingEvent.NodeStopped("node"));
        telemetry.close();
        assertThat(exported.spans()).hasSize(1);
        assertThat(exported.metrics()).isEmpty();
    }

    @Test
    void spanThatBeginsWhileThisIsClosedEndsAtOnce() {
        OpenSpans spans = new OpenSpans(1, () -> {});
        spans.close();
        spans.begin(
                exported.tracer().spanBuilder("late"), Attributes.empty(), List.of(new Place("node", Address.of("a"))));

        assertThat(exported.span().getName()).isEqualTo("late");
        assertThat(spans.at(new Place("node", Address.of("a")))).isNull();
    }

    @Test
    void namesFromOutsideAreShortAndOnOneLine() {
        told(Told.of("ask-started", "a\n" + "b".repeat(200)));
        telemetry.close();

        String address = String.valueOf(attributes(exported.span()).get("ockam.address"));
        assertThat(address).hasSizeLessThan(100).doesNotContain("\n");
    }
}
