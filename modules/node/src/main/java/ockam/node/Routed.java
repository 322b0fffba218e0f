// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.Optional;
import ockam.routing.MessageDropped;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * A message as a worker gets it: the decoded body, where it came from, where it is going, and ways to answer or pass it on.
 *
 * <p>Immutable and thread safe; it may be kept and answered later. Answers and forwards are sent from the address at which the message
 * arrived. What cannot be sent is counted and published as {@link MessageDropped}.
 *
 * @param <T> type of the body
 */
public final class Routed<T> {
    private final Delivery delivery;
    private final Codec<T> codec;
    private final T body;

    private Routed(Delivery delivery, Codec<T> codec, T body) {
        this.delivery = delivery;
        this.codec = codec;
        this.body = body;
    }

    Delivery delivery() {
        return delivery;
    }

    /**
     * The message with its body, or null if the codec refuses the payload. A codec that throws, though it must not, counts as one that
     * refuses: what a stranger sends must stop neither the worker nor the one who passes the message on. That includes a stack overflow,
     * which would otherwise end the JVM.
     */
    static <T> @Nullable Routed<T> decode(Delivery delivery, Codec<T> codec) {
        try {
            return codec.decode(delivery.message().payload()) instanceof Decoded.Value<T> body
                    ? new Routed<>(delivery, codec, body.value())
                    : null;
        } catch (RuntimeException | StackOverflowError e) {
            delivery.at().userCodeFailed("codec", e);
            return null;
        }
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

    /** Answers along the return route with a body of the same type. */
    public void reply(T answer) {
        reply(codec, answer);
    }

    /** Answers along the return route. */
    public <R> void reply(Codec<R> answerCodec, R answer) {
        delivery.answerOrDrop(
                delivery.at(), LocalMessage.of(returnRoute(), Route.of(address()), answerCodec.encode(answer)));
    }

    /**
     * Passes the message on as a hop does: to the next address of the onward route, with this address added to the return route (routing,
     * section 1.5). The payload is not touched.
     */
    public void forward() {
        delivery.copyOrDrop(delivery.at(), forwarded());
    }

    /** The same for a handler that does nothing else with the message, which is cheaper. */
    void forwardAndEnd() {
        delivery.sendOrDrop(delivery.at(), forwarded());
    }

    private LocalMessage forwarded() {
        LocalMessage in = message();
        return new LocalMessage(
                in.onwardRoute().step(), in.returnRoute().prepend(address()), in.payload(), in.localInfo());
    }

    /**
     * Passes the message on as a relay does: by way of the given route, with the return route unchanged, so that the relay is not on the
     * way back (routing, section 1.5).
     */
    public void relay(Route by) {
        delivery.copyOrDrop(delivery.at(), relayed(by));
    }

    /** The same for a handler that does nothing else with the message, which is cheaper. */
    void relayAndEnd(Route by) {
        delivery.sendOrDrop(delivery.at(), relayed(by));
    }

    private LocalMessage relayed(Route by) {
        return message().withOnwardRoute(onwardRoute().step().prepend(by));
    }

    /**
     * Says, in the handler of a worker, that the message will be answered or passed on later: after {@code pipeToSelf}, from a stash, by
     * another actor. Until then it counts as under way, and whoever sent it in a stream is slowed down by it. It ends with the first answer
     * or forward, with {@link #discard}, or with the worker.
     *
     * @return this message
     */
    public Routed<T> defer() {
        delivery.defer();
        delivery.at().cleaner().register(this, forgotten(delivery));
        return this;
    }

    /** Apart, since an action that knew the message would keep it alive. */
    private static Runnable forgotten(Delivery delivery) {
        return () -> delivery.lost(RoutingDropReason.FORGOTTEN);
    }

    /** Says that a deferred message gets no answer. */
    public void discard() {
        delivery.release();
    }

    /** Shows routes and sizes, never the body. */
    @Override
    public String toString() {
        return "Routed(" + message() + ")";
    }
}
