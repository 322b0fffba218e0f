// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.wire.Any;

/**
 * A worker that passes every message on: it takes its own address off the onward route and puts it on the return route (routing, section
 * 1.5). It has no state, needs to understand no payload, and need not be trusted by those who hold a channel across it.
 */
public final class Hop {
    private Hop() {}

    /** The behavior; start it with {@code node.start(address, Hop.create())}. */
    public static Behavior<Routed<Any>> create() {
        return Behaviors.receiveMessage(message -> {
            message.forwardAndEnd();
            return Behaviors.same();
        });
    }
}
