// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import akka.util.ByteString;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import ockam.wire.Bare;
import ockam.wire.BareReader;
import ockam.wire.BareWriter;
import ockam.wire.CborLimits;
import ockam.wire.Codec;
import ockam.wire.DecodeFailure;
import ockam.wire.Decoded;

/** The codec of {@link Traced}, which says what the bytes are. The texts of W3C Trace Context are ASCII. */
record TracedCodec<T>(Codec<T> body) implements Codec<Traced<T>> {
    /** Twice what the only version that there is has, and more. */
    static final int LONGEST_PARENT = 128;
    /** What everybody should pass on, by the recommendation of W3C. */
    static final int LONGEST_STATE = 512;

    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";
    /** Before a body: two texts with two bytes of length each, and its own length. */
    private static final int ROOM = 2 * 2 + 55 + 5;

    /** Nothing is allocated by these: both texts have their own limits, and the body is a view of what is there. */
    private static final CborLimits LIMITS = CborLimits.defaults().withMaxLength(Integer.MAX_VALUE);

    private record Parts(String parent, String state, ByteString body) {}

    private static final TextMapGetter<Map<String, String>> GETTER =
            (fields, key) -> fields == null ? null : fields.get(key);

    @Override
    public ByteString encode(Traced<T> message) {
        Map<String, String> fields = new HashMap<>();
        Context context = Context.root().with(Span.wrap(message.sender()));
        W3CTraceContextPropagator.getInstance().inject(context, fields, (map, key, value) -> {
            if (map != null) {
                map.put(key, value);
            }
        });
        String state = fields.getOrDefault(STATE, "");
        if (state.length() > LONGEST_STATE) {
            state = "";
        }
        ByteString encoded = body.encode(message.body());
        return BareWriter.create(ROOM + state.length() + encoded.length())
                .string(fields.getOrDefault(PARENT, ""))
                .string(state)
                .bytes(encoded)
                .toByteString();
    }

    @Override
    public Decoded<Traced<T>> decode(ByteString payload) {
        Decoded<Parts> parts = Bare.decodeStrictly(
                payload,
                LIMITS,
                reader -> new Parts(text(reader, LONGEST_PARENT), text(reader, LONGEST_STATE), reader.bytes()));
        return parts.flatMap(found -> {
            int before = payload.length() - found.body().length();
            return behind(before, body.decode(found.body())).map(message -> new Traced<>(message, sender(found)));
        });
    }

    /** The offset of a failure counts from the start of the payload. */
    private static <T> Decoded<T> behind(int length, Decoded<T> decoded) {
        if (decoded instanceof Decoded.Failure<T> refused) {
            DecodeFailure failure = refused.failure();
            return new Decoded.Failure<>(
                    new DecodeFailure(failure.reason(), length + failure.offset(), failure.detail()));
        }
        return decoded;
    }

    /** What is no ASCII becomes what is no context. */
    private static String text(BareReader reader, int longest) {
        ByteString bytes = reader.bytes();
        return bytes.length() > longest
                ? reader.fail(DecodeFailure.Reason.TOO_LONG)
                : bytes.decodeString(StandardCharsets.US_ASCII);
    }

    private static SpanContext sender(Parts parts) {
        if (parts.parent().isEmpty()) {
            return SpanContext.getInvalid();
        }
        Map<String, String> fields = Map.of(PARENT, parts.parent(), STATE, parts.state());
        Context context = W3CTraceContextPropagator.getInstance().extract(Context.root(), fields, GETTER);
        return Span.fromContext(context).getSpanContext();
    }

    @Override
    public String name() {
        return body.name();
    }

    @Override
    public String toString() {
        return name();
    }
}
