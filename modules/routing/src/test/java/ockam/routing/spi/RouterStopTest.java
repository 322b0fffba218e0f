// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.fixtures.LogLines;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** In which order a node tells what lives on it to stop, and how long it waits. */
class RouterStopTest {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);

    @RegisterExtension
    static final RouterKit KIT = new RouterKit(
            ConfigFactory.parseString("ockam.node.stop-timeout = 4 s").withFallback(ManualTime.config()));

    private final Router router = KIT.router();
    private final ManualTime time = ManualTime.get(KIT.system());
    private final List<String> told = new CopyOnWriteArrayList<>();

    private Registration resident(String name, int priority) {
        Registration registration =
                router.register(List.of(EndpointSpec.open(Address.of(name))), ShutdownOrder.ofPriority(priority));
        registration.open(new Registration.Handler(delivery -> {}, cause -> told.add(name)));
        return registration;
    }

    @Test
    void tellsLowerPriorityNothingUntilHigherOnesHaveEnded() {
        Map<Integer, Registration> first = new HashMap<>();
        Map<Integer, Registration> second = new HashMap<>();
        for (int priority = 1; priority <= 7; priority++) {
            first.put(priority, resident("first" + priority, priority));
            second.put(priority, resident("second" + priority, priority));
        }

        CompletionStage<Done> stopped = router.stop();

        for (int priority = 7; priority >= 1; priority--) {
            assertThat(told).containsExactlyInAnyOrder("first" + priority, "second" + priority);
            assertThat(router.addressCount()).isEqualTo(2 * (priority - 1));
            told.clear();
            Objects.requireNonNull(first.get(priority)).end();
            assertThat(told).isEmpty();
            assertThat(stopped.toCompletableFuture()).isNotDone();
            Objects.requireNonNull(second.get(priority)).end();
        }
        await(stopped);
    }

    @Test
    void givesUpOnWhatHangs() {
        Registration hanging = resident("hanging", 2);
        Registration alsoHanging = resident("also hanging", 1);
        CompletionStage<Done> stopped = router.stop();
        try (LogLines log = LogLines.of(Router.class)) {
            time.timePasses(STOP_TIMEOUT.minusMillis(1));
            assertThat(stopped.toCompletableFuture()).isNotDone();
            assertThat(told).containsExactly("hanging");

            time.timePasses(Duration.ofMillis(1));

            await(stopped);
            assertThat(told).containsExactly("hanging", "also hanging");
            assertThat(router.addressCount()).isZero();
            assertThat(log.texts())
                    .containsExactly(
                            "Node " + router.name() + " waited 4s and goes on without 1 that did not stop: 0#hanging;"
                                    + " 0 messages are under way",
                            "Node " + router.name() + " stopped");
        }
        hanging.end();
        alsoHanging.end();
    }

    /** A stream that does not end, and then a worker: neither keeps the connections from closing in order, in the time that is left. */
    @Test
    void whatHangsDoesNotSpoilTheOrderForTheRest() {
        Registration stream = resident("stream", 7);
        Registration channel = resident("channel", 5);
        Registration worker = resident("worker", 4);
        Registration connection = resident("connection", 2);
        CompletionStage<Done> stopped = router.stop();
        Duration quarter = STOP_TIMEOUT.dividedBy(4);

        time.timePasses(quarter.minusMillis(1));
        assertThat(told).containsExactly("stream");
        time.timePasses(Duration.ofMillis(1));
        assertThat(told).containsExactly("stream", "channel");
        channel.end();
        assertThat(told).containsExactly("stream", "channel", "worker");
        time.timePasses(quarter.minusMillis(1));
        assertThat(told).doesNotContain("connection");
        time.timePasses(Duration.ofMillis(1));
        assertThat(told).containsExactly("stream", "channel", "worker", "connection");

        connection.end();
        assertThat(stopped.toCompletableFuture()).as("it waits for all of them").isNotDone();
        stream.end();
        worker.end();
        await(stopped);
    }

    @Test
    void givesWhatItWaitsForPartsOfTheTimeThatItHas() {
        assertThat(router.settlingTime()).isEqualTo(Duration.ofSeconds(1));
        Registration hanging = resident("hanging", 7);
        var unused = router.stop();

        assertThat(router.closingTime(Duration.ofSeconds(3)))
                .as("a stop-timeout of 4 s, but for an eighth")
                .isLessThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(router.closingTime(Duration.ofHours(1))).isLessThanOrEqualTo(Duration.ofMillis(3_500));
        hanging.end();
    }

    /** Keeps what it gets, and ends when it is told to. */
    private Registration keeper(String name, int priority, Queue<Delivery> kept) {
        Registration registration =
                router.register(List.of(EndpointSpec.open(Address.of(name))), ShutdownOrder.ofPriority(priority));
        registration.open(new Registration.Handler(kept::add, cause -> {
            told.add(name);
            registration.end();
        }));
        return registration;
    }

    private void send(String to) {
        Registration app = resident("app", 1);
        assertThat(app.endpoint(Address.of("app"))
                        .send(LocalMessage.of(Route.of(to), Route.empty(), ByteString.emptyByteString())))
                .isEqualTo(SendResult.accepted());
        app.end();
    }

    @Test
    void letsArriveWhatIsUnderWayWhenItsChannelsHaveEnded() {
        Queue<Delivery> kept = new ConcurrentLinkedQueue<>();
        keeper("channel", 5, new ConcurrentLinkedQueue<>());
        keeper("hop", 4, kept);
        send("hop");

        CompletionStage<Done> stopped = router.stop();

        assertThat(told).containsExactly("channel");
        kept.forEach(Delivery::release);
        await(stopped);
        assertThat(told).containsExactly("channel", "hop");
    }

    /** Such as a Close, which gets through however much is under way. */
    @Test
    void letsTheLastWordOfAChannelArrive() {
        Queue<Delivery> kept = new ConcurrentLinkedQueue<>();
        Address address = Address.of("channel");
        Registration channel = router.register(List.of(EndpointSpec.open(address)), ShutdownOrder.CHANNELS);
        channel.open(new Registration.Handler(delivery -> {}, cause -> {
            channel.endpoint(address)
                    .sendOrDrop(LocalMessage.of(Route.of("hop"), Route.empty(), ByteString.emptyByteString()));
            channel.end();
        }));
        keeper("hop", 4, kept);

        CompletionStage<Done> stopped = router.stop();

        assertThat(router.messagesUnderWay()).isEqualTo(1);
        assertThat(told).isEmpty();
        kept.forEach(Delivery::release);
        await(stopped);
        assertThat(told).containsExactly("hop");
    }

    @Test
    void waitsNoLongerThanASecondForWhatIsUnderWay() {
        Queue<Delivery> kept = new ConcurrentLinkedQueue<>();
        keeper("hop", 4, kept);
        send("hop");

        CompletionStage<Done> stopped = router.stop();
        time.timePasses(Duration.ofMillis(999));
        assertThat(told).isEmpty();
        time.timePasses(Duration.ofMillis(1));

        assertThat(told).containsExactly("hop");
        assertThat(stopped.toCompletableFuture())
                .as("while a message of it is out")
                .isNotDone();
        time.timePasses(Duration.ofMillis(999));
        assertThat(stopped.toCompletableFuture()).isNotDone();
        time.timePasses(Duration.ofMillis(1));
        await(stopped);
        kept.forEach(Delivery::release);
    }

    @Test
    void hasStoppedWhenTheLastPermitIsBack() {
        Queue<Delivery> kept = new ConcurrentLinkedQueue<>();
        keeper("hop", 4, kept);
        send("hop");
        CompletionStage<Done> stopped = router.stop();
        time.timePasses(Duration.ofSeconds(1));
        assertThat(stopped.toCompletableFuture()).isNotDone();

        kept.forEach(delivery -> delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS));

        await(stopped);
    }

    @Test
    void doesNotWaitForWhatIsUnderWayWhenItsTimeIsUp() {
        Queue<Delivery> kept = new ConcurrentLinkedQueue<>();
        Registration hanging = resident("hanging", 7);
        keeper("hop", 4, kept);
        send("hop");
        CompletionStage<Done> stopped = router.stop();

        time.timePasses(STOP_TIMEOUT);

        await(stopped);
        hanging.end();
        kept.forEach(Delivery::release);
    }

    @Test
    void doesNotSayThatItGaveUpWhenItDidNot() {
        Registration slow = resident("slow", 4);
        CompletionStage<Done> stopped = router.stop();
        try (LogLines log = LogLines.of(Router.class)) {
            slow.end();
            await(stopped);
            time.timePasses(STOP_TIMEOUT.multipliedBy(2));

            assertThat(log.texts()).containsExactly("Node " + router.name() + " stopped");
        }
    }
}
