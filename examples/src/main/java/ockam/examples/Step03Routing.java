// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/** Step 03 of the guide: a message to a worker over a hop, and back. */
public final class Step03Routing {
    private Step03Routing() {}

    /** Runs the step; prints what the workers and the application receive. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "example");
        Node node = Ockam.get(system).createNode("example");
        node.start(Address.of("echoer"), Codec.string(), Echoer.create());
        node.start(Address.of("h1"), Hop.create());

        // The message goes to the hop, which forwards it; the reply comes back the same way.
        Routed<String> reply = node.ask(Route.parse("h1 => echoer"), Codec.string(), "Hello Ockam!")
                .toCompletableFuture()
                .join();
        System.out.println("App Received: " + reply.body());

        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
