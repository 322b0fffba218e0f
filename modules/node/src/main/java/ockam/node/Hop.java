// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.ExtensibleBehavior;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import ockam.wire.Any;

/**
 * A worker that forwards every message: it takes its own address off the onward route and puts it on the return route (routing, section
 * 1.5). It has no state, does not need to understand the payload, and need not be trusted by the two ends of a channel across it.
 */
public final class Hop {
    private static final Behavior<Routed<Any>> BEHAVIOR = new Forwarding();

    private Hop() {}

    /**
     * The behavior; start it with {@code node.start(address, Hop.create())}. Then the node knows that it is a hop: an outgoing access control
     * in front of it knows whom a message goes to ({@link ockam.routing.Onward}). Of a hop inside another behavior nobody knows that.
     */
    public static Behavior<Routed<Any>> create() {
        return BEHAVIOR;
    }

    static boolean isHop(Behavior<?> behavior) {
        return behavior == BEHAVIOR;
    }

    private static final class Forwarding extends ExtensibleBehavior<Routed<Any>> {
        @Override
        public Behavior<Routed<Any>> receive(TypedActorContext<Routed<Any>> context, Routed<Any> message) {
            message.forwardAndEnd();
            return Behaviors.same();
        }

        @Override
        public Behavior<Routed<Any>> receiveSignal(TypedActorContext<Routed<Any>> context, Signal signal) {
            return Behaviors.unhandled();
        }
    }
}
