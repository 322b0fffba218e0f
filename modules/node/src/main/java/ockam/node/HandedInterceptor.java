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
final class HandedInterceptor extends BehaviorInterceptor<Routed<?>, Object> {
    private final Registration registration;

    static Behavior<Routed<?>> around(Behavior<Object> worker, Registration registration) {
        return Behaviors.intercept(() -> new HandedInterceptor(registration), worker);
    }

    @SuppressWarnings("unchecked") // every Routed has the same class
    private HandedInterceptor(Registration registration) {
        super((Class<Routed<?>>) (Class<?>) Routed.class);
        this.registration = registration;
    }

    @Override
    public Behavior<Object> aroundStart(TypedActorContext<Routed<?>> context, PreStartTarget<Object> target) {
        boolean started = false;
        try {
            Behavior<Object> behavior = target.start(context);
            started = true;
            return behavior;
        } finally {
            if (!started) {
                registration.loseKept();
            }
        }
    }

    @Override
    public Behavior<Object> aroundSignal(
            TypedActorContext<Routed<?>> context, Signal signal, SignalTarget<Object> target) {
        if (signal instanceof PreRestart) {
            registration.loseKept();
        }
        return target.apply(context, signal);
    }

    @Override
    public Behavior<Object> aroundReceive(
            TypedActorContext<Routed<?>> context, Routed<?> message, ReceiveTarget<Object> target) {
        Delivery delivery = message.delivery();
        delivery.handed();
        try {
            return target.apply(context, message);
        } finally {
            delivery.handled();
        }
    }
}
