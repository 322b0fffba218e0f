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
import ockam.node.WorkerRef;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;

/** A node with a {@link Stock}, behind a secure channel listener and three hops. Runs until it is interrupted. */
public final class StockNode {
    private StockNode() {}

    /** Runs the node. The first argument is where to listen, instead of {@code 127.0.0.1:4000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "stock");
        Ockam ockam = Ockam.get(system);
        Node node = ockam.createNode("stock");
        WorkerRef<Stock.Command> stock = Stock.start(node);
        stock.ref().tell(new Stock.Arrived("tea", 10));

        Identities identities = Identities.create(
                SoftwareVault.create(ockam.cryptoExecutor()), InMemoryIdentityRepository.create(), Clock.systemUTC());
        Identity bob = identities.create().toCompletableFuture().join();
        SecureChannelListener channels = SecureChannelListener.create(
                node,
                Address.of("secure_channel_listener"),
                bob,
                SecureChannelListenerOptions.trusting(TrustPolicy.acceptAnyPeerInsecure())
                        .withSetup(channel -> node.allow(stock).from(channel)));

        // Whoever connects reaches the hops, and by them, or without them, the channel listener.
        TcpListenerOptions open = TcpListenerOptions.defaults().withConsumer(channels);
        for (String hop : new String[] {"h1", "h2", "h3"}) {
            open = open.withConsumer(node.start(Address.of(hop), Hop.create()));
        }
        TcpListener listener = TcpTransport.create(node)
                .listen(args.length == 0 ? "127.0.0.1:4000" : args[0], open)
                .toCompletableFuture()
                .join();
        System.out.println("Identifier: " + bob.identifier());
        System.out.println("Listening at " + listener.hostAndPort());
    }
}
