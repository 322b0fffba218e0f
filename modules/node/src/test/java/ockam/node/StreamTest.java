// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.Pair;
import akka.stream.AbruptStageTerminationException;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.fixtures.SystemKit;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams over a node: demand, order, completion, failure and cancellation. */
final class StreamTest {
    private static final int WINDOW = 16;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("ockam.stream.window = " + WINDOW));

    private static final Address END = Address.of("end");
    private static final Route OVER_HOPS = Route.parse("h1 => h2 => h3 => end");

    private Node node;
    private Materializer materializer;

    @BeforeEach
    void hops() {
        node = KIT.node();
        materializer = Materializer.createMaterializer(KIT.system());
        for (String hop : List.of("h1", "h2", "h3")) {
            node.start(Address.of(hop), Hop.create());
        }
    }

    private Pair<StreamHandle, TestSubscriber.Probe<Routed<String>>> consumer() {
        return node.source(END, Codec.string())
                .toMat(TestSink.create(KIT.system()), Keep.both())
                .run(materializer);
    }

    private Pair<TestPublisher.Probe<String>, StreamHandle> producer() {
        return TestSource.<String>create(KIT.system())
                .toMat(node.sink(OVER_HOPS, Codec.string()), Keep.both())
                .run(materializer);
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void letsExactlyOneWindowInWhenTheConsumerAsksForNothing() {
        Pair<StreamHandle, TestSubscriber.Probe<Routed<String>>> end = consumer();
        end.second().ensureSubscription();
        AtomicInteger entered = new AtomicInteger();
        StreamHandle start = Source.from(texts(1_000))
                .map(text -> {
                    entered.incrementAndGet();
                    return text;
                })
                .toMat(node.sink(OVER_HOPS, Codec.string()), Keep.right())
                .run(materializer);

        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(WINDOW));
        assertThat(entered).hasValue(WINDOW);
        assertThat(node.bytesUnderWay()).isPositive();

        for (int round = 1; round <= 3; round++) {
            end.second().request(10);
            for (int i = 0; i < 10; i++) {
                assertThat(end.second().expectNext().body()).isEqualTo(Integer.toString(10 * (round - 1) + i));
            }
            int expected = WINDOW + 10 * round;
            KIT.eventually(() -> assertThat(entered).hasValue(expected));
            KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(WINDOW));
            assertThat(entered).hasValue(expected);
        }
        end.second().cancel();
        assertThat(NodeKit.failureOf(start.whenClosed())).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
    }

    @Test
    void keepsOrderAndDeliversAll() {
        int count = 10_000;
        CompletionStage<List<String>> received =
                node.source(END, Codec.string()).map(Routed::body).take(count).runWith(Sink.seq(), materializer);
        StreamHandle handle = Source.from(texts(count))
                .toMat(node.sink(OVER_HOPS, Codec.string()), Keep.right())
                .run(materializer);

        assertThat(await(received)).isEqualTo(texts(count));
        await(handle.whenClosed());
        assertThat(node.messagesUnderWay()).isZero();
    }

    @Test
    void tellsTheProducerOnceWhenAHopStops() {
        Pair<StreamHandle, TestSubscriber.Probe<Routed<String>>> end = consumer();
        Pair<TestPublisher.Probe<String>, StreamHandle> start = producer();
        end.second().request(100);
        start.first().sendNext("before");
        assertThat(end.second().expectNext().body()).isEqualTo("before");

        await(node.stop(Address.of("h2")));
        start.first().sendNext("after");

        assertThat(NodeKit.failureOf(start.second().whenClosed())).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
        start.first().expectCancellation();
        end.second().cancel();
    }

    @Test
    void tellsTheProducerWhenTheConsumerFails() {
        Pair<StreamHandle, TestSubscriber.Probe<Routed<String>>> end = consumer();
        Pair<TestPublisher.Probe<String>, StreamHandle> start = producer();
        end.second().ensureSubscription();
        texts(5).forEach(start.first()::sendNext);
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(5));

        end.second().cancel();

        assertThat(NodeKit.failureOf(start.second().whenClosed())).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
        start.first().expectCancellation();
    }

    @Test
    void drainsWhatWasTakenIn() {
        Pair<StreamHandle, TestSubscriber.Probe<Routed<String>>> end = consumer();
        Pair<TestPublisher.Probe<String>, StreamHandle> start = producer();
        end.second().ensureSubscription();
        texts(WINDOW).forEach(start.first()::sendNext);
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(WINDOW));

        CompletionStage<StreamReport> drained = start.second().drainAndShutdown();
        start.first().expectCancellation();
        assertThat(drained.toCompletableFuture()).isNotDone();
        end.second().request(WINDOW);
        for (String text : texts(WINDOW)) {
            assertThat(end.second().expectNext().body()).isEqualTo(text);
        }
        await(drained);
        CompletionStage<StreamReport> ended = end.first().drainAndShutdown();
        end.second().expectComplete();
        await(ended);
        assertThat(node.addressCount()).isEqualTo(3);
    }

    @Test
    void failsWhenTheCodecThrows() {
        Codec<String> broken = Codec.bare(
                "broken",
                (writer, text) -> {
                    throw new IllegalStateException("by design");
                },
                reader -> reader.string());
        StreamHandle handle = Source.single("x")
                .toMat(node.sink(OVER_HOPS, broken), Keep.right())
                .run(materializer);

        assertThatThrownBy(() -> await(handle.whenClosed())).hasRootCauseMessage("by design");
    }

    @Test
    void saysSoWhenItIsCutOff() {
        Pair<StreamHandle, TestSubscriber.Probe<Routed<String>>> end = consumer();
        end.second().ensureSubscription();

        materializer.shutdown();

        assertThatThrownBy(() -> await(end.first().whenClosed()))
                .rootCause()
                .isInstanceOf(AbruptStageTerminationException.class);
    }

    @Test
    void saysSoWhenTheActorSystemEndsWithoutAWord() {
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(),
                "abrupt",
                ConfigFactory.parseString("akka.coordinated-shutdown.run-by-actor-system-terminate = off")
                        .withFallback(SystemKit.usual()));
        Node other = Ockam.get(system).createNode("abrupt");
        StreamHandle source =
                other.source(END, Codec.string()).to(Sink.ignore()).run(system);
        StreamHandle sink = Source.<String>maybe()
                .toMat(other.sink(Route.of(END), Codec.string()), Keep.right())
                .run(system);

        system.terminate();
        await(system.getWhenTerminated());

        for (StreamHandle handle : List.of(source, sink)) {
            assertThat(awaitFailureOf(handle.whenClosed())).isInstanceOf(AbruptStageTerminationException.class);
            assertThat(handle.drainAndShutdown()).isSameAs(handle.whenClosed());
        }
    }

    @Test
    void failsASecondSourceAtTheSameAddress() {
        Pair<StreamHandle, TestSubscriber.Probe<Routed<String>>> first = consumer();
        first.second().ensureSubscription();

        assertThat(NodeKit.failureOf(consumer().first().whenClosed()))
                .isEqualTo(RoutingException.Reason.ADDRESS_IN_USE);
        first.second().cancel();
    }

    @Test
    void givesPermitsBackWhenAWorkerThrowsForgetsOrDrops() {
        Behavior<Routed<String>> moody = Behaviors.receiveMessage(message -> {
            if (message.body().endsWith("3")) {
                throw new IllegalStateException("a bad day");
            }
            if (message.body().endsWith("5")) {
                message.reply("once");
                message.reply("twice");
            }
            return Behaviors.same();
        });
        node.start(END, Codec.string(), moody);
        StreamHandle handle = Source.from(texts(1_000))
                .toMat(node.sink(OVER_HOPS, Codec.string()), Keep.right())
                .run(materializer);

        // Replies go to an address that accepts none, which is a denial and no end of the route.
        await(handle.whenClosed());
        KIT.eventually(() -> assertThat(node.messagesUnderWay())
                .as("a second reply is a message of its own")
                .isZero());
    }

    @Test
    void waitsForDeferredMessages() {
        AtomicInteger deferred = new AtomicInteger();
        Behavior<Routed<String>> keeper = Behaviors.setup(context -> {
            List<Routed<String>> kept = new ArrayList<>();
            return Behaviors.receiveMessage(message -> {
                if (message.body().equals("go")) {
                    kept.forEach(Routed::discard);
                    kept.clear();
                } else {
                    kept.add(message.defer());
                    deferred.incrementAndGet();
                }
                return Behaviors.same();
            });
        });
        node.start(END, Codec.string(), keeper);
        Pair<TestPublisher.Probe<String>, StreamHandle> start = producer();
        texts(WINDOW).forEach(start.first()::sendNext);
        // All have arrived: one that is still at a hop would be overtaken.
        KIT.eventually(() -> assertThat(deferred).hasValue(WINDOW));
        assertThat(node.messagesUnderWay()).isEqualTo(WINDOW);

        node.mailbox("app").send(Route.of("end"), Codec.string(), "go");

        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        texts(WINDOW).forEach(start.first()::sendNext);
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(WINDOW));
        await(node.stop(END));
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        start.first().sendComplete();
    }

    @Test
    void deliversWhatWasAcceptedBeforeTheNodeStops() {
        int count = 100_000;
        CompletionStage<Integer> received =
                node.source(END, Codec.string()).runWith(Sink.fold(0, (n, message) -> n + 1), materializer);
        AtomicInteger accepted = new AtomicInteger();
        StreamHandle handle = Source.from(texts(count))
                .map(text -> {
                    accepted.incrementAndGet();
                    return text;
                })
                .toMat(node.sink(OVER_HOPS, Codec.string()), Keep.right())
                .run(materializer);
        KIT.eventually(() -> assertThat(accepted.get()).isGreaterThan(1_000));

        await(node.stop());

        await(handle.whenClosed());
        assertThat(await(received)).isEqualTo(accepted.get());
    }

    @Test
    void givesThePermitBackWhenTheReceiverClosesInTheMomentInWhichItIsTold() {
        Registration registration = node.router().register(List.of(EndpointSpec.open(END)), ShutdownOrder.WORKERS);
        registration.open(new Registration.Handler(delivery -> registration.close(), cause -> {}));
        StreamHandle stream = Source.single("into the void")
                .toMat(node.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer);

        assertThat(NodeKit.failureOf(stream.whenClosed())).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
        assertThat(node.messagesUnderWay()).isZero();
        registration.end();
    }

    @Test
    void refusesPlainSendsBeyondTheirWindow() {
        Mailbox app = node.mailbox("app");
        node.mailbox("unread");
        Codec<Any> nothing = Codec.any();
        int sent = 0;
        while (app.send(Route.of("unread"), nothing, Any.INSTANCE).isAccepted() && sent < 10_000) {
            sent++;
        }
        // A full mailbox drops, which gives permits back; so the mailbox is the bound here.
        assertThat(node.messagesUnderWay())
                .isEqualTo(Ockam.get(KIT.system()).settings().mailboxCapacity());
    }
}
