// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Routed;
import ockam.wire.Any;

/** A worker that prints a line for each message that it receives and forwards it to the next address of its route. */
final class Hop {
    private Hop() {}

    static Behavior<Routed<Any>> create() {
        return Behaviors.receiveMessage(message -> {
            System.out.println("Address: " + message.address() + ", Received: " + message.body());
            message.forward();
            return Behaviors.same();
        });
    }
}
