// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.node.WorkerOptions;

/**
 * Sends while fewer messages than a window are under way. It receives one message for every {@value #AT_ONCE} arrivals,
 * so that the bound costs next to nothing.
 */
final class Pump extends AbstractBehavior<Pump.Command> {
    /** Messages that may be under way in one process. */
    static final int WINDOW = 256;

    /** Arrivals that are reported together; every run has a multiple of it. */
    static final int AT_ONCE = 64;

    /** What the pump understands. */
    sealed interface Command {}

    private record Run(Runnable message, long messages, CompletableFuture<Done> whenArrived) implements Command {}

    /** How many messages have arrived, of all runs together. */
    record Arrived(long total) implements Command {}

    /** Where these actors run: on the same threads as hops and channels. */
    static final DispatcherSelector DISPATCHER = DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER);

    private final int window;
    private Run run = new Run(() -> {}, 0, new CompletableFuture<>());
    private long sent;
    private long arrived;
    private long end;

    static Behavior<Command> create(int window) {
        return Behaviors.setup(context -> new Pump(context, window));
    }

    /** Sends the message this many times, rounded up to a multiple of {@link #AT_ONCE}; completes when the last one has arrived. */
    static CompletionStage<Done> run(ActorRef<Command> pump, Runnable message, long messages) {
        CompletableFuture<Done> whenArrived = new CompletableFuture<>();
        pump.tell(new Run(message, roundedUp(messages), whenArrived));
        return whenArrived;
    }

    static long roundedUp(long messages) {
        return (messages + AT_ONCE - 1) / AT_ONCE * AT_ONCE;
    }

    /** Counts arrivals, on the thread of the receiver. */
    static final class Arrivals {
        private final ActorRef<Command> pump;
        private long total;

        Arrivals(ActorRef<Command> pump) {
            this.pump = pump;
        }

        void one() {
            total++;
            if (total % AT_ONCE == 0) {
                pump.tell(new Arrived(total));
            }
        }
    }

    private Pump(ActorContext<Command> context, int window) {
        super(context);
        this.window = window;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Arrived.class, news -> {
                    arrived = news.total();
                    return fill();
                })
                .onMessage(Run.class, next -> {
                    run = next;
                    end = sent + next.messages();
                    return fill();
                })
                .build();
    }

    private Behavior<Command> fill() {
        while (sent < end && sent - arrived < window) {
            run.message().run();
            sent++;
        }
        if (arrived == end) {
            run.whenArrived().complete(Done.getInstance());
        }
        return this;
    }
}
