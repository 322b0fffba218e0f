// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.AllDeadLetters;
import akka.actor.Dropped;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.DeliveryEnvelope;

/**
 * Settles as lost what was told to an actor that had just stopped, and what a worker's supervision had no room for. It was counted as under
 * way, and nothing else notices it.
 */
final class LostAndFound {
    private LostAndFound() {}

    /** The behavior; to be subscribed to Akka's dead letters. */
    static Behavior<AllDeadLetters> create() {
        return Behaviors.receiveMessage(letter -> {
            // Akka drops what does not fit into the stash of an actor that waits to be restarted; the other actors
            // have stopped.
            DropReason reason =
                    letter instanceof Dropped ? NodeDropReason.MAILBOX_FULL : RoutingDropReason.NO_SUCH_ADDRESS;
            if (letter.message() instanceof Delivery delivery) {
                delivery.lost(reason);
            } else if (letter.message() instanceof DeliveryEnvelope envelope) {
                envelope.delivery().lost(reason);
            } else if (letter instanceof Dropped && letter.message() instanceof Routed<?> message) {
                message.delivery().lost(reason);
            }
            return Behaviors.same();
        });
    }
}
