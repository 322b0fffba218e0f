// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.tcp.ReconnectingConnection;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.wire.Address;

/** A node with a hop, and a connection to the node from which the hop has moved. Runs until it is interrupted. */
public final class HopElsewhere {
    private HopElsewhere() {}

    /** Runs the node. The first argument is where to listen, the second where the other node listens. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "elsewhere");
        Node node = Ockam.get(system).createNode("elsewhere");
        TcpTransport tcp = TcpTransport.create(node);
        Worker h1 = node.start(Address.of("h1"), Hop.create());

        // The connection has a name, for routes that go on through it. What comes back by it reaches the hop.
        ReconnectingConnection home = tcp.reconnecting(Address.of("home"), args[1]);
        node.allow(h1).from(home);

        TcpListener listener = tcp.listen(args[0], TcpListenerOptions.defaults().withConsumer(h1))
                .toCompletableFuture()
                .join();
        System.out.println("Listening at " + listener.hostAndPort());
    }
}
