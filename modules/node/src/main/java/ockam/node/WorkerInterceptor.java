// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import ockam.wire.Codec;

/**
 * Stands round the behavior of a worker: decodes what arrives, gives its permit back when the handler returns, stops the worker behind
 * what is queued, and gives its addresses back.
 *
 * <p>Messages that the worker sends to itself pass by unseen, since they are not a {@link WorkerSignal}.
 */
final class WorkerInterceptor<T> extends BehaviorInterceptor<WorkerSignal, Routed<T>> {
    private final Occupant occupant;
    private final Codec<T> codec;

    static <T> Behavior<WorkerSignal> around(Behavior<Routed<T>> worker, Codec<T> codec, Occupant occupant) {
        return Behaviors.intercept(() -> new WorkerInterceptor<>(codec, occupant), worker);
    }

    private WorkerInterceptor(Codec<T> codec, Occupant occupant) {
        super(WorkerSignal.class);
        this.codec = codec;
        this.occupant = occupant;
    }

    @Override
    public Behavior<Routed<T>> aroundReceive(
            TypedActorContext<WorkerSignal> context, WorkerSignal signal, ReceiveTarget<Routed<T>> target) {
        if (signal instanceof Delivery delivery) {
            Routed<T> message = Routed.decode(delivery, codec);
            if (message == null) {
                delivery.lost(DropReason.UNDECODABLE);
                return Behaviors.same();
            }
            boolean alive = false;
            try {
                Behavior<Routed<T>> next = target.apply(context, message);
                alive = Behavior.isAlive(next);
                return next;
            } finally {
                if (!alive) {
                    // One that fails for good gets no PostStop.
                    occupant.close();
                }
                if (!delivery.isDeferred()) {
                    delivery.release();
                }
            }
        }
        return Behaviors.stopped();
    }

    @Override
    public Behavior<Routed<T>> aroundSignal(
            TypedActorContext<WorkerSignal> context, Signal signal, SignalTarget<Routed<T>> target) {
        if (signal instanceof PostStop) {
            occupant.close();
            try {
                return target.apply(context, signal);
            } finally {
                occupant.gone();
            }
        }
        return target.apply(context, signal);
    }
}
