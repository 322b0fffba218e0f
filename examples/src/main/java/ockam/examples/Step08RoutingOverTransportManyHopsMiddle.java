// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Relay;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.wire.Address;
import ockam.wire.Route;

/** Steps 08 and 09 of the guide: a node in the middle, with a relay to another node. Runs until it is interrupted. */
public final class Step08RoutingOverTransportManyHopsMiddle {
    private Step08RoutingOverTransportManyHopsMiddle() {}

    /**
     * Runs the node. The first argument is where to listen, instead of {@code 127.0.0.1:3000}, the second where the other node listens, instead
     * of {@code 127.0.0.1:4000}.
     */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "middle");
        Node node = Ockam.get(system).createNode("middle");
        TcpTransport tcp = TcpTransport.create(node);
        Connection toResponder = tcp.connect(args.length < 2 ? "127.0.0.1:4000" : args[1])
                .toCompletableFuture()
                .join();

        // #relay
        // What comes to the relay goes on through the connection. Whoever connects reaches the relay, and nothing else.
        Worker relay =
                node.start(Address.of("forward_to_responder"), Relay.create(node, Route.of(toResponder.address())));
        TcpListener listener = tcp.listen(
                        args.length == 0 ? "127.0.0.1:3000" : args[0],
                        TcpListenerOptions.defaults().withConsumer(relay))
                .toCompletableFuture()
                .join();
        // #relay
        System.out.println("Listening at " + listener.hostAndPort());
    }
}
