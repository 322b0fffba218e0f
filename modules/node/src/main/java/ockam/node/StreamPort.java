// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import ockam.routing.DropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. The connection of a stream to a node: elements from upstream are sent from one address, within a window, and messages that
 * arrive at another, or at the same one, go downstream.
 *
 * @param <I> type of what comes in from upstream
 * @param <O> type of what goes downstream
 * @param sending the half from upstream to the node
 * @param receiving the half from the node to downstream
 * @param halves whether the end of one half ends the other
 * @param opened run when the addresses have been taken
 * @param group ends the stream when there is no longer anything to send to or receive from
 */
@InternalApi
public record StreamPort<I, O>(
        Sending<I> sending, Receiving<O> receiving, Halves halves, Runnable opened, StreamGroup group) {

    /**
     * The half from upstream to the node.
     *
     * @param from where messages are sent from; it may be the address at which the other half receives
     * @param step when the node tells it to take nothing more from upstream
     * @param message creates the message for an element; an exception fails the stream
     * @param size how many bytes a message takes up in the window
     * @param largest the largest size that is sent; a larger message fails the stream with {@code TOO_LARGE}
     * @param lost what the stream fails with when one of its messages was refused or lost; null if it continues. Called for such messages until
     *     it has returned a failure, on any thread
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
        /**
         * What the stream fails with, or null.
         *
         * @param from where the message was sent from
         */
        @Nullable
        RuntimeException failure(DropReason reason, Endpoint from);
    }

    /**
     * The half from the node to downstream.
     *
     * @param at where messages arrive
     * @param step when the node tells it to end
     * @param element creates the element for a message that has arrived
     */
    public record Receiving<O>(EndpointSpec at, ShutdownOrder step, ToElement<O> element) {}

    /** Creates elements from messages that have arrived. */
    @FunctionalInterface
    public interface ToElement<O> {
        /** The element, or null if the message is not what is expected; it is then dropped as {@code UNDECODABLE}, unless it already was. */
        @Nullable
        O element(Delivery delivery);
    }

    /** Whether the end of one half ends the other. A failure always ends both, and the end of upstream only the half that sends. */
    public enum Halves {
        /** When downstream cancels, nothing more is taken from upstream, and the stream ends when what it has sent has arrived. */
        COUPLED,
        /** Each half continues when the other has ended. */
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
                        LocalMessage::footprint,
                        Integer.MAX_VALUE,
                        (reason, from) -> reason.breaksRoute()
                                ? new RoutingException(reason, from.explain(reason, route))
                                : null),
                new Receiving<>(
                        address, ShutdownOrder.RECEIVING_STREAMS, delivery -> Routed.decode(delivery, received)),
                Halves.COUPLED,
                () -> {},
                new StreamGroup());
    }

    /** The same, with an action to run when the addresses have been taken. */
    public StreamPort<I, O> whenOpened(Runnable action) {
        return new StreamPort<>(sending, receiving, halves, action, group);
    }

    /** The same, which ends with the others of this group. */
    public StreamPort<I, O> in(StreamGroup others) {
        return new StreamPort<>(sending, receiving, halves, opened, others);
    }

    /** The same, with halves that end together or independently. */
    public StreamPort<I, O> withHalves(Halves others) {
        return new StreamPort<>(sending, receiving, others, opened, group);
    }
}
