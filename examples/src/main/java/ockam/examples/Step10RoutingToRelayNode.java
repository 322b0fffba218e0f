// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpTransport;

/** Steps 10 to 12 of the guide: a node that others reach, with relays for those that nobody can connect to. Runs until it is interrupted. */
public final class Step10RoutingToRelayNode {
    private Step10RoutingToRelayNode() {}

    /** Runs the node. The first argument is where to listen, instead of {@code 127.0.0.1:3000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "relays");
        Node node = Ockam.get(system).createNode("relays");

        // #service
        // Whoever connects may register, and send to those who have.
        TcpListener listener = TcpTransport.create(node)
                .listen(args.length == 0 ? "127.0.0.1:3000" : args[0])
                .toCompletableFuture()
                .join();
        RelayService.create(node, RelayServiceOptions.defaults().withOpenTo(listener));
        // #service
        System.out.println("Listening at " + listener.hostAndPort());
    }
}
