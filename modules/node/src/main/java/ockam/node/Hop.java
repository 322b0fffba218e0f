// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.wire.Any;

/**
 * A worker that forwards every message: it takes its own address off the onward route and puts it on the return route (routing, section
 * 1.5). It has no state, does not need to understand the payload, and need not be trusted by the two ends of a channel across it.
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
