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

/** Step 02 of the guide: a worker, and a message to it and back. */
public final class Step02Worker {
    private Step02Worker() {}

    /** Runs the step; prints what the workers and the application receive. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "example");
        Node node = Ockam.get(system).createNode("example");
        node.start(Address.of("echoer"), Codec.string(), Echoer.create());

        // A message to the echoer, and its reply.
        Routed<String> reply = node.ask(Route.of("echoer"), Codec.string(), "Hello Ockam!")
                .toCompletableFuture()
                .join();
        System.out.println("App Received: " + reply.body());

        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
