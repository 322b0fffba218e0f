// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.function.Function;

/** The innermost interceptor of a worker with its own protocol: makes one of its messages from each that arrives at its address. */
final class AskedInterceptor<T, C> extends BehaviorInterceptor<Routed<T>, C> {
    private final Function<Routed<T>, C> asked;

    static <T, C> Behavior<Routed<T>> around(Behavior<C> worker, Function<Routed<T>, C> asked) {
        return Behaviors.intercept(() -> new AskedInterceptor<T, C>(asked), worker);
    }

    private AskedInterceptor(Function<Routed<T>, C> asked) {
        super(Routed.type());
        this.asked = asked;
    }

    @Override
    public Behavior<C> aroundReceive(TypedActorContext<Routed<T>> context, Routed<T> message, ReceiveTarget<C> target) {
        return target.apply(context, asked.apply(message));
    }
}
