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

/** Step 07 of the guide: a message over TCP to the echoer of another node, and back. */
public final class Step07RoutingOverTransportInitiator {
    private Step07RoutingOverTransportInitiator() {}

    /** Runs the step. The first argument is where the other node listens, instead of {@code 127.0.0.1:4000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "initiator");
        try {
            Node node = Ockam.get(system).createNode("initiator");
            Connection connection = TcpTransport.create(node)
                    .connect(args.length == 0 ? "127.0.0.1:4000" : args[0])
                    .toCompletableFuture()
                    .join();

            // The route goes through the connection to the echoer on the other node.
            Routed<String> reply = node.ask(connection.route("echoer"), Codec.string(), "Hello Ockam!")
                    .toCompletableFuture()
                    .join();
            System.out.println("App Received: " + reply.body());
        } finally {
            system.terminate();
        }
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
