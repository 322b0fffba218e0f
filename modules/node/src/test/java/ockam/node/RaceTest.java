// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.echo;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.fixtures.Threads;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.RoutingException.Reason;
import ockam.routing.SendResult;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several threads at the same time; what each does is decided by a seed, in which order is not. */
class RaceTest {
    private static final int THREADS = 4;
    private static final int NAMES = 6;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private final Node node = KIT.node();

    /** Runs in several threads, each with its own random numbers. */
    private static void race(long seed, Step step) {
        Threads.race(THREADS, number -> step.run(new Random(seed * THREADS + number), number));
    }

    private interface Step {
        void run(Random random, int thread) throws Exception;
    }

    private static Address name(Random random) {
        return Address.of("name" + random.nextInt(NAMES));
    }

    private static WorkerOptions options(Random random) {
        WorkerOptions options = WorkerOptions.defaults().withShutdownPriority(1 + random.nextInt(7));
        return random.nextBoolean()
                ? options
                : options.withAddress(name(random), AccessControl.allowAll(), AccessControl.allowAll());
    }

    /** One random call; refusals that are part of the contract are fine. */
    private void act(Random random, ActorRef<Routed<String>> probe, Queue<CompletionStage<Done>> stops) {
        try {
            switch (random.nextInt(8)) {
                case 0, 1 -> node.start(name(random), Codec.string(), echo(), options(random));
                case 2 ->
                    node.start(
                            name(random),
                            Codec.string(),
                            Behaviors.setup(context -> {
                                throw new IllegalStateException("on purpose");
                            }),
                            options(random));
                case 3 -> node.attach(name(random), Codec.string(), probe, options(random));
                case 4 ->
                    node.mailbox("name" + random.nextInt(NAMES))
                            .send(Route.of(name(random), name(random)), Codec.string(), "hello");
                case 5 -> stops.add(node.stop(name(random)));
                case 6 ->
                    stops.add(node.ask(
                                    Route.of(name(random)),
                                    Codec.string(),
                                    Codec.string(),
                                    "hello",
                                    Duration.ofMillis(1 + random.nextInt(5)))
                            .thenApply(answer -> Done.getInstance()));
                default -> node.allow(name(random)).from(() -> new FlowControlId("id" + random.nextInt(3)));
            }
        } catch (RoutingException e) {
            assertThat(e.reason()).isIn(Reason.ADDRESS_IN_USE, RoutingDropReason.NODE_STOPPED);
        }
    }

