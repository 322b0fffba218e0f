// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import ockam.wire.Identifier;
import ockam.wire.Route;

/** A node with a {@link Customer}, which orders from a {@link Stock} on another node, along whatever route it is given. */
public final class CustomerNode {
    private CustomerNode() {}

    /** Runs the node. The first argument is the identifier of the other end, the second the route to its channel listener. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "customer");
        try {
            Ockam ockam = Ockam.get(system);
            Node node = ockam.createNode("customer");
            Identities identities = Identities.create(
                    SoftwareVault.create(ockam.cryptoExecutor()),
                    InMemoryIdentityRepository.create(),
                    Clock.systemUTC());
            Identity alice = get(identities.create());

            // A TCP address in the route is connected to.
            Route route = get(TcpTransport.create(node).resolve(Route.parse(args[1])));
            TrustPolicy onlyBob = TrustPolicy.identifier(Identifier.parse(args[0]));
            SecureChannel channel =
                    get(SecureChannel.create(node, route, alice, SecureChannelOptions.trusting(onlyBob)));

            ActorRef<Customer.Command> customer =
                    system.systemActorOf(Customer.create(channel), "customer", Props.empty());
            for (int count : new int[] {7, 7}) {
                System.out.println("Bought: " + get(buy(system, customer, new Stock.Order("tea", count))));
            }
        } finally {
            system.terminate();
        }
        get(system.getWhenTerminated());
    }

    private static CompletionStage<Stock.Receipt> buy(
            ActorSystem<?> system, ActorRef<Customer.Command> customer, Stock.Order order) {
        return AskPattern.ask(
                customer, receipts -> new Customer.Buy(order, receipts), Duration.ofSeconds(10), system.scheduler());
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
