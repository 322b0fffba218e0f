// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;

/**
 * Watches the actors that live on a node, and gives their addresses back when they end, however they end: a worker that fails while it is
 * set up gets no {@code PostStop}, and an actor that was attached knows nothing of its address.
 */
final class NodeGuardian extends AbstractBehavior<NodeGuardian.Command> {
    /** What the guardian understands. */
    sealed interface Command {}

    /** Give the occupant's addresses back when the actor ends. */
    record Watch(ActorRef<?> actor, Occupant occupant) implements Command {}

    private record Ended(Occupant occupant) implements Command {}

    /** The node has stopped. */
    enum Stop implements Command {
        INSTANCE
    }

    static Behavior<Command> create() {
        return Behaviors.setup(NodeGuardian::new);
    }

    private NodeGuardian(ActorContext<Command> context) {
        super(context);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Watch.class, this::watch)
                .onMessage(Ended.class, ended -> {
                    ended.occupant().gone();
                    return this;
                })
                .onMessage(Stop.class, stop -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> watch(Watch watch) {
        getContext().watchWith(watch.actor(), new Ended(watch.occupant()));
        return this;
    }
}
