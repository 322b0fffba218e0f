// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.PostStop;
import akka.actor.typed.PreRestart;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.NodeSignal;
import ockam.routing.spi.Registration;
import ockam.wire.Codec;

/**
 * An interceptor around the behavior of a worker and its supervision: it decodes what arrives, gives the permit back when the handler
 * returns, stops the worker after what is queued, and gives its addresses back.
 *
 * <p>The worker's own messages pass unseen, because they are not {@link NodeSignal}s.
 */
final class WorkerInterceptor<T> extends BehaviorInterceptor<NodeSignal, Object> {
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
    /** Whether the application may have put another supervision around all this. */
    private final boolean mayBeRestarted;

    private final SlowHandlers.Handling handling;

    WorkerInterceptor(
            Registration registration,
            Codec<T> codec,
            boolean mayKeep,
            boolean mayBeRestarted,
            SlowHandlers.Handling handling) {
        super(NodeSignal.class);
        this.codec = codec;
        this.registration = registration;
        this.mayKeep = mayKeep;
        this.mayBeRestarted = mayBeRestarted;
        this.handling = handling;
    }

    @Override
    public Behavior<Object> aroundStart(TypedActorContext<NodeSignal> context, PreStartTarget<Object> target) {
        boolean ends = !mayBeRestarted; // if it throws
        try {
            Behavior<Object> started = target.start(context);
            ends = false;
            if (!Behavior.isAlive(started)) {
                registration.end(); // Akka puts nothing around a behavior that stops right away
            }
            return started;
        } finally {
            closeIf(ends);
        }
    }

    @Override
    public Behavior<Object> aroundReceive(
            TypedActorContext<NodeSignal> context, NodeSignal signal, ReceiveTarget<Object> target) {
        if (signal instanceof Delivery delivery) {
            return receive(context, delivery, target);
        }
        return signal instanceof Stop ? Behaviors.stopped() : Behaviors.unhandled();
    }

    private Behavior<Object> receive(
            TypedActorContext<NodeSignal> context, Delivery delivery, ReceiveTarget<Object> target) {
        if (mayBeRestarted) {
            registration.received(delivery);
        }
        Routed<T> message = Routed.decode(delivery, codec);
        if (message == null) {
            return Behaviors.same();
        }
        boolean ends = !mayBeRestarted; // if it throws
        handling.step();
        try {
            Behavior<Object> next = target.apply(context, message);
            ends = !Behavior.isAlive(next);
            return next;
        } catch (LinkageError | StackOverflowError e) {
            // Akka supervises neither, and would end the JVM for them.
            context.asJava().getLog().error("A worker stops, because its handler threw an error", e);
            ends = true;
            return Behaviors.stopped();
        } finally {
            handling.step();
            if (!mayKeep) {
                delivery.handled();
            } else if (!delivery.isDeferred()) {
                delivery.kept(); // by the supervision, unless it reached the worker
            }
            // Only then: a sender that looks here in between would take the message for lost.
            closeIf(ends);
        }
    }

    @Override
    public Behavior<Object> aroundSignal(
            TypedActorContext<NodeSignal> context, Signal signal, SignalTarget<Object> target) {
        if (signal instanceof PostStop) {
            registration.close();
            try {
                return target.apply(context, signal);
            } finally {
                registration.end();
            }
        }
        if (signal instanceof PreRestart) {
            registration.loseKept(); // the supervision inside is replaced too
        }
        boolean ends = !mayBeRestarted; // if it throws
        try {
            Behavior<Object> next = target.apply(context, signal);
            ends = !Behavior.isAlive(next);
            return next;
        } finally {
            closeIf(ends);
        }
    }

    /** A worker that fails permanently gets no {@code PostStop}. */
    private void closeIf(boolean ends) {
        if (ends) {
            registration.close();
        }
    }
}
