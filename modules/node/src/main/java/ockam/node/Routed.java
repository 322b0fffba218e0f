// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.NoSerializationVerificationNeeded;
import java.lang.ref.Reference;
import java.util.Optional;
import ockam.routing.MessageDropped;
import ockam.routing.Peer;
import ockam.routing.RoutingException;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.NodeLog;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * A message as a worker receives it: the decoded body, where it came from, where it is going, and methods to reply to it or forward it.
 *
 * <p>Immutable and thread safe; it may be kept and replied to later. Replies and forwards are sent from the address at which the message
 * arrived. If they cannot be sent, they are counted and published as {@link MessageDropped}.
 *
 * @param <T> type of the body
 */
public final class Routed<T> implements NoSerializationVerificationNeeded {
    /** How much of what a codec says is logged. */
    private static final int LOGGED_CHARACTERS = 200;

    private final Delivery delivery;
    private final Codec<T> codec;
    private final T body;

    private Routed(Delivery delivery, Codec<T> codec, T body) {
        this.delivery = delivery;
        this.codec = codec;
        this.body = body;
    }

    /** The class of messages with this type of body, for where Akka asks for one: {@code messageAdapter}, {@code onMessage}, probes. */
    @SuppressWarnings("unchecked") // there is one class for all
    public static <T> Class<Routed<T>> type() {
        return (Class<Routed<T>>) (Class<?>) Routed.class;
    }

    Delivery delivery() {
        return delivery;
    }

    /** The message with its body, or null if the codec refuses the payload; the message is then dropped as {@code UNDECODABLE}. */
    static <T> @Nullable Routed<T> decode(Delivery delivery, Codec<T> codec) {
        Decoded<T> body = body(delivery, codec);
        if (body instanceof Decoded.Failure<T> refused) {
            delivery.lost(NodeDropReason.UNDECODABLE, () -> ": " + refusal(delivery, codec, refused));
            return null;
        }
        return new Routed<>(delivery, codec, body.orElseThrow());
    }

    /** The message with its body; throws a {@link RoutingException} with {@code UNDECODABLE} if the codec refuses the payload. */
    static <T> Routed<T> decodeOrThrow(Delivery delivery, Codec<T> codec) {
        Decoded<T> body = body(delivery, codec);
        if (body instanceof Decoded.Failure<T> refused) {
            throw new RoutingException(
                    NodeDropReason.UNDECODABLE,
                    "at " + NodeLog.text(delivery.at().address()) + ", " + refusal(delivery, codec, refused));
        }
        return new Routed<>(delivery, codec, body.orElseThrow());
    }

    /**
     * A codec that throws, though it must not, counts as one that refuses: what a stranger sends must stop neither the worker nor the actor
     * that forwards the message. That includes a stack overflow, which would otherwise end the JVM.
     */
    @SuppressWarnings("NullAway") // a codec of the application may return null, though it must not
    private static <T> Decoded<T> body(Delivery delivery, Codec<T> codec) {
        try {
            Decoded<T> body = codec.decode(delivery.message().payload());
            return body == null || (body instanceof Decoded.Value<T> decoded && decoded.value() == null)
                    ? Decoded.refused("the codec returned null")
                    : body;
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            delivery.at().userCodeFailed("codec", e);
            return Decoded.refused("the codec threw " + e.getClass().getSimpleName());
        }
    }

    /** Which codec refused what a peer sent, and why; never the payload. Names and details come from the application. */
    private static String refusal(Delivery delivery, Codec<?> codec, Decoded.Failure<?> refused) {
        String name;
        String why;
        try {
            name = codec.name();
            why = refused.failure().toString();
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            name = "without a name";
            why = e.getClass().getSimpleName();
        }
        return "codec " + NodeLog.text(name, LOGGED_CHARACTERS)
                + Peer.of(delivery.message())
                        .map(peer -> ", from peer " + peer.identifier())
                        .orElse("")
                + ", " + NodeLog.text(why, LOGGED_CHARACTERS);
    }

    /** The decoded payload. */
    public T body() {
        return body;
    }

    /** The address at which the message arrived. */
    public Address address() {
        return delivery.at().address();
    }

    /** The address on this node that really sent the message, whatever the return route says. */
    public Address source() {
        return delivery.source();
    }

    /** The route that is still ahead, with {@link #address()} at its front (routing, section 1.5). */
    public Route onwardRoute() {
        return message().onwardRoute();
    }

    /** The route back to the sender, usable as it is. */
    public Route returnRoute() {
        return message().returnRoute();
    }

    /** The peer whose identity was verified, if the message came through a secure channel (secure channel, section 6.4). */
    public Optional<Peer> peer() {
        return Peer.of(message());
    }

    /** The message as it arrived. */
    public LocalMessage message() {
        return delivery.message();
    }

    /**
     * Replies along the return route with a body of the same type.
     *
     * <p>Throws the codec's exception if it cannot encode the reply. Then nothing was sent, and the message can still be replied to; if the
     * worker's handler does not catch the exception, it has failed.
     */
    public void reply(T answer) {
        reply(codec, answer);
    }

    /** Replies in the same way with a body of any type. */
    public <R> void reply(Codec<R> answerCodec, R answer) {
        try {
            delivery.answerOrDrop(
                    delivery.at(), LocalMessage.of(returnRoute(), Route.of(address()), answerCodec.encode(answer)));
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /**
     * Forwards the message as a hop does: to the next address of the onward route, with this address added to the return route (routing,
     * section 1.5). The payload is not touched.
     */
    public void forward() {
        copy(forwarded());
    }

    /** The same for a handler that does nothing else with the message, which is cheaper. */
    void forwardAndEnd() {
        passOn(forwarded());
    }

    private LocalMessage forwarded() {
        LocalMessage in = message();
        return new LocalMessage(
                in.onwardRoute().step(), in.returnRoute().prepend(address()), in.payload(), in.localInfo());
    }

    /**
     * Forwards the message as a relay does: along the given route, with the return route unchanged, so that replies do not pass through the
     * relay (routing, section 1.5).
     */
    public void relay(Route by) {
        copy(relayed(by));
    }

    /** The same for a handler that does nothing else with the message, which is cheaper. */
    void relayAndEnd(Route by) {
        passOn(relayed(by));
    }

    private LocalMessage relayed(Route by) {
        return message().withOnwardRoute(onwardRoute().step().prepend(by));
    }

    /**
     * Declares, in the handler of a worker, that the message will be replied to or forwarded later: after {@code pipeToSelf}, from a stash,
     * by another actor. Until then it counts as under way, which slows down a stream that sent it. It ends with the first reply or forward,
     * with {@link #discard}, or with the worker.
     *
     * @return this message
     */
    public Routed<T> defer() {
        delivery.defer(this);
        return this;
    }

    /** Declares that a deferred message gets no reply. */
    public void discard() {
        try {
            delivery.release();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void copy(LocalMessage same) {
        try {
            delivery.copyOrDrop(delivery.at(), same);
        } finally {
            Reference.reachabilityFence(this); // or the cleaner could take a deferred message for a forgotten one
        }
    }

    private void passOn(LocalMessage same) {
        try {
            delivery.passOn(delivery.at(), same);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Shows routes and sizes, never the body. */
    @Override
    public String toString() {
        return "Routed(" + message() + ")";
    }
}
