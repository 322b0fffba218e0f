// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.util.function.Function;
import ockam.routing.RoutingException;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.NodeSignal;
import ockam.routing.spi.Registration;
import ockam.wire.Codec;

/**
 * What is put around the behavior of a worker, from the outside in: the hold on its address, {@link WorkerInterceptor}, the supervision of
 * its options, {@link HandedInterceptor}, {@link AskedInterceptor}.
 */
final class WorkerBehavior {
    private WorkerBehavior() {}

    /** Around a worker that the node starts at addresses that it has registered. */
    static <T> Behavior<NodeSignal> around(
            Behavior<Routed<T>> worker,
            Codec<T> codec,
            Registration registration,
            WorkerOptions options,
            SlowHandlers slow) {
        return around(worker, codec, registration, options, slow, false);
    }

    /** The same around one with its own protocol. */
    static <T, C> Behavior<NodeSignal> around(
            Behavior<C> worker,
            Function<Routed<T>, C> asked,
            Codec<T> codec,
            Registration registration,
            WorkerOptions options,
            SlowHandlers slow) {
        return around(AskedInterceptor.around(worker, asked), codec, registration, options, slow, false);
    }

    /**
     * Around a worker that is started by anyone, who may also supervise it. When it is restarted, it finds its addresses still registered.
     * If they are somebody else's, it logs that and stops: a setup that throws would be restarted again and again.
     */
    static <T, C> Behavior<C> holding(
            Function<ActorRef<?>, Registration> hold,
            Codec<T> codec,
            Behavior<C> worker,
            Function<Routed<T>, C> asked,
            WorkerOptions options,
            SlowHandlers slow) {
        Behavior<NodeSignal> behavior = Behaviors.setup(context -> {
            ActorRef<NodeSignal> self = context.getSelf();
            Registration registration;
            try {
                registration = hold.apply(self);
            } catch (RoutingException e) {
                context.getLog().error("No worker was started: {}", e.getMessage());
                return Behaviors.stopped();
            }
            registration.open(new Registration.Handler(
                    delivery -> registration.tellInOrder(self, delivery),
                    cause -> self.tell(WorkerInterceptor.Stop.INSTANCE)));
            return around(AskedInterceptor.around(worker, asked), codec, registration, options, slow, true);
        });
        return erased(behavior);
    }

    private static <T> Behavior<NodeSignal> around(
            Behavior<Routed<T>> worker,
            Codec<T> codec,
            Registration registration,
            WorkerOptions options,
            SlowHandlers slow,
            boolean mayBeRestarted) {
        // A default that only resumes keeps no messages, so nothing needs to see what it hands over.
        SupervisorStrategy strategy = options.supervision();
        boolean mayKeep = strategy != null;
        Behavior<Object> inner = erased(worker);
        if (strategy != null) {
            inner = supervised(erased(HandedInterceptor.around(inner, registration)), strategy);
        } else if (!mayBeRestarted) {
            // As in Ockam, an error is logged and the worker carries on with the next message.
            inner = supervised(startedOrStopped(inner, registration), SupervisorStrategy.resume());
        }
        Behavior<Object> layers = inner;
        return Behaviors.setup(context -> {
            SlowHandlers.Handling handling = slow.watch(registration, context);
            return Behaviors.intercept(
                    () -> new WorkerInterceptor<>(registration, codec, mayKeep, mayBeRestarted, handling), layers);
        });
    }

    /** There is nothing to resume when the setup throws: Akka would fail a second time over that, with a text that hides the first. */
    private static Behavior<Object> startedOrStopped(Behavior<Object> worker, Registration registration) {
        return Behaviors.setup(context -> {
            try {
                return Behavior.start(worker, context);
            } catch (Exception e) {
                context.getLog()
                        .error("No worker was started at {}: its setup threw", NodeLog.text(registration.address()), e);
                return Behaviors.stopped();
            }
        });
    }

    private static Behavior<Object> supervised(Behavior<Object> behavior, SupervisorStrategy strategy) {
        return Behaviors.supervise(behavior).onFailure(Throwable.class, strategy);
    }

    /** The layers exchange messages of different types through the one mailbox of the actor; each passes on what is not meant for it. */
    @SuppressWarnings("unchecked")
    private static <M> Behavior<M> erased(Behavior<?> behavior) {
        return (Behavior<M>) behavior;
    }
}
