// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.japi.Pair;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that fail while they keep messages for later, and wait to be restarted: every permit comes back. */
class BackoffTest {
    private static final int WINDOW = 8;

    @RegisterExtension
    static final NodeKit KIT =
            new NodeKit(ConfigFactory.parseString("ockam.stream.window = " + WINDOW + "\nockam.node.stop-timeout = 4 s")
                    .withFallback(ManualTime.config()));

    private static final Address WORKER = Address.of("worker");
    private static final Duration BACKOFF = Duration.ofMinutes(1);

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final ManualTime time = ManualTime.get(KIT.system());
    /** What the worker keeps, seen from outside: it outlives the worker's state. */
    private final Queue<Routed<String>> kept = new ConcurrentLinkedQueue<>();

    private final Queue<String> handled = new ConcurrentLinkedQueue<>();
    /** What the worker's actor has taken up, handled or not. In a back-off that shows that the time for the restart is set. */
    private final Queue<String> takenUp = new ConcurrentLinkedQueue<>();

    private final Codec<String> codec = new Codec<>() {
        @Override
        public ByteString encode(String value) {
            return Codec.string().encode(value);
        }

        @Override
        public Decoded<String> decode(ByteString payload) {
            Decoded<String> decoded = Codec.string().decode(payload);
            takenUp.add(decoded.orElseThrow());
            return decoded;
        }
    };

    private static SupervisorStrategy backoff() {
        return SupervisorStrategy.restartWithBackoff(BACKOFF, BACKOFF, 0.0);
    }

    /** Keeps "keep", throws at "fail" and keeps it, throws at "throw", is done with the rest. */
    private Behavior<Routed<String>> keeper() {
        return Behaviors.receiveMessage(message -> {
            handled.add(message.body());
            switch (message.body()) {
                case "keep" -> kept.add(message.defer());
                case "fail" -> {
                    kept.add(message.defer());
                    throw new IllegalStateException("on purpose");
                }
                case "throw" -> throw new IllegalStateException("on purpose");
                default -> {}
            }
            return Behaviors.same();
        });
    }

    private void start(SupervisorStrategy strategy) {
        node.start(WORKER, codec, keeper(), WorkerOptions.defaults().withSupervision(strategy));
    }

    private void send(String... bodies) {
        for (String body : bodies) {
            assertThat(app.send(Route.of(WORKER), Codec.string(), body)).isEqualTo(SendResult.accepted());
        }
    }

