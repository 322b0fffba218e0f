// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.tcp.TcpTransport;
import ockam.wire.Codec;
import ockam.wire.Route;

/** Step 08 of the guide: a message over two TCP connections, by way of a relay, to the echoer of another node, and back. */
public final class Step08RoutingOverTransportManyHopsInitiator {
    private Step08RoutingOverTransportManyHopsInitiator() {}

    /** Runs the step. The first argument is where the node in the middle listens, instead of {@code 127.0.0.1:3000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "initiator");
        try {
            Node node = Ockam.get(system).createNode("initiator");
            Connection connection = TcpTransport.create(node)
                    .connect(args.length == 0 ? "127.0.0.1:3000" : args[0])
                    .toCompletableFuture()
                    .join();

            // The relay on the node in the middle knows the way from there.
            Route route = connection.route(Route.parse("forward_to_responder => echoer"));
            Routed<String> reply = node.ask(route, Codec.string(), "Hello Ockam!")
                    .toCompletableFuture()
                    .join();
            System.out.println("App Received: " + reply.body());
        } finally {
            system.terminate();
        }
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
