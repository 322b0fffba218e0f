// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import ockam.fixtures.Exported;
import ockam.wire.BareWriter;
import ockam.wire.Codec;
import ockam.wire.DecodeFailure;
import ockam.wire.DecodeFailure.Reason;
import ockam.wire.Decoded;
import ockam.wire.WireException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages with a context, as bytes. */
class TracedCodecTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + SPAN + "-01";
    private static final Codec<Traced<String>> CODEC = Traced.codec(Codec.string());

    private static SpanContext context(TraceState state) {
        return SpanContext.create(TRACE, SPAN, TraceFlags.getSampled(), state);
    }

    private static ByteString bytes(String parent, String state, ByteString body) {
        return BareWriter.create(0).string(parent).string(state).bytes(body).toByteString();
    }

    private static ByteString hello() {
        return Codec.string().encode("hello");
    }

    private static DecodeFailure failureOf(ByteString payload) {
        Decoded<Traced<String>> decoded = CODEC.decode(payload);
        assertThat(decoded).isInstanceOf(Decoded.Failure.class);
        return ((Decoded.Failure<Traced<String>>) decoded).failure();
    }

    @Test
    void contextIsInFrontOfTheMessageAsThePageSays() {
        TraceState state = TraceState.builder().put("vendor", "value").build();
        ByteString encoded = CODEC.encode(new Traced<>("hello", context(state)));

        assertThat(encoded).isEqualTo(bytes(PARENT, "vendor=value", hello()));
        assertThat(encoded.size()).isEqualTo(1 + 55 + 1 + 12 + 1 + 6);
    }

    @Test
    void contextComesBackAsThatOfSomebodyElse() {
        TraceState state = TraceState.builder().put("vendor", "value").build();
        Traced<String> decoded = CODEC.decode(CODEC.encode(new Traced<>("hello", context(state))))
                .orElseThrow();

        assertThat(decoded.body()).isEqualTo("hello");
        assertThat(decoded.sender())
                .isEqualTo(SpanContext.createFromRemoteParent(TRACE, SPAN, TraceFlags.getSampled(), state));
        assertThat(decoded.sender().isRemote()).isTrue();
    }

    @Test
    void messageWithoutContextTakesThreeBytesMore() {
        ByteString encoded = CODEC.encode(Traced.of("hello"));

        assertThat(encoded).isEqualTo(bytes("", "", hello()));
        assertThat(encoded.size()).isEqualTo(hello().size() + 3);
        assertThat(CODEC.decode(encoded).orElseThrow()).isEqualTo(new Traced<>("hello", SpanContext.getInvalid()));
    }

    @Test
    void contextIsThatOfTheCurrentSpan() {
        Context current = Context.root().with(Span.wrap(context(TraceState.getDefault())));
        assertThat(current.wrapSupplier(() -> Traced.of("hello")).get().sender())
                .isEqualTo(context(TraceState.getDefault()));
        assertThat(Traced.of("hello").sender().isValid()).isFalse();
    }

    @Test
    void longStateIsLeftOutAndTheContextIsSent() {
        TraceState state = TraceState.builder()
                .put("one", "x".repeat(250))
                .put("two", "x".repeat(250))
                .put("three", "x".repeat(100))
                .build();
        ByteString encoded = CODEC.encode(new Traced<>("hello", context(state)));

        assertThat(encoded).isEqualTo(bytes(PARENT, "", hello()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319ü-b7ad6b7169203331-01"
            })
    void whatIsNoContextIsNoneAndTheMessageArrives(String parent) {
        Traced<String> decoded = CODEC.decode(bytes(parent, "", hello())).orElseThrow();

        assertThat(decoded).isEqualTo(new Traced<>("hello", SpanContext.getInvalid()));
    }

    @Test
    void stateThatIsNoneIsLeftOut() {
        Traced<String> decoded =
                CODEC.decode(bytes(PARENT, "no state at all", hello())).orElseThrow();

        assertThat(decoded.sender().getTraceId()).isEqualTo(TRACE);
        assertThat(decoded.sender().getTraceState()).isEqualTo(TraceState.getDefault());
    }

    @Test
    void tooLongAContextIsRefused() {
        assertThat(failureOf(bytes("x".repeat(129), "", hello())).reason()).isEqualTo(Reason.TOO_LONG);
        assertThat(failureOf(bytes(PARENT, "x".repeat(513), hello())).reason()).isEqualTo(Reason.TOO_LONG);
        assertThat(CODEC.decode(bytes("x".repeat(128), "x".repeat(512), hello()))
                        .isValue())
                .isTrue();
    }

    @Test
    void lengthThatIsNotThereIsRefused() {
        ByteString claims = BareWriter.create(0)
                .string(PARENT)
                .string("")
                .varint(Integer.MAX_VALUE)
                .toByteString();
        assertThat(failureOf(claims).reason()).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void messageWithoutAContextInFrontIsRefused() {
        assertThat(failureOf(hello()).reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(failureOf(ByteString.emptyByteString()).reason()).isEqualTo(Reason.TRUNCATED);
    }

    @Test
    void bytesBehindTheMessageAreRefused() {
        ByteString more =
                BareWriter.create(0).raw(CODEC.encode(Traced.of("hello"))).u8(0).toByteString();
        assertThat(failureOf(more).reason()).isEqualTo(Reason.TRAILING_BYTES);
    }

    @Test
    void messageThatItsCodecRefusesIsRefused() {
        ByteString noText = BareWriter.create(0).varint(1).u8(0xff).toByteString();
        assertThat(failureOf(bytes(PARENT, "", noText)))
                .as("counted from the start of the payload")
                .isEqualTo(new DecodeFailure(Reason.INVALID_UTF8, 1 + 55 + 1 + 1));
        assertThatThrownBy(() -> CODEC.encode(Traced.of("\ud800")))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("surrogate");
    }

    @Test
    void codecIsCalledLikeThatOfTheMessage() {
        assertThat(CODEC.name()).isEqualTo(Codec.string().name());
        assertThat(CODEC).hasToString(Codec.string().name());
    }

    @Test
    void linkIsToTheSenderIfThereIsOne() {
        try (Exported exported = new Exported()) {
            new Traced<>("hello", context(TraceState.getDefault()))
                    .link(exported.tracer().spanBuilder("linked"))
                    .startSpan()
                    .end();
            Traced.of("hello")
                    .link(exported.tracer().spanBuilder("alone"))
                    .startSpan()
                    .end();

            assertThat(exported.spans().get(0).getLinks())
                    .containsExactly(LinkData.create(context(TraceState.getDefault())));
            assertThat(exported.spans().get(0).getTraceId()).isNotEqualTo(TRACE);
            assertThat(exported.spans().get(1).getLinks()).isEmpty();
        }
    }
}
