// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.ActorRef;
import java.util.concurrent.atomic.AtomicBoolean;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Codec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands messages to an actor of which only the reference is known: what it does with them cannot be seen, so they end there. */
final class AttachedActor<T> {
    private static final Logger LOG = LoggerFactory.getLogger(AttachedActor.class);

    private final Router router;
    private final Address address;
    private final Codec<T> codec;
    private final ActorRef<Routed<T>> actor;
    private final AtomicBoolean warned = new AtomicBoolean();

    AttachedActor(Router router, Address address, Codec<T> codec, ActorRef<Routed<T>> actor) {
        this.router = router;
        this.address = address;
        this.codec = codec;
        this.actor = actor;
    }

    void deliver(Delivery delivery) {
        Routed<T> message = Routed.decode(delivery, codec);
        if (message == null) {
            return;
        }
        if (message.peer().isPresent() && !warned.get() && warned.compareAndSet(false, true)) {
            router.logged(() -> LOG.warn(
                    "A peer sends to {}, where an actor is attached: nothing bounds how many messages wait in its mailbox; "
                            + "use Node.worker or Node.start",
                    NodeLog.text(address)));
        }
        actor.tell(message);
        delivery.handled();
    }
}
