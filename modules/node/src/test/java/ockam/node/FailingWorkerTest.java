// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.MessageAdaptionFailure;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import ockam.fixtures.LogLines;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.NodeSignal;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailingWorkerTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");
    private static final ByteString NOT_A_STRING = ByteString.fromInts(0x7f, 'a'); // claims 127 bytes

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");

    /** Numbers its replies, and throws at "throw". */
    private static Behavior<Routed<String>> counter() {
        return Behaviors.setup(context -> {
            int[] seen = {0};
            return Behaviors.receiveMessage(message -> {
                seen[0]++;
                if (message.body().equals("throw")) {
                    throw new IllegalStateException("on purpose");
                }
                message.reply(message.body() + " " + seen[0]);
                return Behaviors.same();
            });
        });
    }

    /** A codec that breaks its contract, in one way or another, for the text "break". */
    private static Codec<String> breaking(Runnable how) {
        return new Codec<>() {
            @Override
            public ByteString encode(String value) {
                return Codec.string().encode(value);
            }

            @Override
            public Decoded<String> decode(ByteString payload) {
                Decoded<String> decoded = Codec.string().decode(payload);
                if (decoded.orElseThrow().equals("break")) {
                    how.run();
                }
                return decoded;
            }
        };
    }

    private static void overflowTheStack() {
        int depth = 0;
        recurse(depth);
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static int recurse(int depth) {
        return recurse(depth + 1) + depth;
    }

    private void send(String body) {
        assertThat(app.send(Route.of(WORKER), Codec.string(), body)).isEqualTo(SendResult.accepted());
    }

    private String answer() {
        return await(app.receive(Codec.string())).body();
    }

    @Test
    void goesOnWithTheNextMessageAndKeepsItsStateWhenItThrows() {
        node.start(WORKER, Codec.string(), counter());
        LoggingTestKit.error("on purpose").expect(KIT.system(), () -> {
            send("one");
            send("throw");
            send("three");
            return null;
        });

        assertThat(answer()).isEqualTo("one 1");
        assertThat(answer()).isEqualTo("three 3");
    }

    @Test
    void restartsByOption() {
        node.start(
                WORKER,
                Codec.string(),
                counter(),
                WorkerOptions.defaults().withSupervision(SupervisorStrategy.restart()));
        send("one");
        send("throw");
        send("again");

        assertThat(answer()).isEqualTo("one 1");
        assertThat(answer()).isEqualTo("again 1");
        await(node.stop(WORKER));
    }

    @Test
    void stopsWithoutHandlingItsQueueWhileItWaitsToBeRestarted() {
        node.start(
                WORKER,
                Codec.string(),
                counter(),
                WorkerOptions.defaults()
                        .withSupervision(
                                SupervisorStrategy.restartWithBackoff(Duration.ofHours(1), Duration.ofHours(1), 0.0)));
        send("throw");

        await(node.stop(WORKER));
    }

    @Test
    void endsByOptionAndGivesTheAddressBack() {
        node.start(
                WORKER, Codec.string(), counter(), WorkerOptions.defaults().withSupervision(SupervisorStrategy.stop()));
        send("throw");

        KIT.eventually(() -> assertThat(app.send(Route.of(WORKER), Codec.string(), "late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS)));
    }

    @Test
    void dropsAndCountsWhatItsCodecRefuses() {
        node.start(WORKER, Codec.string(), counter());
        app.send(Route.of(WORKER), Codec.bytes(), NOT_A_STRING);
        app.send(Route.of(WORKER), Codec.bytes(), ByteString.emptyByteString());
        send("the first that it sees");

        assertThat(answer()).isEqualTo("the first that it sees 1");
        assertThat(node.dropped(NodeDropReason.UNDECODABLE)).isEqualTo(2);
    }

    @Test
    void dropsAndCountsWhatTheCodecOfAnAttachedActorRefuses() {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(WORKER, Codec.string(), probe.getRef());
        app.send(Route.of(WORKER), Codec.bytes(), NOT_A_STRING);
        send("good");

        assertThat(probe.receiveMessage().body()).isEqualTo("good");
        assertThat(node.dropped(NodeDropReason.UNDECODABLE)).isEqualTo(1);
    }

    @Test
    void outlivesCodecThatThrows() {
        node.start(
                WORKER,
                breaking(() -> {
                    throw new IllegalStateException("on purpose");
                }),
                counter());
        try (LogLines log = LogLines.of(Router.class)) {
            send("break");
            send("break");
            send("good");

            assertThat(answer()).isEqualTo("good 1");
            assertThat(node.dropped(NodeDropReason.UNDECODABLE)).isEqualTo(2);
            assertThat(log.texts()).containsExactly("The codec of 0#worker threw, which refuses the message");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void outlivesCodecThatOverflowsTheStack(boolean attached) {
        Codec<String> codec = breaking(FailingWorkerTest::overflowTheStack);
        TestProbe<Routed<String>> probe = KIT.probe();
        if (attached) {
            node.attach(WORKER, codec, probe.getRef());
        } else {
            node.start(WORKER, codec, Behaviors.receiveMessage(message -> {
                probe.getRef().tell(message);
                return Behaviors.same();
            }));
        }
        send("break");
        send("good");

        assertThat(probe.receiveMessage().body()).isEqualTo("good");
        assertThat(node.dropped(NodeDropReason.UNDECODABLE)).isEqualTo(1);
    }

    @Test
    void doesNotFailTheOneWhoPassesOnWhatTheCodecOfAnAttachedActorThrowsAt() {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(
                WORKER,
                breaking(() -> {
                    throw new IllegalStateException("on purpose");
                }),
                probe.getRef());
        Worker hop = node.start(
                Address.of("hop"),
                Codec.any(),
                Hop.create(),
                WorkerOptions.defaults().withSupervision(SupervisorStrategy.stop()));
        app.send(Route.of(hop.address(), WORKER), Codec.string(), "break");
        app.send(Route.of(hop.address(), WORKER), Codec.string(), "good");

        assertThat(probe.receiveMessage().body()).isEqualTo("good");
        assertThat(node.metadata(hop.address())).isPresent();
    }

    @Test
    void answersWithAnotherCodec() {
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            message.reply(Codec.bytes(), ByteString.fromString("raw " + message.body()));
            return Behaviors.same();
        }));
        send("answer");

        assertThat(await(app.receive(Codec.bytes())).body()).isEqualTo(ByteString.fromString("raw answer"));
    }

    @Test
    void losesOnlyTheAnswerThatCannotBeEncoded() {
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            if (message.body().equals("bad")) {
                message.reply(
                        Codec.bare(
                                "failing",
                                (writer, value) -> {
                                    throw new IllegalArgumentException("on purpose");
                                },
                                reader -> ""),
                        "never sent");
            }
            message.reply(message.body());
            return Behaviors.same();
        }));
        send("bad");
        send("good");

        assertThat(answer()).isEqualTo("good");
    }

    /** What an actor is told when it is about to end may just vanish. So its place is closed by then, also if it gets no {@code PostStop}. */
    private void closesItsPlace(
            SupervisorStrategy strategy, Behavior<Routed<String>> worker, Consumer<BehaviorTestKit<NodeSignal>> last) {
        Registration registration = node.router().register(List.of(EndpointSpec.open(WORKER)), ShutdownOrder.WORKERS);
        registration.open(new Registration.Handler(delivery -> {}, cause -> {}));
        try {
            last.accept(BehaviorTestKit.create(WorkerBehavior.around(
                    worker,
                    Codec.string(),
                    registration,
                    WorkerOptions.defaults().withSupervision(strategy),
                    node.slowHandlers())));
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("on purpose");
        }

        send("into the void");

        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        registration.end();
    }

    @Test
    void closesItsPlaceWhenItFailsAtItsStart() {
        closesItsPlace(
                SupervisorStrategy.restart(), // which does not hold for the start
                Behaviors.setup(context -> {
                    throw new IllegalStateException("on purpose");
                }),
                worker -> {});
    }

    @Test
    void closesItsPlaceWhenItFailsForGoodAtASignal() {
        closesItsPlace(
                SupervisorStrategy.stop(),
                Behaviors.receive((context, message) -> Behaviors.same(), (context, signal) -> {
                    throw new IllegalStateException("on purpose");
                }),
                worker -> worker.signal(new MessageAdaptionFailure(new IllegalArgumentException())));
    }
}
