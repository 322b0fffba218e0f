// SPDX-License-Identifier: Apache-2.0

package com.example;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.jackson.JacksonCodecs;
import ockam.node.Hop;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/** A shop, a customer, and a channel between them over three hops that nobody has to trust. */
public final class Main {
    // #messages
    /** What the customer sends. */
    public record Order(String item, int count) {
        static final Codec<Order> CODEC = JacksonCodecs.json().codec(Order.class);
    }

    /** What the shop answers. */
    public record Receipt(String item, int delivered) {
        static final Codec<Receipt> CODEC = JacksonCodecs.json().codec(Receipt.class);
    }
    // #messages

    // #shop
    /** Starts the shop, an actor that gets orders and answers with receipts. */
    static Worker startShop(Node node) {
        return node.start(Address.of("shop"), Order.CODEC, shop());
    }

    private static Behavior<Routed<Order>> shop() {
        return Behaviors.receiveMessage(message -> {
            Order order = message.body();
            message.reply(Receipt.CODEC, new Receipt(order.item(), order.count()));
            return Behaviors.same();
        });
    }
    // #shop

    private Main() {}

    /** Orders tea, and prints the receipt. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "first-channel");
        Ockam ockam = Ockam.get(system);
        Node node = ockam.createNode("node");
        Identities identities = Identities.create(
                SoftwareVault.create(ockam.cryptoExecutor()), InMemoryIdentityRepository.create(), Clock.systemUTC());
        Identity bob = identities.create().toCompletableFuture().join();
        Identity alice = identities.create().toCompletableFuture().join();

        // #channel
        Worker shop = startShop(node);
        for (String hop : new String[] {"h1", "h2", "h3"}) {
            node.start(Address.of(hop), Hop.create());
        }
        SecureChannelListener listener = SecureChannelListener.create(
                node,
                Address.of("api"),
                bob,
                SecureChannelListenerOptions.trusting(TrustPolicy.identifier(alice.identifier())));
        node.allow(shop).from(listener);

        SecureChannel channel = SecureChannel.create(
                        node,
                        Route.parse("h1 => h2 => h3 => api"),
                        alice,
                        SecureChannelOptions.trusting(TrustPolicy.identifier(bob.identifier())))
                .toCompletableFuture()
                .join();
        Routed<Receipt> answer = node.ask(channel.route("shop"), Order.CODEC, Receipt.CODEC, new Order("tea", 2))
                .toCompletableFuture()
                .join();
        System.out.println("Bought: " + answer.body());
        // #channel

        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