    private void underWay(int count) {
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(count));
    }

    /** The worker has failed with a message before the last of these, and waits. */
    private void takenUp(int count) {
        KIT.eventually(() -> assertThat(takenUp).hasSize(count));
    }

    /** Sends a message that waits for the end of the back-off, and lets that come; this many were sent before. */
    private void passBackoff(int sent) {
        send("meanwhile");
        takenUp(sent + 1);
        time.timePasses(BACKOFF);
    }

    @Test
    void keptMessagesOutliveTheFailureAndAreAnsweredInTheBackoff() {
        start(backoff());
        send("keep", "keep", "fail");
        KIT.eventually(() -> assertThat(handled).hasSize(3));
        underWay(3);

        kept.remove().reply("first");
        kept.remove().discard();
        kept.remove().reply("third");

        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("first");
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("third");
        underWay(0);
        assertThat(handled).containsExactly("keep", "keep", "fail");
    }

    @Test
    void keptMessagesAreLostWithTheWorkerThatIsStoppedInTheBackoff() {
        start(backoff());
        send("keep", "keep", "fail");
        KIT.eventually(() -> assertThat(handled).hasSize(3));
        underWay(3);

        await(node.stop(WORKER));

        underWay(0);
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(3);
        // Late replies are plain sends, and take nothing that was given back before.
        kept.forEach(message -> message.reply("too late"));
        for (int i = 0; i < 3; i++) {
            assertThat(await(app.receive(Codec.string())).body()).isEqualTo("too late");
        }
        underWay(0);
    }

    @Test
    void messagesThatComeInTheBackoffAreHandledAfterItAndThenMayBeKept() {
        start(backoff());
        send("throw");
        KIT.eventually(() -> assertThat(handled).containsExactly("throw"));
        send("one", "keep", "two");
        underWay(3);
        takenUp(4);
        assertThat(handled).containsExactly("throw");

        time.timePasses(BACKOFF);

        KIT.eventually(() -> assertThat(handled).containsExactly("throw", "one", "keep", "two"));
        kept.remove().reply("answer");
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("answer");
        underWay(0);
        send("three");
        KIT.eventually(() -> assertThat(handled).contains("three"));
        underWay(0);
    }

    @Test
    void moreMessagesThanAreKeptInTheBackoffLeaveNoPermitOut() {
        start(SupervisorStrategy.restartWithBackoff(BACKOFF, BACKOFF, 0.0).withStashCapacity(2));
        send("throw", "one", "two", "three", "four");
        underWay(2);
        assertThat(node.dropped(NodeDropReason.MAILBOX_FULL)).isEqualTo(2);

        time.timePasses(BACKOFF);

        KIT.eventually(() -> assertThat(handled).containsExactly("throw", "one", "two"));
        underWay(0);
    }

    @Test
    void messagesInTheBackoffOfAWorkerThatIsStoppedLeaveNoPermitOut() {
        start(backoff());
        send("fail", "one", "keep", "two");
        KIT.eventually(() -> assertThat(handled).containsExactly("fail"));

        underWay(4);

        await(node.stop(WORKER));

        underWay(0);
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(4);
        assertThat(handled).containsExactly("fail");
    }

    @Test
    void messagesThatWaitWhenTheWorkerFailsOnceMoreAreForgotten() {
        start(backoff());
        send("throw", "one", "throw", "two", "three");
        takenUp(5);
        underWay(4);

        time.timePasses(BACKOFF);

        underWay(0);
        assertThat(handled).containsExactly("throw", "one", "throw");
        assertThat(node.dropped(RoutingDropReason.FORGOTTEN)).isEqualTo(2);
    }

    @Test
    void messagesThatWaitForAWorkerThatCannotBeStartedAreForgotten() {
        AtomicInteger starts = new AtomicInteger();
        Behavior<Routed<String>> startsAtTheThirdTry = Behaviors.setup(context -> {
            if (starts.incrementAndGet() == 2) {
                throw new IllegalStateException("on purpose");
            }
            return keeper();
        });
        node.start(WORKER, codec, startsAtTheThirdTry, WorkerOptions.defaults().withSupervision(backoff()));
        send("throw", "one", "two");
        takenUp(3);
        underWay(2);

        time.timePasses(BACKOFF);

        underWay(0);
        assertThat(node.dropped(RoutingDropReason.FORGOTTEN)).isEqualTo(2);
        send("three");
        takenUp(4);
        time.timePasses(BACKOFF.multipliedBy(2));
        KIT.eventually(() -> assertThat(handled).containsExactly("throw", "three"));
        underWay(0);
    }

    /** Back-pressure holds: a stream waits with its worker. */
    @Test
    void streamWaitsForTheEndOfTheBackoff() {
        start(backoff());
        send("throw");
        Pair<TestPublisher.Probe<String>, StreamHandle> stream = TestSource.<String>create(KIT.system())
                .toMat(node.sink(Route.of(WORKER), Codec.string()), Keep.both())
                .run(Materializer.createMaterializer(KIT.system()));
        IntStream.range(0, 2 * WINDOW).forEach(i -> stream.first().sendNext("one of many"));
        underWay(WINDOW);
        takenUp(1 + WINDOW);
        stream.first().sendComplete();

        time.timePasses(BACKOFF);

        await(stream.second().whenClosed());
        assertThat(handled).hasSize(1 + 2 * WINDOW);
        underWay(0);
    }

    @Test
    void manyFailuresAndStartsLeaveNoPermitOut() {
        start(backoff());
        for (int round = 1; round <= 10; round++) {
            send("keep", "fail");
            passBackoff(3 * round - 1);
        }
        KIT.eventually(() -> assertThat(handled).hasSize(30));
        underWay(20);

        while (!kept.isEmpty()) {
            kept.remove().discard();
        }
        underWay(0);
    }

    @Test
    void streamIsHeldUpByWhatIsKeptAndGoesOnAfterTheBackoff() {
        start(backoff());
        Pair<TestPublisher.Probe<String>, StreamHandle> stream = TestSource.<String>create(KIT.system())
                .toMat(node.sink(Route.of(WORKER), Codec.string()), Keep.both())
                .run(Materializer.createMaterializer(KIT.system()));
        IntStream.range(1, WINDOW).forEach(i -> stream.first().sendNext("keep"));
        stream.first().sendNext("fail");
        KIT.eventually(() -> assertThat(handled).hasSize(WINDOW));
        underWay(WINDOW);
        assertThat(stream.second().whenClosed().toCompletableFuture()).isNotDone();

        passBackoff(WINDOW);
        List.copyOf(kept).forEach(Routed::discard);
        IntStream.range(0, WINDOW).forEach(i -> stream.first().sendNext("more"));
        stream.first().sendComplete();

        await(stream.second().whenClosed());
        assertThat(handled).hasSize(2 * WINDOW + 1);
        underWay(0);
    }

    /** Stashes everything until "open", and fails at "throw". */
    private Behavior<Routed<String>> stashing() {
        return Behaviors.withStash(
                100,
                stash -> Behaviors.receiveMessage(message -> {
                    handled.add(message.body());
                    switch (message.body()) {
                        case "throw" -> throw new IllegalStateException("on purpose");
                        case "open" -> {
                            return stash.unstashAll(NodeKit.echo());
                        }
                        default -> {
                            stash.stash(message.defer());
                            return Behaviors.same();
                        }
                    }
                }));
    }

    @Test
    void stashedMessagesAreAnsweredWhenTheStashIsOpened() {
        node.start(WORKER, Codec.string(), stashing());
        send("one", "two", "throw", "three");
        KIT.eventually(() -> assertThat(handled).hasSize(4));
        underWay(3);

        send("open");

        for (String body : List.of("one", "two", "three")) {
            assertThat(await(app.receive(Codec.string())).body()).isEqualTo(body);
        }
        underWay(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void messagesInTheStashOfARestartedWorkerAreFoundAndGivenBack(boolean withBackoff) {
        node.start(
                WORKER,
                codec,
                stashing(),
                WorkerOptions.defaults().withSupervision(withBackoff ? backoff() : SupervisorStrategy.restart()));
        send("one", "two", "throw");
        if (withBackoff) {
            passBackoff(3);
        }
        send("three");
        KIT.eventually(() -> assertThat(handled).contains("three"));

        // The stash went with the state that failed, so these two can no longer be replied to.
        KIT.eventually(() -> {
            KIT.collectGarbage();
            assertThat(node.dropped(RoutingDropReason.FORGOTTEN)).isEqualTo(2);
        });
        underWay(withBackoff ? 2 : 1);
        send("open");
        if (withBackoff) {
            assertThat(await(app.receive(Codec.string())).body()).isEqualTo("meanwhile");
        }
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("three");
        underWay(0);
    }

    @Test
    void messagesInTheStashOfAWorkerThatStopsAreGivenBack() {
        node.start(WORKER, Codec.string(), stashing());
        send("one", "two");
        KIT.eventually(() -> assertThat(handled).hasSize(2));
        underWay(2);

        await(node.stop(WORKER));

        underWay(0);
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(2);
    }
}
