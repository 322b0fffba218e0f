// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import ockam.routing.DropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. Where a stream docks at a node: what comes in from upstream is sent from one endpoint, within a window, and what arrives
 * at another, or at the same one, goes downstream.
 *
 * @param <I> type of what comes in from upstream
 * @param <O> type of what goes downstream
 * @param sending the half from upstream to the node
 * @param receiving the half from the node to downstream
 * @param halves whether the end of one half ends the other
 * @param opened run once the addresses are taken
 * @param group ends the stream when there is nothing to send to or receive from any more
 */
@InternalApi
public record StreamPort<I, O>(
        Sending<I> sending, Receiving<O> receiving, Halves halves, Runnable opened, StreamGroup group) {

    /**
     * The half from upstream to the node.
     *
     * @param from where messages are sent from; it may be the endpoint at which the other half receives
     * @param step when the node tells it to take nothing in any more
     * @param message makes the message for an element; what it throws fails the stream
     * @param size what a message counts in the window, in bytes
     * @param largest the largest size that is sent; a larger one fails the stream with {@code TOO_LARGE}
     * @param lost what the stream fails with when one of its messages was refused or lost; null if it goes on. Called once for each such
     *     message, on any thread
     */
    public record Sending<I>(
            EndpointSpec from,
            ShutdownOrder step,
            Function<I, LocalMessage> message,
            ToIntFunction<LocalMessage> size,
            int largest,
            OnLoss lost) {}

    /** What a loss does to the stream. */
    @FunctionalInterface
    public interface OnLoss {
        /** What the stream fails with, or null. */
        @Nullable
        RuntimeException failure(DropReason reason);
    }

    /**
     * The half from the node to downstream.
     *
     * @param at where messages arrive
     * @param step when the node tells it to take nothing in any more
     * @param element makes the element for what has arrived
     */
    public record Receiving<O>(EndpointSpec at, ShutdownOrder step, ToElement<O> element) {}

    /** Makes elements of what has arrived. */
    @FunctionalInterface
    public interface ToElement<O> {
        /** The element, or null if it is not what is expected; it is then dropped as {@code UNDECODABLE}. */
        @Nullable
        O element(Delivery delivery);
    }

    /** Whether the end of one half ends the other. A failure always ends both, and the end of upstream only the half that sends. */
    public enum Halves {
        /** When downstream cancels, nothing more is taken from upstream, and the stream ends when what it has sent has arrived. */
        COUPLED,
        /** Each half goes on when the other has ended. */
        INDEPENDENT
    }

    /**
     * Both halves at one address: elements go along a route, with the address as return route, and what arrives there comes out. The halves
     * are coupled.
     */
    public static <I, O> StreamPort<I, Routed<O>> at(
            EndpointSpec address, Route route, Codec<I> sent, Codec<O> received) {
        Route returnRoute = Route.of(address.address());
        return new StreamPort<>(
                new Sending<>(
                        address,
                        ShutdownOrder.SENDING_STREAMS,
                        element -> LocalMessage.of(route, returnRoute, sent.encode(element)),
                        message -> message.payload().size(),
                        Integer.MAX_VALUE,
                        reason -> reason.breaksRoute() ? new RoutingException(reason, NodeLog.text(route)) : null),
                new Receiving<>(
                        address, ShutdownOrder.RECEIVING_STREAMS, delivery -> Routed.decode(delivery, received)),
                Halves.COUPLED,
                () -> {},
                new StreamGroup());
    }

    /** The same, with something to do once the addresses are taken. */
    public StreamPort<I, O> whenOpened(Runnable action) {
        return new StreamPort<>(sending, receiving, halves, action, group);
    }

    /** The same, which ends with the others of this group. */
    public StreamPort<I, O> in(StreamGroup others) {
        return new StreamPort<>(sending, receiving, halves, opened, others);
    }

    /** The same, with halves that end together or apart. */
    public StreamPort<I, O> withHalves(Halves others) {
        return new StreamPort<>(sending, receiving, others, opened, group);
    }
}
