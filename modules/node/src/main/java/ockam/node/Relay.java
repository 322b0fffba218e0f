// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.wire.Any;
import ockam.wire.Route;

/**
 * A worker that sends every message along a fixed route, and does not appear on the return route (routing, section 1.5).
 *
 * <p>What comes in at one side may go out at the other, and back: for each message it opens the first address of its route to what comes from
 * the first address of the return route, and the other way round (services, section 1.3). So whoever may send to the relay may send through
 * the connection or the channel that its route begins with.
 *
 * <p>Relays that lead back to themselves send a message in circles for ever, because no route grows.
 */
public final class Relay {
    private Relay() {}

    /**
     * The behavior of a relay to the given route; start it with {@code node.start(address, Relay.create(node, route))}.
     *
     * @param node on which it is started
     */
    public static Behavior<Routed<Any>> create(Node node, Route route) {
        return Behaviors.receiveMessage(message -> {
            pass(node, message, route);
            return Behaviors.same();
        });
    }

    /** Sends one message along the route, for a handler that does nothing else with it. */
    static void pass(Node node, Routed<Any> message, Route route) {
        Route back = message.returnRoute();
        if (!route.isEmpty() && !back.isEmpty()) {
            node.router().flowControls().join(route.next(), back);
        }
        message.relayAndEnd(route);
    }
}
