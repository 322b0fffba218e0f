// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.wire.Any;
import ockam.wire.Route;

/**
 * A worker that sends every message along a fixed route, and does not appear on the return route (routing, section 1.5).
 *
 * <p>What comes in by one connection or channel and goes out by another may be answered: for each message, the two are opened to each other
 * (services, section 1.3). So whoever may send to the relay may from then on send through the connection or the channel that its route begins
 * with. On the relay's own node, the address of an {@code ask} is opened to its answer, and the end of a channel that is being made.
 *
 * <p>Nothing else on that node is opened. A worker or a mailbox that sends through the relay, or a hop over which messages come to it, gets
 * answers if {@link Node#allow} has opened it to the connection or the channel that the relay leads to; over a hop, all workers of
 * the node can then be reached from there.
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
            node.router().flowControls().join(route.next(), back.next());
        }
        message.relayAndEnd(route);
    }
}
