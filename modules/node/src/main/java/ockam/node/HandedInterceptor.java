// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;

/**
 * Stands between a worker and its supervision, and sees what that hands on: the message's permit is given back when the handler returns.
 * What does not come by here was kept by the supervision.
 */
final class HandedInterceptor<T> extends BehaviorInterceptor<Routed<T>, Routed<T>> {
    static <T> Behavior<Routed<T>> around(Behavior<Routed<T>> worker) {
        return Behaviors.intercept(HandedInterceptor::new, worker);
    }

    @SuppressWarnings("unchecked") // the class of any Routed is that of each
    private HandedInterceptor() {
        super((Class<Routed<T>>) (Class<?>) Routed.class);
    }

    @Override
    public Behavior<Routed<T>> aroundReceive(
            TypedActorContext<Routed<T>> context, Routed<T> message, ReceiveTarget<Routed<T>> target) {
        Delivery delivery = message.delivery();
        delivery.handed();
        try {
            return target.apply(context, message);
        } finally {
            if (!delivery.isDeferred()) {
                delivery.release();
            }
        }
    }
}
