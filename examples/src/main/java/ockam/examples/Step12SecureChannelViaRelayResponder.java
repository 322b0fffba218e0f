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
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;

/**
 * Step 12 of the guide: a node that nobody can connect to, and that accepts secure channels by a relay that cannot read what it carries: from
 * the initiator of step 09, for example. Runs until it is interrupted.
 */
public final class Step12SecureChannelViaRelayResponder {
    private Step12SecureChannelViaRelayResponder() {}

    /** Runs the node. The first argument is where the node with the relays listens, instead of {@code 127.0.0.1:3000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "responder");
        Ockam ockam = Ockam.get(system);
        Node node = ockam.createNode("responder");
        TcpTransport tcp = TcpTransport.create(node);
        Worker echoer = node.start(Address.of("echoer"), Codec.string(), Echoer.create());
        Identities identities = Identities.create(
                SoftwareVault.create(ockam.cryptoExecutor()), InMemoryIdentityRepository.create(), Clock.systemUTC());
        Identity bob = identities.create().toCompletableFuture().join();
        SecureChannelListener channels = SecureChannelListener.create(
                node,
                Address.of("secure_channel_listener"),
                bob,
                SecureChannelListenerOptions.trusting(TrustPolicy.acceptAnyPeerInsecure())
                        .withSetup(channel -> node.allow(echoer).from(channel)));

        // What comes by the relay reaches the channel listener, and whoever has a channel the echoer.
        RemoteRelay relay = RemoteRelay.create(
                node,
                RelayWay.over(() -> tcp.connect(args.length == 0 ? "127.0.0.1:3000" : args[0])
                        .thenApply(connection -> {
                            node.allow(channels).from(connection);
                            return connection;
                        })),
                RemoteRelayOptions.named("responder"));
        System.out.println("Identifier: " + bob.identifier());
        System.out.println(
                "Relay: " + relay.whenRegistered().toCompletableFuture().join().address());
    }
}
