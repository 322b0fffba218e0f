// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Clock;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;

/** Step 09 of the guide: a node that accepts secure channels over TCP. Runs until it is interrupted. */
public final class Step09SecureChannelOverTransportManyHopsResponder {
    private Step09SecureChannelOverTransportManyHopsResponder() {}

    /** Runs the node. The first argument is where to listen, instead of {@code 127.0.0.1:4000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "responder");
        Ockam ockam = Ockam.get(system);
        Node node = ockam.createNode("responder");
        Worker echoer = node.start(Address.of("echoer"), Codec.string(), Echoer.create());
        Identities identities = Identities.create(
                SoftwareVault.create(ockam.cryptoExecutor()), InMemoryIdentityRepository.create(), Clock.systemUTC());
        Identity bob = identities.create().toCompletableFuture().join();

        // Whoever connects reaches the channel listener, and whoever has a channel the echoer.
        SecureChannelListener channels = SecureChannelListener.create(
                node,
                Address.of("secure_channel_listener"),
                bob,
                SecureChannelListenerOptions.trusting(TrustPolicy.acceptAnyPeerInsecure())
                        .withSetup(channel -> node.allow(echoer).from(channel)));
        TcpListener listener = TcpTransport.create(node)
                .listen(
                        args.length == 0 ? "127.0.0.1:4000" : args[0],
                        TcpListenerOptions.defaults().withConsumer(channels))
                .toCompletableFuture()
                .join();
        System.out.println("Identifier: " + bob.identifier());
        System.out.println("Listening at " + listener.hostAndPort());
    }
}
