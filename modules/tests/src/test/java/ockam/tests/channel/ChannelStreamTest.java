// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.NotUsed;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.Pair;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import ockam.channel.ChannelClosedException;
import ockam.channel.ChannelDropReason;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Routed;
import ockam.node.StreamHandle;
import ockam.node.StreamReport;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Streams through channels over hops: demand, order, closing, fairness, and no deadlocks. */
class ChannelStreamTest {
    private static final int WINDOW = 64;
    private static final int PINGS = 50;
    private static final String OVER_HOPS = "h1 => h2 => h3 => listener";
    private static final Address END = Address.of("end");

    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create();

    private final Scene scene;
    private final Materializer materializer;
    private final SecureChannelListener listener;

    ChannelStreamTest(ActorTestKit testKit, ActorSystem<?> system) {
        scene = Scene.create(testKit);
        materializer = Materializer.createMaterializer(system);
        scene.hops("h1", "h2", "h3");
        listener = scene.listen();
    }

    @AfterEach
    void end() {
        try {
            scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isZero());
        } finally {
            scene.close();
        }
    }

    private static List<String> texts(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    private <M> M consume(Sink<Routed<String>, M> consumer) {
        M consuming = scene.node()
                .source(END, Codec.string())
                .toMat(consumer, Keep.right())
                .run(materializer);
        scene.node().allow(END).from(listener);
        return consuming;
    }

    @Test
    void admitsOneWindowThroughAChannelOverThreeHops() {
        SecureChannel channel = scene.open(OVER_HOPS);
        TestSubscriber.Probe<Routed<String>> end = consume(TestSink.create(scene.system()));
        end.ensureSubscription();
        AtomicInteger entered = new AtomicInteger();
        StreamHandle start = Source.from(texts(10_000))
                .map(text -> {
                    entered.incrementAndGet();
                    return text;
                })
                .toMat(channel.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer);
        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isEqualTo(WINDOW));
        assertThat(entered).hasValue(WINDOW);

        end.request(10);
        for (int i = 0; i < 10; i++) {
            assertThat(end.expectNext().body()).isEqualTo(Integer.toString(i));
        }
        scene.eventually(() -> assertThat(entered).hasValue(WINDOW + 10));
        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isEqualTo(WINDOW));

        end.cancel();
        assertThatThrownBy(() -> await(start.whenClosed()))
                .rootCause()
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS));
    }

    @Test
    void keepsOrderThroughRekeysAndReturnsEveryPermit() {
        SecureChannel channel = scene.open(OVER_HOPS);
        int count = 20_000;
        CompletionStage<List<String>> received = consume(bodies().take(count).toMat(Sink.seq(), Keep.right()));
        StreamHandle start = Source.from(texts(count))
                .toMat(channel.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer);

        assertThat(await(received)).isEqualTo(texts(count));
        await(start.whenClosed());
        assertThat(scene.node().messagesUnderWay()).isZero();
    }

    @Test
    void tellsTheProducerThatTheChannelWasClosed() {
        SecureChannel channel = scene.open(OVER_HOPS);
        CompletionStage<Done> consumed = consume(Sink.ignore());
        StreamHandle start = Source.<String>maybe()
                .toMat(channel.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer);
        CompletionStage<Done> answers = channel.source(Codec.string()).runWith(Sink.ignore(), materializer);

        await(channel.close());

        assertThatThrownBy(() -> await(start.whenClosed()))
                .rootCause()
                .isInstanceOfSatisfying(
                        ChannelClosedException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.CLOSED));
        await(answers);
        await(scene.node().stop(END));
        await(consumed);
    }

    @Test
    void deliversAcceptedMessagesWhenItIsDrained() {
        SecureChannel channel = scene.open(OVER_HOPS);
        AtomicInteger accepted = new AtomicInteger();
        CompletionStage<Integer> received = consume(Sink.fold(0, (n, message) -> n + 1));
        StreamHandle start = Source.repeat("on and on")
                .map(text -> {
                    accepted.incrementAndGet();
                    return text;
                })
                .toMat(channel.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer);
        scene.eventually(() -> assertThat(accepted.get()).isGreaterThan(100_000));

        await(start.drainAndShutdown());
        await(channel.close());
        await(scene.node().stop(END));

        assertThat(await(received)).isEqualTo(accepted.get());
    }

    @Test
    void tellsABusyProducerThatTheChannelWasClosed() {
        SecureChannel channel = scene.open(OVER_HOPS);
        CompletionStage<Done> consumed = consume(Sink.ignore());
        StreamHandle start = Source.repeat("on and on")
                .toMat(channel.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer);
        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isPositive());

        await(channel.close());

        assertThatThrownBy(() -> await(start.whenClosed()))
                .rootCause()
                .isInstanceOfSatisfying(
                        ChannelClosedException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.CLOSED));
        await(scene.node().stop(END));
        await(consumed);
    }

    @Test
    void endsAFlowWhoseConsumerCancelsWhileRepliesAreUnderWay() {
        SecureChannel channel = scene.open(OVER_HOPS);
        scene.node().allow(scene.echoer("echo")).from(listener);
        Pair<StreamHandle, CompletionStage<List<String>>> flow = Source.from(texts(1_000))
                .viaMat(channel.flow(Route.of("echo"), Codec.string(), Codec.string()), Keep.right())
                .map(Routed::body)
                .take(10)
                .toMat(Sink.seq(), Keep.both())
                .run(materializer);

        assertThat(await(flow.second())).isEqualTo(texts(10));
        await(flow.first().whenClosed());
    }

    /** By Akka's convention: one that is cancelled cancels, and what has finished has only finished asking. */
    @Test
    void leavesNothingOfAFlowWhoseConsumerHasEnough() {
        SecureChannel channel = scene.open(OVER_HOPS);
        scene.node().allow(scene.echoer("echo")).from(listener);
        assertThat(scene.ask(channel, "echo", "open on both sides")).isEqualTo("open on both sides");
        int addresses = scene.node().addressCount();
        for (Source<String, NotUsed> questions : List.of(
                Source.from(texts(10)), Source.from(texts(10)).concat(Source.maybe()), Source.repeat("on and on"))) {
            Pair<Pair<CompletionStage<Done>, StreamHandle>, CompletionStage<List<String>>> flow = questions
                    .watchTermination(Keep.right())
                    .viaMat(channel.flow(Route.of("echo"), Codec.string(), Codec.string()), Keep.both())
                    .map(Routed::body)
                    .take(10)
                    .toMat(Sink.seq(), Keep.both())
                    .run(materializer);

            assertThat(await(flow.second())).hasSize(10);
            await(flow.first().first());
            assertThat(await(flow.first().second().whenClosed()).isComplete()).isTrue();
        }
        scene.eventually(() -> assertThat(scene.node().addressCount()).isEqualTo(addresses));
    }

    @Test
    void keepsSendingFromAFlowOfIndependentHalves() {
        SecureChannel channel = scene.open(OVER_HOPS);
        TestSubscriber.Probe<Routed<String>> end = consume(TestSink.create(scene.system()));
        TestPublisher.Probe<String> questions = TestSource.<String>create(scene.system())
                .via(channel.flowOfIndependentHalves(Route.of(END), Codec.string(), Codec.string()))
                .to(Sink.cancelled())
                .run(materializer);

        questions.sendNext("still");

        assertThat(end.requestNext().body()).isEqualTo("still");
        questions.sendComplete();
        end.cancel();
    }

    @Test
    void reportsWhatThePeersNodeDoesNotLetIn() {
        SecureChannel channel = scene.open(OVER_HOPS);
        scene.echoer("closed"); // to what comes out of channels

        StreamReport report = await(Source.from(texts(100))
                .toMat(channel.sink(Route.of("closed"), Codec.string()), Keep.right())
                .run(materializer)
                .whenClosed());

        assertThat(report).isEqualTo(new StreamReport(100, Map.of(RoutingDropReason.OUTGOING_DENIED, 100L)));
    }

    @Test
    void reportsNoLossOfFramesOfWhichACopyArrives() {
        scene.node().start(Address.of("double"), Behaviors.receiveMessage(message -> {
            message.forward();
            message.forward();
            return Behaviors.same();
        }));
        SecureChannel channel = scene.open("double => listener");
        CompletionStage<Integer> received = consume(Sink.fold(0, (n, message) -> n + 1));

        StreamReport report = await(Source.from(texts(1_000))
                .toMat(channel.sink(Route.of(END), Codec.string()), Keep.right())
                .run(materializer)
                .whenClosed());

        assertThat(report).isEqualTo(new StreamReport(1_000, Map.of()));
        assertThat(scene.node().dropped(ChannelDropReason.FRAME_REFUSED)).isGreaterThanOrEqualTo(1_000);
        await(scene.node().stop(END));
        assertThat(await(received)).isEqualTo(1_000);
    }

    /** Neither the channel nor a handle keeps anything of a stream that has ended: not what its functions hold either. */
    @Test
    void keepsNothingOfStreamsThatHaveEnded() {
        SecureChannel channel = scene.open(OVER_HOPS);
        scene.node().allow(scene.echoer("echo")).from(listener);
        List<WeakReference<Object>> held = new ArrayList<>();
        List<StreamHandle> handles = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Codec<String> codec = codecHolding(new Object(), held);
            handles.add(Source.single("sent")
                    .toMat(channel.sink(Route.of("echo"), codec), Keep.right())
                    .run(materializer));
            handles.add(Source.single("asked")
                    .viaMat(channel.flow(Route.of("echo"), codec, codec), Keep.right())
                    .take(1)
                    .to(Sink.ignore())
                    .run(materializer));
            await(handles.get(2 * i).whenClosed());
            await(handles.get(2 * i + 1).whenClosed());
        }

        scene.eventually(() -> {
            System.gc();
            assertThat(held).allSatisfy(one -> assertThat(one.get()).isNull());
        });
        assertThat(handles).hasSize(2_000);
        assertThat(channel.whenClosed().toCompletableFuture()).isNotDone();
    }

    private static Codec<String> codecHolding(Object something, List<WeakReference<Object>> seen) {
        seen.add(new WeakReference<>(something));
        return new Codec<>() {
            @Override
            public ByteString encode(String value) {
                Objects.requireNonNull(something);
                return Codec.string().encode(value);
            }

            @Override
            public Decoded<String> decode(ByteString payload) {
                Objects.requireNonNull(something);
                return Codec.string().decode(payload);
            }
        };
    }

    @Test
    void drainsAFlowWithRepliesUnderWay() {
        SecureChannel channel = scene.open(OVER_HOPS);
        scene.node().allow(scene.echoer("echo")).from(listener);
        AtomicInteger asked = new AtomicInteger();
        Pair<StreamHandle, CompletionStage<Integer>> flow = Source.from(texts(100_000))
                .map(text -> {
                    asked.incrementAndGet();
                    return text;
                })
                .viaMat(channel.flow(Route.of("echo"), Codec.string(), Codec.string()), Keep.right())
                .toMat(Sink.fold(0, (n, answer) -> n + 1), Keep.both())
                .run(materializer);
        scene.eventually(() -> assertThat(asked.get()).isGreaterThan(500));

        await(flow.first().drainAndShutdown());

        assertThat(await(flow.second())).isEqualTo(asked.get());
    }

    @Test
    void reachesOnlyTheSourceThatIsOpenToTheChannel() {
        SecureChannel channel = scene.open(OVER_HOPS);
        SecureChannel other = scene.open(OVER_HOPS);
        SinkQueueWithCancel<Routed<String>> end = consume(Sink.<Routed<String>>queue(4));
        Pair<StreamHandle, SinkQueueWithCancel<Routed<String>>> mine =
                channel.source(Codec.string()).toMat(Sink.queue(4), Keep.both()).run(materializer);
        // Bob learns where Alice listens, and sends there through both of his ends.
        scene.send(channel.route("end"), "through mine");
        Route backByMine = await(end.pull()).orElseThrow().returnRoute();
        scene.send(other.route("end"), "through the other");
        Route backByOther = await(end.pull()).orElseThrow().returnRoute();
        Address listening = mine.first().address();

        scene.send(Route.of(backByOther.next(), listening), "not for you");
        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        scene.send(Route.of(backByMine.next(), listening), "for you");

        assertThat(await(mine.second().pull()).orElseThrow().body()).isEqualTo("for you");
        end.cancel();
        mine.second().cancel();
    }

    @Test
    void handsAcceptedChannelsToTheApplication() {
        SinkQueueWithCancel<SecureChannel> accepted = listener.accepted().runWith(Sink.queue(1), materializer);
        CompletionStage<Optional<SecureChannel>> next = accepted.pull();
        SecureChannel channel = scene.open(OVER_HOPS);

        SecureChannel other = await(next).orElseThrow();

        assertThat(other.peer().identifier()).isEqualTo(channel.me());
        assertThat(other.decryptorAddress()).isEqualTo(channel.peerDecryptorAddress());
        await(listener.stop());
        assertThat(await(accepted.pull())).isEmpty();
        assertThat(await(listener.accepted().runWith(Sink.seq(), materializer)))
                .as("taken when it has already stopped")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2, false", "8, false", "2, true", "8, true"})
    void saturatedStreamsStarveNothing(int streams, boolean channelEach, TestReporter reporter) {
        SecureChannel channel = scene.open(OVER_HOPS);
        scene.node().allow(scene.echoer("echo")).from(listener);
        ByteString kibibyte = ByteString.fromArray(new byte[1024]);
        List<LongAdder> counts = new ArrayList<>();
        List<UniqueKillSwitch> kills = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Address end = Address.of("end" + i);
            LongAdder count = new LongAdder();
            counts.add(count);
            var unused = scene.node()
                    .source(end, Codec.bytes())
                    .runWith(Sink.foreach(message -> count.increment()), materializer);
            scene.node().allow(end).from(listener);
            SecureChannel taken = channelEach ? scene.open(OVER_HOPS) : channel;
            kills.add(Source.repeat(kibibyte)
                    .viaMat(KillSwitches.single(), Keep.right())
                    .to(taken.sink(Route.of(end), Codec.bytes()))
                    .run(materializer));
        }
        scene.eventually(() ->
                assertThat(counts).allSatisfy(count -> assertThat(count.sum()).isPositive()));
        long[] before = counts.stream().mapToLong(LongAdder::sum).toArray();

        // A ping from outside still arrives, and a whole new handshake succeeds, while all of them run.
        long[] pings = new long[PINGS];
        for (int i = 0; i < PINGS; i++) {
            long begin = System.nanoTime();
            assertThat(scene.ask(channel, "echo", "ping")).isEqualTo("ping");
            pings[i] = System.nanoTime() - begin;
        }
        long begin = System.nanoTime();
        SecureChannel another = scene.open(OVER_HOPS);
        long handshake = System.nanoTime() - begin;
        assertThat(scene.ask(another, "echo", "me too")).isEqualTo("me too");
        scene.eventually(() -> assertThat(moved(counts, before).sum()).isGreaterThan(40_000));

        long[] moved = moved(counts, before).toArray();
        kills.forEach(UniqueKillSwitch::shutdown);
        double average = LongStream.of(moved).average().orElseThrow();
        Arrays.sort(pings);
        reporter.publishEntry(Map.of(
                "streams", streams + (channelEach ? ", a channel each" : ", one channel"),
                "slowest stream, share of the average",
                        String.format("%.2f", LongStream.of(moved).min().orElseThrow() / average),
                "median ping, us", Long.toString(pings[PINGS / 2] / 1_000),
                "longest ping, us", Long.toString(pings[PINGS - 1] / 1_000),
                "new channel, us", Long.toString(handshake / 1_000)));
        assertThat(LongStream.of(moved).boxed())
                .allSatisfy(count -> assertThat((double) count).isGreaterThanOrEqualTo(average / 2));
    }

    private static LongStream moved(List<LongAdder> counts, long[] before) {
        return IntStream.range(0, before.length).mapToLong(i -> counts.get(i).sum() - before[i]);
    }

    private static Flow<Routed<String>, String, NotUsed> bodies() {
        return Flow.<Routed<String>>create().map(Routed::body);
    }
}
