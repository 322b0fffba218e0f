// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.wire.Address;
import ockam.wire.Codec;

/** Steps 07 and 08 of the guide: a node with an echoer that others reach over TCP. Runs until it is interrupted. */
public final class Step07RoutingOverTransportResponder {
    private Step07RoutingOverTransportResponder() {}

    /** Runs the node. The first argument is where to listen, instead of {@code 127.0.0.1:4000}. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "responder");
        Node node = Ockam.get(system).createNode("responder");
        Worker echoer = node.start(Address.of("echoer"), Codec.string(), Echoer.create());

        // Whoever connects reaches the echoer, and nothing else.
        TcpListener listener = TcpTransport.create(node)
                .listen(
                        args.length == 0 ? "127.0.0.1:4000" : args[0],
                        TcpListenerOptions.defaults().withConsumer(echoer))
                .toCompletableFuture()
                .join();
        System.out.println("Listening at " + listener.hostAndPort());
    }
}
