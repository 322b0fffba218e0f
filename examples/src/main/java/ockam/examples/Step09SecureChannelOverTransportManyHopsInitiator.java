// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;

/** Step 09 of the guide: a secure channel over two TCP connections, by way of a relay that cannot read what it carries. */
public final class Step09SecureChannelOverTransportManyHopsInitiator {
    private Step09SecureChannelOverTransportManyHopsInitiator() {}

    /**
     * Runs the step. The first argument is where the node in the middle listens, instead of {@code 127.0.0.1:3000}, the second the identifier
     * that the other end must prove; without it, anyone will do.
     */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "initiator");
        try {
            Ockam ockam = Ockam.get(system);
            Node node = ockam.createNode("initiator");
            Identities identities = Identities.create(
                    SoftwareVault.create(ockam.cryptoExecutor()),
                    InMemoryIdentityRepository.create(),
                    Clock.systemUTC());
            Identity alice = identities.create().toCompletableFuture().join();
            Connection connection = TcpTransport.create(node)
                    .connect(args.length == 0 ? "127.0.0.1:3000" : args[0])
                    .toCompletableFuture()
                    .join();

            TrustPolicy policy = args.length < 2
                    ? TrustPolicy.acceptAnyPeerInsecure()
                    : TrustPolicy.identifier(Identifier.parse(args[1]));
            Route route = connection.route(Route.parse("forward_to_responder => secure_channel_listener"));
            SecureChannel channel = SecureChannel.create(node, route, alice, SecureChannelOptions.trusting(policy))
                    .toCompletableFuture()
                    .join();
            Routed<String> reply = node.ask(channel.route("echoer"), Codec.string(), "Hello Ockam!")
                    .toCompletableFuture()
                    .join();
            System.out.println("App Received: " + reply.body());
        } finally {
            system.terminate();
        }
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
