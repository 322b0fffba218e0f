// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.typed.ActorRef;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;

/**
 * The deliveries that were told to an actor and that it has not received yet, in the order of its mailbox, which must be the usual one. A
 * supervision that the application has put around the worker keeps deliveries unseen, and may forget them; what is received later shows
 * that. Thread safe.
 */
final class MailboxOrder {
    private final Deque<Delivery> told = new ArrayDeque<>(0); // guarded by this

    /** Tells it; the lock keeps both orders the same. */
    synchronized void tell(ActorRef<NodeSignal> actor, Delivery delivery) {
        told.add(delivery);
        actor.tell(delivery);
    }

    /** The actor has received this one, so what was told before it and is still here never comes. */
    void received(Delivery delivery) {
        List<Delivery> overtaken;
        synchronized (this) {
            if (told.peek() == delivery) {
                told.remove();
                return;
            }
            overtaken = removeUpTo(delivery);
        }
        lose(overtaken, RoutingDropReason.FORGOTTEN);
    }

    private List<Delivery> removeUpTo(Delivery delivery) {
        if (told.stream().noneMatch(one -> one == delivery)) {
            return List.of();
        }
        List<Delivery> before = new ArrayList<>();
        for (Delivery next = told.remove(); next != delivery; next = told.remove()) {
            before.add(next);
        }
        return before;
    }

    synchronized int size() {
        return told.size();
    }

    /** None of them comes any more. */
    void loseAll(DropReason reason) {
        List<Delivery> left;
        synchronized (this) {
            left = List.copyOf(told);
            told.clear();
        }
        lose(left, reason);
    }

    private static void lose(List<Delivery> deliveries, DropReason reason) {
        deliveries.forEach(delivery -> delivery.lost(reason));
    }
}
