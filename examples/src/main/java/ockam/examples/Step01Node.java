// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Node;
import ockam.node.Ockam;

/** Step 01 of the guide: a node, which lives in an actor system, and stops. */
public final class Step01Node {
    private Step01Node() {}

    /** Runs the step. */
    public static void main(String[] args) {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "example");
        Node node = Ockam.get(system).createNode("example");
        System.out.println("Node: " + node.name());

        node.stop().toCompletableFuture().join();
        System.out.println("Stopped: " + node.isStopped());

        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
    }
}