    private static void assertSettles(CompletionStage<Done> stage) {
        CompletionStage<Done> settled = stage.handle((done, failure) -> {
            Throwable cause =
                    failure instanceof java.util.concurrent.CompletionException ? failure.getCause() : failure;
            assertThat(cause == null || cause instanceof RoutingException).isTrue();
            return Done.getInstance();
        });
        await(settled);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void leavesNothingBehindWhateverHappensAtTheSameTime(long seed) {
        TestProbe<Routed<String>> probe = KIT.probe();
        Queue<CompletionStage<Done>> stages = new ConcurrentLinkedQueue<>();
        race(seed, (random, thread) -> {
            for (int i = 0; i < 100; i++) {
                act(random, probe.getRef(), stages);
            }
        });

        stages.forEach(RaceTest::assertSettles);
        await(node.stop());
        for (int i = 0; i < NAMES; i++) {
            node.router().flowControls().remove(Address.of("name" + i)); // opened, but never taken
        }
        assertThat(node.addressCount()).isZero();
        assertThat(node.router().flowControls().isEmpty()).isTrue();
        KIT.eventually(() -> assertThat(KIT.system().printTree()).doesNotContain("ockam-" + node.name() + "-"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void stopsWhileOthersStartAndSend(long seed) {
        for (int round = 0; round < 20; round++) {
            Node target = KIT.node();
            Mailbox sender = target.mailbox("sender");
            List<CompletionStage<Done>> stopped = new ArrayList<>();
            race(seed * 100 + round, (random, thread) -> {
                if (thread == 0) {
                    IntStream.range(0, random.nextInt(40)).forEach(i -> Thread.onSpinWait());
                    stopped.add(target.stop());
                    return;
                }
                for (int i = 0; i < 15; i++) {
                    Address mine = Address.of("worker" + thread + "-" + i);
                    try {
                        if (random.nextBoolean()) {
                            target.start(mine, Codec.string(), echo());
                        } else {
                            target.mailbox(mine, AccessControl.allowAll(), AccessControl.allowAll());
                        }
                        sender.send(Route.of(mine), Codec.string(), "hello");
                    } catch (RoutingException e) {
                        assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED);
                    }
                }
            });
            await(stopped.get(0));
            assertThat(target.addressCount()).isZero();
            assertThat(target.messagesUnderWay()).isZero();
        }
    }

    /** The message that follows a start must reach that worker, the message that follows a stop must not. */
    @Test
    void neverLosesAddressToTheEndOfItsPredecessor() {
        AtomicInteger answers = new AtomicInteger();
        race(7, (random, thread) -> {
            Address mine = Address.of("mine" + thread);
            for (int i = 0; i < 150; i++) {
                String expected = thread + "/" + i;
                node.start(mine, Codec.string(), Behaviors.receiveMessage(message -> {
                    message.reply(expected);
                    return random.nextBoolean() ? Behaviors.stopped() : Behaviors.same();
                }));
                String answer =
                        await(node.ask(Route.of(mine), Codec.string(), "who")).body();
                assertThat(answer).isEqualTo(expected);
                answers.incrementAndGet();
                var unused = node.stop(mine); // or it has just ended by itself
                assertThat(node.metadata(mine)).isEmpty();
            }
        });
        assertThat(answers).hasValue(THREADS * 150);
    }

    /** Each message is received once, by a caller that waits for it. */
    @Test
    void handsEachMessageToOneReceiver() {
        Mailbox box = node.mailbox("box");
        Queue<String> received = new ConcurrentLinkedQueue<>();
        race(8, (random, thread) -> {
            Mailbox mine = node.mailbox("sender" + thread);
            for (int i = 0; i < 100; i++) {
                assertThat(mine.send(Route.of("box"), Codec.string(), thread + "/" + i))
                        .isEqualTo(SendResult.accepted());
                received.add(await(box.receive(Codec.string())).body());
            }
        });

        assertThat(received).hasSize(THREADS * 100).doesNotHaveDuplicates();
    }

    /** An answer that was received was not lost, though its address is given back at the same time. */
    @Test
    void countsNoAnswerAsLost() {
        node.start(Address.of("echo"), Codec.string(), echo());
        race(9, (random, thread) -> {
            for (int i = 0; i < 10_000; i++) {
                await(node.ask(Route.of("echo"), Codec.string(), "question"));
            }
        });

        assertThat(node.dropped()).isZero();
    }

    /** Whatever arrives between register and open is delivered, in the order of each sender. */
    @Test
    void keepsTheOrderOfEachSenderAcrossTheOpening() {
        for (int round = 0; round < 200; round++) {
            Address home = Address.of("home");
            Registration registration = node.router().register(List.of(EndpointSpec.open(home)), ShutdownOrder.WORKERS);
            Queue<String> delivered = new ConcurrentLinkedQueue<>();
            race(round, (random, thread) -> {
                if (thread == 0) {
                    registration.open(new Registration.Handler(
                            delivery -> {
                                delivered.add(Codec.string()
                                        .decode(delivery.message().payload())
                                        .orElseThrow());
                                delivery.release();
                            },
                            cause -> registration.end()));
                    return;
                }
                Mailbox mine = node.mailbox("sender" + thread);
                for (int i = 0; i < 10; i++) {
                    mine.send(Route.of(home), Codec.string(), thread + "/" + i);
                }
                mine.close();
            });
            assertThat(delivered).hasSize((THREADS - 1) * 10);
            for (int thread = 1; thread < THREADS; thread++) {
                String prefix = thread + "/";
                assertThat(delivered.stream().filter(text -> text.startsWith(prefix)))
                        .containsExactlyElementsOf(
                                IntStream.range(0, 10).mapToObj(i -> prefix + i).toList());
            }
            await(node.stop(home));
        }
    }
}
