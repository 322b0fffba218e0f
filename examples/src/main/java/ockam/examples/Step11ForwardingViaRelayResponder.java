// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.tcp.TcpTransport;
import ockam.wire.Address;
import ockam.wire.Codec;

/**
 * Step 11 of the guide: a node with an echoer that nobody can connect to, which others reach by a relay: the initiator of step 08, for example.
 * Runs until it is interrupted.
 */
public final class Step11ForwardingViaRelayResponder {
    private Step11ForwardingViaRelayResponder() {}

    /** Runs the node. The first argument is where the node with the relays listens, instead of {@code 127.0.0.1:3000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "responder");
        Node node = Ockam.get(system).createNode("responder");
        TcpTransport tcp = TcpTransport.create(node);
        Worker echoer = node.start(Address.of("echoer"), Codec.string(), Echoer.create());
        String relays = args.length == 0 ? "127.0.0.1:3000" : args[0];

        // #register
        // Each connection to the relay's node reaches the echoer, and nothing else.
        RemoteRelay relay = RemoteRelay.create(
                node,
                RelayWay.over(() -> tcp.connect(relays).thenApply(connection -> {
                    node.allow(echoer).from(connection);
                    return connection;
                })),
                RemoteRelayOptions.named("responder"));
        // #register
        System.out.println(
                "Relay: " + relay.whenRegistered().toCompletableFuture().join().address());
    }
}
