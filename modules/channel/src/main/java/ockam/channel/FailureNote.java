// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;

/** Remembers that an actor has thrown: its last signal is the same as when its actor system ends. */
final class FailureNote<T> extends BehaviorInterceptor<T, T> {
    private boolean hasFailed;

    FailureNote(Class<T> messages) {
        super(messages);
    }

    /** To be called by the actor. */
    boolean hasFailed() {
        return hasFailed;
    }

    @Override
    public Behavior<T> aroundReceive(TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
        try {
            return target.apply(context, message);
        } catch (Throwable e) {
            hasFailed = true;
            throw e;
        }
    }

    @Override
    public Behavior<T> aroundSignal(TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
        try {
            return target.apply(context, signal);
        } catch (Throwable e) {
            hasFailed = true;
            throw e;
        }
    }
}
