// SPDX-License-Identifier: Apache-2.0

package ockam.opentelemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import java.util.Objects;
import ockam.wire.Codec;

/**
 * A message with the trace context of the one who sent it: the ids of a trace and a span, which are no secret from its receiver. Whoever
 * handles it {@linkplain #link links} its own span to the sender's, so that both traces can be followed, and neither decides how the other is
 * sampled.
 *
 * <p>Only messages of this type carry a context, in their payload: one that goes through a secure channel shows it to the peer, and to no hop;
 * one that does not shows it to all. What a peer sends is its own claim: it may name any trace.
 *
 * <p>In bytes it is a struct in BARE (routing, section 2.1):
 *
 * <pre>
 * traceparent  string, at most 128 bytes   as in W3C Trace Context; empty without a context
 * tracestate   string, at most 512 bytes   likewise; a longer one is not sent
 * body         data                        the payload of the message
 * </pre>
 *
 * @param body the message
 * @param sender the span from which it was sent; {@linkplain SpanContext#isValid not valid} if there was none. One that was received is remote
 * @param <T> type of the message
 */
public record Traced<T>(T body, SpanContext sender) {

    /** Refuses null. */
    public Traced {
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(sender, "sender");
    }

    /** A message sent from the span that is current on this thread. */
    public static <T> Traced<T> of(T body) {
        return new Traced<>(body, Span.current().getSpanContext());
    }

    /**
     * The codec of messages with context, for those of another codec. A body that this refuses is refused. A context that is none by the rules
     * of W3C is no context, and the message arrives without one. Baggage is not sent.
     */
    public static <T> Codec<Traced<T>> codec(Codec<T> body) {
        return new TracedCodec<>(Objects.requireNonNull(body, "body"));
    }

    /** Links a span that is about to be started to the one of the sender, if there is one; returns the same builder. */
    public SpanBuilder link(SpanBuilder span) {
        return sender.isValid() ? span.addLink(sender) : span;
    }
}
