// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.PreRestart;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Registration;

/**
 * An interceptor between a worker and its supervision, which sees the messages that the supervision hands over: a message's permit is given
 * back when the handler returns. Messages that do not pass here were kept by the supervision. It forgets them when the worker fails again
 * before it has received all of them, or cannot be started.
 */
final class HandedInterceptor<T> extends BehaviorInterceptor<Routed<T>, Routed<T>> {
    private final Registration registration;

    static <T> Behavior<Routed<T>> around(Behavior<Routed<T>> worker, Registration registration) {
        return Behaviors.intercept(() -> new HandedInterceptor<T>(registration), worker);
    }

    @SuppressWarnings("unchecked") // every Routed has the same class
    private HandedInterceptor(Registration registration) {
        super((Class<Routed<T>>) (Class<?>) Routed.class);
        this.registration = registration;
    }

    @Override
    public Behavior<Routed<T>> aroundStart(TypedActorContext<Routed<T>> context, PreStartTarget<Routed<T>> target) {
        boolean started = false;
        try {
            Behavior<Routed<T>> behavior = target.start(context);
            started = true;
            return behavior;
        } finally {
            if (!started) {
                registration.loseKept();
            }
        }
    }

    @Override
    public Behavior<Routed<T>> aroundSignal(
            TypedActorContext<Routed<T>> context, Signal signal, SignalTarget<Routed<T>> target) {
        if (signal instanceof PreRestart) {
            registration.loseKept();
        }
        return target.apply(context, signal);
    }

    @Override
    public Behavior<Routed<T>> aroundReceive(
            TypedActorContext<Routed<T>> context, Routed<T> message, ReceiveTarget<Routed<T>> target) {
        Delivery delivery = message.delivery();
        delivery.handed();
        try {
            return target.apply(context, message);
        } finally {
            delivery.handled();
        }
    }
}
