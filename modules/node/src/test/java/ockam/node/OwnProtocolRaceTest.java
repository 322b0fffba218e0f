// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers with their own protocol that fail and stop while messages come in: no permit stays out, and nobody finds the address taken. */
class OwnProtocolRaceTest {
    private static final int WINDOW = 64;
    private static final int MESSAGES = 100_000;
    private static final int FAILURES = 50;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");
    private static final Duration BACKOFF = Duration.ofMillis(1);
    private static final Producer LISTENER = () -> new FlowControlId("listener");

    private final Node node = KIT.node();
    private final AtomicInteger last = new AtomicInteger(-1);
    private final AtomicInteger outOfOrder = new AtomicInteger();
    private final AtomicInteger tooManyUnderWay = new AtomicInteger();
    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    private record Asked(Routed<String> message) {}

    /** Fails now and then, and notes what must not be. */
    private Behavior<Asked> failing() {
        return Behaviors.receiveMessage(asked -> {
            int number = Integer.parseInt(asked.message().body());
            handled.incrementAndGet();
            if (last.getAndSet(number) >= number) {
                outOfOrder.incrementAndGet();
            }
            if (node.messagesUnderWay() > WINDOW) {
                tooManyUnderWay.incrementAndGet();
            }
            if (number % (MESSAGES / FAILURES) == 0) {
                failed.incrementAndGet();
                throw new IllegalStateException("on purpose");
            }
            return Behaviors.same();
        });
    }

    /** Streams all messages to such a worker, which must keep its address; returns how many never reached it. */
    private long stream(WorkerOptions options, UnaryOperator<Behavior<Asked>> around) {
        Behavior<Asked> worker =
                node.worker(WORKER, Codec.string(), failing(), Asked::new, options.withOpenTo(LISTENER));
        ActorRef<Asked> actor = KIT.testKit().spawn(around.apply(worker));
        KIT.eventually(() -> assertThat(node.metadata(WORKER)).isPresent());

        StreamHandle stream = Source.range(0, MESSAGES - 1)
                .map(String::valueOf)
                .toMat(node.sink(Route.of(WORKER), Codec.string()), Keep.right())
                .run(Materializer.createMaterializer(KIT.system()));
        StreamReport report = await(stream.whenClosed());

        assertThat(report.sent()).isEqualTo(MESSAGES);
        assertThat(report.arrived()).isEqualTo(handled.get());
        assertThat(failed.get()).isPositive();
        assertThat(outOfOrder).hasValue(0);
        assertThat(tooManyUnderWay).hasValue(0);
        assertThat(node.router().flowControls().consumedBy(WORKER)).containsExactly(LISTENER.flowControlId());
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        KIT.testKit().stop(actor);
        return MESSAGES - report.arrived();
    }

    @Test
    void restartsOfItsOptions() {
        assertThat(stream(WorkerOptions.defaults().withSupervision(SupervisorStrategy.restart()), behavior -> behavior))
                .isZero();
    }

    @Test
    void backoffOfItsOptions() {
        stream(
                WorkerOptions.defaults().withSupervision(SupervisorStrategy.restartWithBackoff(BACKOFF, BACKOFF, 0.0)),
                behavior -> behavior);
    }

    @Test
    void restartsFromOutside() {
        assertThat(stream(
                        WorkerOptions.defaults(),
                        behavior -> Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restart())))
                .isZero();
    }

    @Test
    void backoffFromOutside() {
        stream(
                WorkerOptions.defaults(),
                behavior -> Behaviors.supervise(behavior)
                        .onFailure(SupervisorStrategy.restartWithBackoff(BACKOFF, BACKOFF, 0.0)));
    }

    // ---- one after the other at the same address ----

    private enum Event {
        STARTED,
        FAILING
    }

    /** Starts a successor whenever its child has ended, sends each a few messages, and is done after so many. */
    private Behavior<Event> respawning(
            int times, Mailbox app, Function<ActorRef<Event>, Behavior<Asked>> worker, ActorRef<String> done) {
        return Behaviors.setup(context -> {
            AtomicInteger started = new AtomicInteger();
            Runnable spawn = () -> context.watch(context.spawnAnonymous(worker.apply(context.getSelf())));
            spawn.run();
            return Behaviors.receive(Event.class)
                    .onMessageEquals(Event.STARTED, () -> {
                        started.incrementAndGet();
                        for (int i = 0; i < 3; i++) {
                            app.send(Route.of(WORKER), Codec.string(), "end");
                        }
                        return Behaviors.same();
                    })
                    .onMessageEquals(Event.FAILING, () -> {
                        context.getChildren().forEach(context::stop);
                        return Behaviors.same();
                    })
                    .onSignal(Terminated.class, end -> {
                        if (started.get() == times) {
                            done.tell("done");
                            return Behaviors.stopped();
                        }
                        spawn.run();
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private void respawn(int times, Function<ActorRef<Event>, Behavior<Asked>> worker) {
        TestProbe<String> done = KIT.probe();
        AtomicInteger spawned = new AtomicInteger();

        KIT.testKit()
                .spawn(respawning(
                        times,
                        node.mailbox("app"),
                        parent -> {
                            spawned.incrementAndGet();
                            return worker.apply(parent);
                        },
                        done.getRef()));

        done.receiveMessage(Duration.ofMinutes(2));
        assertThat(spawned).as("each found its address free").hasValue(times);
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(1)); // the mailbox
    }

    private Behavior<Asked> at(Behavior<Asked> worker) {
        return node.worker(WORKER, Codec.string(), worker, Asked::new);
    }

    /** Ends at the first message: by stopping, by being stopped, and now and then by failing. */
    private Behavior<Asked> mortal(ActorRef<Event> parent, int number) {
        return Behaviors.setup(context -> {
            parent.tell(Event.STARTED);
            return Behaviors.receiveMessage(asked -> {
                if (number % 50 == 0) {
                    throw new IllegalStateException("on purpose");
                }
                if (number % 2 == 0) {
                    return Behaviors.stopped();
                }
                var unused = node.stop(WORKER);
                return Behaviors.same();
            });
        });
    }

    @Test
    void tenThousandSuccessorsAtOneAddress() {
        AtomicInteger number = new AtomicInteger();
        respawn(10_000, parent -> at(mortal(parent, number.incrementAndGet())));
    }

    /** An outer supervision tells nobody that the actor stops while it waits, so that the node is told last of all. */
    @Test
    void successorsOfActorsThatAreStoppedInAnOuterBackoff() {
        Duration never = Duration.ofMinutes(10);
        respawn(
                1_000,
                parent -> Behaviors.supervise(at(Behaviors.setup(context -> {
                            parent.tell(Event.STARTED);
                            return Behaviors.receiveMessage(asked -> {
                                parent.tell(Event.FAILING);
                                throw new IllegalStateException("on purpose");
                            });
                        })))
                        .onFailure(SupervisorStrategy.restartWithBackoff(never, never, 0.0)
                                .withLoggingEnabled(false)));
    }
}
