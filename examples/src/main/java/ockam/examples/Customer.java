// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Source;
import ockam.channel.SecureChannel;
import ockam.node.Routed;
import ockam.wire.Route;

/** An actor that orders from a {@link Stock} on the node at the other end of a secure channel. */
public final class Customer {
    private Customer() {}

    // #ask
    /** The messages of the actor. */
    public sealed interface Command {}

    /** Orders something; the receipt goes to another actor. */
    public record Buy(Stock.Order order, ActorRef<Stock.Receipt> receipts) implements Command {}

    private record Bought(Stock.Receipt receipt, ActorRef<Stock.Receipt> receipts) implements Command {}

    private record Failed(Stock.Order order, Throwable failure) implements Command {}

    /** Returns the behavior. */
    public static Behavior<Command> create(SecureChannel channel) {
        return Behaviors.setup(context -> Behaviors.receive(Command.class)
                .onMessage(Buy.class, buy -> buy(context, channel, buy))
                .onMessage(Bought.class, bought -> {
                    bought.receipts().tell(bought.receipt());
                    return Behaviors.same();
                })
                .onMessage(Failed.class, failed -> {
                    context.getLog().warn("No answer to {}", failed.order(), failed.failure());
                    return Behaviors.same();
                })
                .build());
    }

    private static Behavior<Command> buy(ActorContext<Command> context, SecureChannel channel, Buy buy) {
        context.pipeToSelf(
                channel.node().ask(channel.route("stock"), Stock.Order.CODEC, Stock.Receipt.CODEC, buy.order()),
                (answer, failure) ->
                        failure == null ? new Bought(answer.body(), buy.receipts()) : new Failed(buy.order(), failure));
        return Behaviors.same();
    }
    // #ask

    // #stream
    /** Orders all that a source yields; the receipts come out in the same order, and whoever is slow slows down the source. */
    public static Source<Stock.Receipt, NotUsed> buyAll(SecureChannel channel, Source<Stock.Order, NotUsed> orders) {
        return orders.via(channel.flow(Route.of("stock"), Stock.Order.CODEC, Stock.Receipt.CODEC))
                .map(Routed::body);
    }
    // #stream
}
