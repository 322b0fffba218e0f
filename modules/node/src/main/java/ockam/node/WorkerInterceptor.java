// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.NodeSignal;
import ockam.routing.spi.Registration;
import ockam.wire.Codec;

/**
 * An interceptor around the behavior of a worker: it decodes what arrives, gives the permit back when the handler returns, stops the worker
 * after what is queued, and gives its addresses back.
 *
 * <p>Messages that the worker sends to itself pass unseen, because they are not {@link NodeSignal}s.
 */
final class WorkerInterceptor<T> extends BehaviorInterceptor<NodeSignal, Routed<T>> {
    /** Stop after what is in the queue. */
    enum Stop implements NodeSignal {
        INSTANCE
    }

    private final Registration registration;
    private final Codec<T> codec;
    /**
     * Whether the supervision inside may keep messages while the worker waits to be restarted; a {@link HandedInterceptor} then sees what
     * it hands over.
     */
    private final boolean mayKeep;

    static <T> Behavior<NodeSignal> around(
            Behavior<Routed<T>> worker, Codec<T> codec, Registration registration, WorkerOptions options) {
        // As in Ockam, an error is logged and the worker carries on with the next message, unless the options say
        // otherwise.
        boolean mayKeep = options.supervisionMayKeep();
        Behavior<Routed<T>> supervised = Behaviors.supervise(
                        mayKeep ? HandedInterceptor.around(worker, registration) : worker)
                .onFailure(Throwable.class, options.supervision());
        return Behaviors.intercept(() -> new WorkerInterceptor<>(codec, registration, mayKeep), supervised);
    }

    private WorkerInterceptor(Codec<T> codec, Registration registration, boolean mayKeep) {
        super(NodeSignal.class);
        this.codec = codec;
        this.registration = registration;
        this.mayKeep = mayKeep;
    }

    @Override
    public Behavior<Routed<T>> aroundStart(TypedActorContext<NodeSignal> context, PreStartTarget<Routed<T>> target) {
        boolean alive = false;
        try {
            Behavior<Routed<T>> behavior = target.start(context);
            alive = Behavior.isAlive(behavior);
            return behavior;
        } finally {
            closeUnless(alive);
        }
    }

    @Override
    public Behavior<Routed<T>> aroundReceive(
            TypedActorContext<NodeSignal> context, NodeSignal signal, ReceiveTarget<Routed<T>> target) {
        if (signal instanceof Delivery delivery) {
            Routed<T> message = Routed.decode(delivery, codec);
            if (message == null) {
                delivery.lost(NodeDropReason.UNDECODABLE);
                return Behaviors.same();
            }
            boolean alive = false;
            try {
                Behavior<Routed<T>> next = target.apply(context, message);
                alive = Behavior.isAlive(next);
                return next;
            } catch (LinkageError | StackOverflowError e) {
                // Akka supervises neither, and would end the JVM for them.
                context.asJava().getLog().error("A worker stops, because its handler threw an error", e);
                return Behaviors.stopped();
            } finally {
                if (!mayKeep) {
                    delivery.handled();
                } else if (!delivery.isDeferred()) {
                    delivery.kept(); // by the supervision, unless it reached the worker
                }
                // Only then: a sender that looks here in between would take the message for lost.
                closeUnless(alive);
            }
        }
        return signal instanceof Stop ? Behaviors.stopped() : Behaviors.unhandled();
    }

    @Override
    public Behavior<Routed<T>> aroundSignal(
            TypedActorContext<NodeSignal> context, Signal signal, SignalTarget<Routed<T>> target) {
        if (signal instanceof PostStop) {
            registration.close();
            try {
                return target.apply(context, signal);
            } finally {
                registration.end();
            }
        }
        boolean alive = false;
        try {
            Behavior<Routed<T>> next = target.apply(context, signal);
            alive = Behavior.isAlive(next);
            return next;
        } finally {
            closeUnless(alive);
        }
    }

    /** A worker that stops at its start, or fails permanently, gets no {@code PostStop}. */
    private void closeUnless(boolean alive) {
        if (!alive) {
            registration.close();
        }
    }
}
