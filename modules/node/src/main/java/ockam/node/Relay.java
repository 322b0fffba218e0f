// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.wire.Any;
import ockam.wire.Route;

/**
 * A worker that sends every message along a fixed route, and does not appear on the return route (routing, section 1.5).
 *
 * <p>Relays that lead back to themselves send a message in circles for ever, because no route grows.
 */
public final class Relay {
    private Relay() {}

    /** The behavior of a relay to the given route. */
    public static Behavior<Routed<Any>> create(Route route) {
        return Behaviors.receiveMessage(message -> {
            message.relayAndEnd(route);
            return Behaviors.same();
        });
    }
}
