// SPDX-License-Identifier: Apache-2.0

package ockam.tests.opentelemetry;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import ockam.channel.SecureChannel;
import ockam.examples.Echoer;
import ockam.fixtures.Exported;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.opentelemetry.OckamTelemetry;
import ockam.opentelemetry.Traced;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Tap;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Traces that go on at the other end of a channel, where a message carries its context, and nowhere else. */
@ExtendWith(ActorTestKitExtension.class)
class TracedMessagesTest {
    private static final Route THROUGH_TAP = Route.of("tap", "api");

    private final Ends ends;
    private final Exported exported;
    private final Node node;
    private final Tap tap = Tap.create();

    TracedMessagesTest(ActorTestKit testKit, TestInfo test) {
        ends = new Ends(testKit, test.getDisplayName().replace("()", ""));
        exported = ends.exported();
        node = ends.node();
        node.start(Address.of("tap"), tap.behavior());
    }

    @AfterEach
    void end() {
        ends.close();
    }

    // #worker
    /** Answers orders; what it does for one is a span of its own, linked to the one from which the order was sent. */
    static Behavior<Routed<Traced<String>>> clerk(Tracer tracer) {
        return Behaviors.receiveMessage(order -> {
            Span span = order.body()
                    .link(tracer.spanBuilder("handle order").setSpanKind(SpanKind.CONSUMER))
                    .startSpan();
            // What is sent from here, in this context, is sent from the new span.
            Context.current()
                    .with(span)
                    .wrap(() -> order.reply(Traced.of("done")))
                    .run();
            span.end();
            return Behaviors.same();
        });
    }
    // #worker

    private SecureChannel channelToClerk() {
        Codec<Traced<String>> codec = Traced.codec(Codec.string());
        node.allow(node.start(Address.of("clerk"), codec, clerk(exported.tracer())))
                .from(ends.listen());
        return await(ends.create(THROUGH_TAP));
    }

    /** The only span of this name, when it has ended. */
    private SpanData span(String name) {
        ends.eventually(() -> assertThat(exported.spans(name)).hasSize(1));
        return exported.spans(name).get(0);
    }

    private static SpanContext withState(SpanContext context) {
        return SpanContext.create(
                context.getTraceId(),
                context.getSpanId(),
                context.getTraceFlags(),
                TraceState.builder().put("vendor", "our-own-state").build());
    }

    private static ByteString text(String text) {
        return ByteString.fromString(text);
    }

    private void assertTapSawNothingOf(SpanContext context) {
        assertThat(tap.messages()).isNotEmpty();
        assertThat(tap.saw(text(context.getTraceId()))).isFalse();
        assertThat(tap.saw(text(context.getSpanId()))).isFalse();
        assertThat(tap.saw(ByteString.fromArray(context.getTraceIdBytes()))).isFalse();
        assertThat(tap.saw(ByteString.fromArray(context.getSpanIdBytes()))).isFalse();
        assertThat(tap.saw(text("our-own-state"))).isFalse();
    }

    @Test
    void consumerIsLinkedToTheProducerAndBackAcrossAChannel() {
        SecureChannel channel = channelToClerk();
        Tracer tracer = exported.tracer();
        // #ask
        Codec<Traced<String>> codec = Traced.codec(Codec.string());
        Span span = tracer.spanBuilder("place order").startSpan();
        Routed<Traced<String>> answer = await(Context.current()
                .with(span)
                .wrapSupplier(() -> node.ask(channel.route("clerk"), codec, Traced.of("an order")))
                .get());
        span.end();
        // #ask

        SpanData handled = span("handle order");
        assertThat(handled.getLinks())
                .extracting(LinkData::getSpanContext)
                .extracting(SpanContext::getTraceId, SpanContext::getSpanId)
                .containsExactly(tuple(
                        span.getSpanContext().getTraceId(),
                        span.getSpanContext().getSpanId()));
        assertThat(handled.getTraceId())
                .as("a trace of its own")
                .isNotEqualTo(span.getSpanContext().getTraceId());
        assertThat(handled.getParentSpanContext().isValid()).isFalse();
        assertThat(answer.body().body()).isEqualTo("done");
        assertThat(answer.body().sender().getSpanId()).isEqualTo(handled.getSpanId());
        assertThat(answer.body().sender().isRemote()).isTrue();
    }

    @Test
    void hopSeesNothingOfTheContext() {
        SecureChannel channel = channelToClerk();
        Span span = exported.tracer().spanBuilder("place order").startSpan();
        SpanContext context = withState(span.getSpanContext());
        await(node.ask(channel.route("clerk"), Traced.codec(Codec.string()), new Traced<>("an order", context)));
        span.end();

        assertThat(span("handle order").getLinks().get(0).getSpanContext().getTraceState())
                .as("the peer has it")
                .isEqualTo(context.getTraceState());
        assertTapSawNothingOf(context);
    }

    @Test
    void withoutAChannelItIsAsOpenAsTheMessage() {
        node.start(Address.of("clerk"), Traced.codec(Codec.string()), clerk(exported.tracer()));
        SpanContext context =
                withState(exported.tracer().spanBuilder("ours").startSpan().getSpanContext());
        await(node.ask(Route.of("tap", "clerk"), Traced.codec(Codec.string()), new Traced<>("an order", context)));

        assertThat(tap.saw(text(context.getTraceId()))).isTrue();
        assertThat(tap.saw(text("our-own-state"))).isTrue();
    }

    @Test
    void messagesOfOtherCodecsAreTheSameWithAndWithoutATrace() {
        node.start(Address.of("echoer"), Codec.string(), Echoer.create());
        Span span = exported.tracer().spanBuilder("ours").startSpan();
        await(Context.root()
                .with(span)
                .wrapSupplier(() -> node.ask(Route.of("tap", "echoer"), Codec.string(), "question"))
                .get());
        List<ByteString> traced =
                tap.messages().stream().map(LocalMessage::payload).toList();
        assertTapSawNothingOf(span.getSpanContext());
        tap.clear();
        ends.telemetry().close();
        await(node.ask(Route.of("tap", "echoer"), Codec.string(), "question"));

        assertThat(traced)
                .isEqualTo(tap.messages().stream().map(LocalMessage::payload).toList())
                .containsExactly(
                        Codec.string().encode("question"), Codec.string().encode("question"));
    }

    @Test
    void framesOfOtherCodecsAreNoLongerForATrace() {
        node.allow(node.start(Address.of("echoer"), Codec.string(), Echoer.create()))
                .from(ends.listen());
        SecureChannel channel = await(ends.create(THROUGH_TAP));
        tap.clear();
        await(node.ask(channel.route("echoer"), Codec.string(), "question"));
        List<Integer> without = sizes();
        tap.clear();
        Span span = exported.tracer().spanBuilder("ours").startSpan();
        await(Context.root()
                .with(span)
                .wrapSupplier(() -> node.ask(channel.route("echoer"), Codec.string(), "question"))
                .get());

        assertThat(sizes()).isEqualTo(without);
        assertTapSawNothingOf(span.getSpanContext());
    }

    private List<Integer> sizes() {
        return tap.messages().stream().map(message -> message.payload().size()).toList();
    }

    @Test
    void contextNeedsNoTelemetryOfTheNode() {
        OckamTelemetry telemetry = ends.telemetry();
        telemetry.close();
        SecureChannel channel = channelToClerk();
        Span span = exported.tracer().spanBuilder("ours").startSpan();
        await(node.ask(
                channel.route("clerk"), Traced.codec(Codec.string()), new Traced<>("an order", span.getSpanContext())));

        assertThat(span("handle order").getLinks()).hasSize(1);
    }
}
