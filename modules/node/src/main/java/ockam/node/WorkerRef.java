// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.ActorRef;
import ockam.routing.spi.Endpoint;

/**
 * A worker with its own protocol: its address, and the reference by which other actors reach it without routes and codecs.
 *
 * @param <C> its protocol
 */
public final class WorkerRef<C> extends Worker {
    private final ActorRef<C> ref;

    WorkerRef(Endpoint endpoint, ActorRef<C> ref) {
        super(endpoint);
        this.ref = ref;
    }

    /** The actor. What is told to it directly is not under way on the node, and not slowed down. */
    public ActorRef<C> ref() {
        return ref;
    }
}
