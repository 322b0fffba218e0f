// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.node.Routed;

/** A worker that prints each message that it receives and sends it back. */
public final class Echoer {
    private Echoer() {}

    public static Behavior<Routed<String>> create() {
        return Behaviors.receiveMessage(message -> {
            System.out.println("Address: " + message.address() + ", Received: " + message.body());
            message.reply(message.body());
            return Behaviors.same();
        });
    }
}
