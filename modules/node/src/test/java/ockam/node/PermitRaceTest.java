// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.fixtures.Stages;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers and streams that stop at bad moments, with little room on the node: every permit comes back, and no stream sleeps with room. */
final class PermitRaceTest {
    private static final int MAX_BYTES = 1024 * 1024;
    private static final int LARGEST = 300 * 1024;
    private static final int STREAM_STOPS = 20_000;
    private static final int STREAMS_AT_ONCE = 4;
    private static final int STREAMS_ENDING = 40;

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("ockam.node.max-bytes-under-way = " + MAX_BYTES));

    private static final ByteString BYTES = ByteString.fromArray(new byte[LARGEST]);

    private final Node node = KIT.node();
    private final Materializer materializer = Materializer.createMaterializer(KIT.system());

    private static ByteString some(Random random) {
        return BYTES.take(1 + random.nextInt(LARGEST));
    }

    /** As large, but seldom so: what is moved around must not take longer than what is tested. */
    private static ByteString mostlySmall(Random random) {
        return BYTES.take(1 + random.nextInt(1 + random.nextInt(1 + random.nextInt(LARGEST))));
    }

    /** Replies, copies, passes on from another thread, throws, keeps for later, forgets: by chance. */
    private Behavior<Routed<ByteString>> unreliable(long seed) {
        return Behaviors.setup(context -> {
            Random random = new Random(seed);
            Deque<Routed<ByteString>> kept = new ArrayDeque<>();
            return Behaviors.receiveMessage(message -> {
                switch (random.nextInt(8)) {
                    case 0 -> message.reply(message.body());
                    case 1 -> throw new IllegalStateException("by chance");
                    case 2 -> kept.add(message.defer());
                    case 3 -> {
                        message.reply(ByteString.emptyByteString());
                        message.reply(ByteString.emptyByteString());
                    }
                    case 4 -> {
                        message.relay(Route.of("hop", "done"));
                        message.relay(Route.of("done"));
                    }
                    case 5 -> {
                        // At the same time as the handler returns, which may still say that it defers the message.
                        node.router().callbacks().execute(() -> message.relay(Route.of("done")));
                        if (random.nextBoolean()) {
                            message.defer();
                        }
                    }
                    default -> {}
                }
                if (kept.size() > 3) {
                    kept.poll().reply(ByteString.emptyByteString());
                }
                return Behaviors.same();
            });
        });
    }

    @Test
    void givesEveryPermitBackThroughTwentyThousandStops() {
        Random random = new Random(20_000);
        node.start(Address.of("hop"), Hop.create());
        node.start(Address.of("done"), Behaviors.ignore());
        Mailbox app = node.mailbox("app");
        CompletableFuture<?>[] streams = {endless("hop => worker", 1), endless("worker", 2)};
        for (int round = 0; round < 20_000; round++) {
            WorkerOptions options = WorkerOptions.defaults()
                    .withSupervision(
                            switch (random.nextInt(3)) {
                                case 0 -> SupervisorStrategy.resume();
                                case 1 -> SupervisorStrategy.restart();
                                default -> SupervisorStrategy.stop();
                            });
            node.start(Address.of("worker"), Codec.bytes(), unreliable(round), options);
            for (int i = random.nextInt(4); i > 0; i--) { // some find no room
                app.send(Route.of(random.nextBoolean() ? "worker" : "hop", "worker"), Codec.bytes(), some(random));
            }
            stopIfThere(Address.of("worker"));
        }
        for (CompletableFuture<?> stream : streams) {
            stream.complete(null);
        }
        app.close(); // replies that were not read are under way until then
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        assertThat(node.bytesUnderWay()).isZero();
    }

    /** The worker may have stopped by itself. */
    private void stopIfThere(Address address) {
        var unused = node.stop(address).exceptionally(failure -> Done.getInstance());
    }

    /** A stream that starts again whenever its route breaks, until the future is completed. */
    private CompletableFuture<?> endless(String route, int seed) {
        CompletableFuture<?> stop = new CompletableFuture<>();
        again(route, new Random(seed), stop);
        return stop;
    }

    private void again(String route, Random random, CompletableFuture<?> stop) {
        if (stop.isDone()) {
            return;
        }
        var pair = Source.repeat("x")
                .viaMat(KillSwitches.single(), Keep.right())
                .map(unused -> some(random))
                .toMat(node.sink(Route.parse(route), Codec.bytes()), Keep.both())
                .run(materializer);
        UniqueKillSwitch kill = pair.first();
        var unused = stop.whenComplete((done, failure) -> kill.shutdown());
        var unusedEnd = pair.second()
                .whenClosed()
                .whenCompleteAsync(
                        (done, failure) -> again(route, random, stop),
                        node.router().callbacks());
    }

    @Test
    void hasEveryPermitBackWhenTheNodeHasStopped() {
        for (int round = 0; round < 50; round++) {
            Node stopping = KIT.node();
            List.of("h1", "h2", "h3").forEach(name -> stopping.start(Address.of(name), Hop.create()));
            stopping.start(Address.of("worker"), Codec.bytes(), Behaviors.ignore());
            Mailbox app = stopping.mailbox("app");
            for (int i = 0; i < 2_000; i++) {
                app.send(Route.parse(i % 2 == 0 ? "worker" : "h1 => h2 => h3 => worker"), Codec.bytes(), BYTES.take(1));
            }

            CompletionStage<Integer> left = stopping.stop().thenApply(done -> stopping.messagesUnderWay());

            assertThat(await(left)).as("round " + round).isZero();
            assertThat(stopping.dropped()).isZero();
        }
    }

    @Test
    void letsEveryStreamGoOnWhenTheNodeIsNearlyFull() {
        int count = 2_000;
        var received = new ArrayList<CompletionStage<Integer>>();
        for (int i = 0; i < 6; i++) {
            Address end = Address.of("end" + i);
            received.add(node.source(end, Codec.bytes())
                    .take(count)
                    .runWith(Sink.fold(0, (n, message) -> n + 1), materializer));
            KIT.eventually(() -> assertThat(node.metadata(end)).isPresent());
            Random random = new Random(i);
            Source.repeat("x")
                    .take(count)
                    .map(unused -> some(random))
                    .runWith(node.sink(Route.of(end), Codec.bytes()), materializer);
        }
        received.forEach(stage -> assertThat(await(stage)).isEqualTo(count));
        // Each stream may have one message under way regardless of its size, and otherwise no more than the node
        // allows.
        assertThat(node.bytesUnderWay()).isLessThanOrEqualTo(MAX_BYTES + 6L * LARGEST);
    }

    /** A stream from its sink to its own source. */
    private record Running(Address end, UniqueKillSwitch upstream, StreamHandle sink, StreamHandle source) {}

    private Running stream(int number, boolean overHop) {
        Address end = Address.of("end" + number);
        Random sizes = new Random(number);
        // Every other consumer has enough at some time, with more in the queue.
        long enough = sizes.nextBoolean() ? Long.MAX_VALUE : 1 + sizes.nextInt(100);
        StreamHandle source =
                node.source(end, Codec.bytes()).take(enough).to(Sink.ignore()).run(materializer);
        var sending = Source.repeat("x")
                .viaMat(KillSwitches.single(), Keep.right())
                .map(unused -> mostlySmall(sizes))
                .toMat(
                        node.sink(overHop ? Route.of(Address.of("hop"), end) : Route.of(end), Codec.bytes()),
                        Keep.both())
                .run(materializer);
        return new Running(end, sending.first(), sending.second(), source);
    }

    /** Ends both halves, one of them first. */
    private CompletionStage<?> stop(Running stream, int how) {
        switch (how) {
            case 0 -> stream.sink().drainAndShutdown();
            case 1 -> stream.source().drainAndShutdown();
            case 2 -> stream.upstream().shutdown();
            case 3 -> stream.upstream().abort(new IllegalStateException("by chance"));
            default -> stopIfThere(stream.end());
        }
        // Whichever half is told second may still be under load, or be told of the end of the other.
        stream.source().drainAndShutdown();
        stream.sink().drainAndShutdown();
        return stream.sink()
                .whenClosed()
                .handle((report, failure) -> Done.getInstance())
                .thenCombine(stream.source().whenClosed(), (one, other) -> other);
    }

    @Test
    void givesEveryPermitBackThroughTwentyThousandStopsOfStreams() {
        Random random = new Random(7);
        node.start(Address.of("hop"), Hop.create());
        AtomicInteger steady = new AtomicInteger();
        StreamHandle steadySource = node.source(Address.of("steady"), Codec.bytes())
                .to(Sink.foreach(message -> steady.incrementAndGet()))
                .run(materializer);
        CompletableFuture<?> steadySink = endless("hop => steady", 3);
        List<Running> running = new ArrayList<>();
        Deque<CompletionStage<?>> ended = new ArrayDeque<>();
        long mostBytes = 0;
        for (int number = 0; number < STREAM_STOPS / 2; number++) {
            running.add(stream(number, random.nextBoolean()));
            if (running.size() > STREAMS_AT_ONCE) {
                ended.add(stop(running.remove(random.nextInt(running.size())), random.nextInt(5)));
            }
            if (ended.size() > STREAMS_ENDING) {
                await(ended.remove());
            }
            mostBytes = Math.max(mostBytes, node.bytesUnderWay());
        }
        running.forEach(stream -> ended.add(stop(stream, random.nextInt(5))));
        ended.forEach(Stages::await);

        // Under load means: the node was full, and a message of each stream may be there beyond that.
        assertThat(mostBytes)
                .isBetween(MAX_BYTES * 9L / 10, MAX_BYTES + (2L + STREAMS_AT_ONCE + STREAMS_ENDING) * LARGEST);
        int before = steady.get();
        KIT.eventually(() -> assertThat(steady).hasValueGreaterThan(before + 100));
        steadySink.complete(null);
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        assertThat(node.bytesUnderWay()).isZero();
        await(steadySource.drainAndShutdown());
        KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(1));
    }

    @Test
    void givesBackTheMessageOfAWorkerThatForgetsIt() {
        node.start(Address.of("forgetful"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            message.defer();
            return Behaviors.same();
        }));
        node.mailbox("app").send(Route.of("forgetful"), Codec.bytes(), BYTES.take(5));
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(1));

        KIT.eventually(() -> {
            KIT.collectGarbage();
            assertThat(node.dropped(RoutingDropReason.FORGOTTEN)).isEqualTo(1);
        });
        // A loss is counted first and then gives its permit back.
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
    }

    @Test
    void answersLateThroughATimer() {
        node.start(
                Address.of("late"),
                Codec.string(),
                Behaviors.setup(context -> Behaviors.receiveMessage(message -> {
                    message.defer();
                    CompletableFuture<String> answer = new CompletableFuture<>();
                    var unused = answer.whenComplete((text, failure) -> message.reply(text));
                    context.getSystem()
                            .scheduler()
                            .scheduleOnce(
                                    Duration.ofMillis(20),
                                    () -> answer.complete("at last"),
                                    context.getExecutionContext());
                    return Behaviors.same();
                })));

        assertThat(await(node.ask(Route.of("late"), Codec.string(), "when?")).body())
                .isEqualTo("at last");
    }
}
