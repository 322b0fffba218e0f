// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.AllDeadLetters;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;

/** Releases what was told to an actor that had just stopped. It was counted as a message under way, and nobody else hears of it. */
final class LostAndFound {
    private LostAndFound() {}

    /** The behavior; to be subscribed to Akka's dead letters. */
    static Behavior<AllDeadLetters> create() {
        return Behaviors.receiveMessage(letter -> {
            if (letter.message() instanceof DeliveryEnvelope envelope) {
                envelope.delivery().lost(DropReason.NO_SUCH_ADDRESS);
            }
            return Behaviors.same();
        });
    }
}
