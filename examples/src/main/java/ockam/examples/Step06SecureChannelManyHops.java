// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
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
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/** Step 06 of the guide: a secure channel over three hops, and a message through it and back. */
public final class Step06SecureChannelManyHops {
    private Step06SecureChannelManyHops() {}

    /** Runs the step; prints what the workers and the application receive. With {@code --diagram file}, the run is recorded there. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "example", Diagram.settings(args));
        Ockam ockam = Ockam.get(system);
        Node node = ockam.createNode("example");
        Identities identities = Identities.create(
                SoftwareVault.create(ockam.cryptoExecutor()), InMemoryIdentityRepository.create(), Clock.systemUTC());

        // An echoer, and three hops, none of which has to be trusted.
        Worker echoer = node.start(Address.of("echoer"), Codec.string(), Echoer.create());
        node.start(Address.of("h1"), Hop.create());
        node.start(Address.of("h2"), Hop.create());
        node.start(Address.of("h3"), Hop.create());

        // Bob accepts secure channels from Alice, and opens the echoer to what comes out of them.
        Identity bob = identities.create().toCompletableFuture().join();
        Identity alice = identities.create().toCompletableFuture().join();
        SecureChannelListener.create(
                node,
                Address.of("secure_channel_listener"),
                bob,
                SecureChannelListenerOptions.trusting(TrustPolicy.identifier(alice.identifier()))
                        .withSetup(channel -> node.allow(echoer).from(channel)));

        // Alice creates a secure channel to Bob, over the hops.
        Route route = Route.parse("h1 => h2 => h3 => secure_channel_listener");
        SecureChannel channel = SecureChannel.create(
                        node, route, alice, SecureChannelOptions.trusting(TrustPolicy.identifier(bob.identifier())))
                .toCompletableFuture()
                .join();

        // A message through the channel to the echoer, and its reply.
        Routed<String> reply = node.ask(channel.route("echoer"), Codec.string(), "Hello Ockam!")
                .toCompletableFuture()
                .join();
        System.out.println("App Received: " + reply.body());

        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
