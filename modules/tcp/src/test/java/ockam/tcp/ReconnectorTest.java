// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import ockam.fixtures.LogLines;
import ockam.fixtures.SystemKit;
import ockam.node.Connection;
import ockam.node.ConnectionSpec;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.tcp.ReconnectingConnection.State;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a reconnecting connection does and when, with a test in place of the transport. Each wait is half of its bound. */
class ReconnectorTest {
    private static final Duration MIN = Duration.ofMillis(200);
    private static final Duration MAX = Duration.ofSeconds(10);
    private static final Duration INSTANT = Duration.ofMillis(1);
    private static final Address NAME = Address.of("elsewhere");

    @RegisterExtension
    static final SystemKit KIT = new SystemKit(ManualTime.config());

    private static int nodesMade;

    private final Node node = Ockam.get(KIT.system()).createNode("reconnector-" + ++nodesMade);
    private final Router router = NodeAccess.router(node);
    private final ManualTime time = ManualTime.get(KIT.system());
    private final Mailbox app = node.mailbox("app");
    private final FlowControlId id = FlowControlId.random();
    private final Registration registration = router.register(
            List.of(new EndpointSpec(NAME, AccessControl.allowAll(), AccessControl.denyAll(), Metadata.none())),
            ShutdownOrder.CONNECTIONS);
    private final ReconnectingConnection name =
            new ReconnectingConnection(registration, "tcp test", id, new Held(3, 10_000));
    private final TestProbe<Try> tries = KIT.probe();
    private final List<Try> all = new CopyOnWriteArrayList<>();

    /** An attempt as the transport sees it. */
    private record Try(
            Connection connection,
            CompletableFuture<Connection> made,
            TestPublisher.Probe<LocalMessage> in,
            TestSubscriber.Probe<LocalMessage> out) {
        Try succeeds() {
            made.complete(connection);
            out.request(10);
            return this;
        }

        void fails() {
            in.sendError(new IOException("nobody there"));
            await(connection.whenClosed());
            made.completeExceptionally(new IOException("nobody there"));
        }
    }

    /** It runs on the threads that tell it something, so that it has done with it when they go on. */
    @BeforeEach
    void start() {
        router.flowControls().addProducer(NAME, id, null, List.of());
        ActorRef<Reconnector.Command> actor = KIT.testKit()
                .spawn(
                        Reconnector.create(router, name, MIN, new Backoff(MIN, MAX, () -> 0.5), this::attempt),
                        DispatcherSelector.fromConfig("akka.test.calling-thread-dispatcher"));
        router.watch(actor, registration);
        registration.open(new Registration.Handler(name::deliver, cause -> actor.tell(new Reconnector.Stop(cause))));
    }

    private Reconnector.Attempt attempt() {
        ConnectionSpec spec = ConnectionSpec.outgoing("tcp test").named(NAME, id, TcpDropReason.NOT_CONNECTED);
        var run = TestSource.<LocalMessage>create(KIT.system().classicSystem())
                .viaMat(NodeAccess.connection(node, spec).mapConcat(batch -> batch), Keep.both())
                .toMat(TestSink.create(KIT.system().classicSystem()), Keep.both())
                .run(KIT.system());
        Try begun = new Try(
                run.first().second(), new CompletableFuture<>(), run.first().first(), run.second());
        all.add(begun);
        tries.ref().tell(begun);
        return new Reconnector.Attempt(begun.connection(), begun.made());
    }

    @AfterEach
    void leavesNothing() {
        app.close();
        CompletionStage<?> stopped = name.stop();
        all.forEach(begun -> begun.in().sendComplete());
        await(stopped);
        assertThat(name.state()).isEqualTo(State.STOPPED);
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        assertThat(node.addressCount()).isZero();
        assertThat(router.flowControls().isEmpty()).isTrue();
        await(node.stop());
    }

    /** When something waits for the outcome of an attempt, the name has done with what was before. */
    private Try nextTry() {
        Try next = tries.receiveMessage();
        KIT.eventually(() -> assertThat(next.made().getNumberOfDependents()).isPositive());
        return next;
    }

    /** The next attempt is made after this time, and not before. */
    private Try tryAfter(Duration wait) {
        time.timePasses(wait.minus(INSTANT));
        time.expectNoMessageFor(Duration.ZERO, tries);
        time.timePasses(INSTANT);
        return nextTry();
    }

    private Try connected() {
        return nextTry().succeeds();
    }

    private void lasts() {
        time.timePasses(MIN);
    }

    private void disconnected() {
        KIT.eventually(() -> assertThat(name.state()).isEqualTo(State.CONNECTING));
    }

    private SendResult send(String text) {
        return app.send(name.route("far"), Codec.string(), text);
    }

    // ---- attempts ----

    @Test
    void waitsLongerAfterEachFailureAndNeverGivesUp() {
        nextTry().fails();
        for (int half : new int[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000}) {
            assertThat(name.state()).isEqualTo(State.CONNECTING);
            tryAfter(Duration.ofMillis(half)).fails();
        }
    }

    @Test
    void connectionThatHasLastedIsFollowedByAnotherOneAtOnce() {
        Try first = connected();
        assertThat(name.state()).isEqualTo(State.CONNECTED);
        assertThat(name.connection()).containsSame(first.connection());
        lasts();

        first.in().sendComplete();

        Try second = connected();
        KIT.eventually(() -> assertThat(name.connection()).containsSame(second.connection()));
        lasts();
        second.connection().disconnect();
        second.in().sendComplete();
        nextTry();
        disconnected();
        assertThat(name.connection()).isEmpty();
    }

    /** Or a peer that accepts and closes would be asked as fast as it can. */
    @Test
    void connectionThatDidNotLastCountsAsAFailure() {
        connected().in().sendComplete();
        disconnected();
        Try second = tryAfter(Duration.ofMillis(100)).succeeds();
        second.in().sendError(new IOException("cut"));
        disconnected();
        Try third = tryAfter(Duration.ofMillis(200)).succeeds();
        lasts();
        third.in().sendComplete();
        Try fourth = nextTry(); // at once
        fourth.fails();
        tryAfter(Duration.ofMillis(100));
    }

    @Test
    void saysOnceThatThereIsNoConnection() {
        try (LogLines lines = LogLines.of(Reconnector.class)) {
            nextTry().fails();
            tryAfter(Duration.ofMillis(100)).fails();
            Try connected = tryAfter(Duration.ofMillis(200)).succeeds();
            assertThat(lines.texts())
                    .containsExactly(
                            "No connection to tcp test, and trying again until there is one or it is stopped: nobody there");
            lasts();
            connected.in().sendComplete();
            nextTry().fails();
            tryAfter(Duration.ofMillis(100)).fails();
            assertThat(lines.texts()).hasSize(2);
        }
    }

    @Test
    void statesCanBeFollowed() {
        CompletionStage<List<State>> states = name.states().runWith(Sink.seq(), KIT.system());
        Try first = connected();
        lasts();
        first.in().sendComplete();
        disconnected();
        Try second = connected();
        CompletionStage<?> stopped = name.stop();
        second.in().sendComplete();
        await(stopped);

        assertThat(await(states))
                .containsExactly(State.CONNECTING, State.CONNECTED, State.CONNECTING, State.CONNECTED, State.STOPPED);
    }

    // ---- messages ----

    @Test
    void messagesLeaveByTheConnectionThatThereIs() {
        Try first = connected();
        send("one");
        assertThat(first.out().expectNext().onwardRoute()).isEqualTo(Route.of("far"));
        lasts();
        first.in().sendComplete();
        Try second = connected();
        KIT.eventually(() -> assertThat(name.connection()).containsSame(second.connection()));
        send("two");
        assertThat(second.out().expectNext().returnRoute()).isEqualTo(Route.of("app"));
    }

    @Test
    void whatIsSentMeanwhileWaitsForTheNextConnection() {
        send("one");
        send("two");
        assertThat(node.messagesUnderWay()).isEqualTo(2);

        Try first = connected();
        send("three");

        for (String text : new String[] {"one", "two", "three"}) {
            assertThat(first.out().expectNext().payload())
                    .isEqualTo(Codec.string().encode(text));
        }
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        assertThat(node.dropped()).isZero();
    }

    @Test
    void itWaitsUntilAnAttemptHasFailed() {
        Try first = nextTry();
        send("one");
        assertThat(node.dropped()).isZero();

        first.fails();

        assertThat(node.dropped(TcpDropReason.NOT_CONNECTED)).isOne();
        assertThat(node.messagesUnderWay()).isZero();
        send("two");
        Try second = tryAfter(Duration.ofMillis(100)).succeeds();
        assertThat(second.out().expectNext().payload()).isEqualTo(Codec.string().encode("two"));
    }

    @Test
    void moreThanMayWaitIsDropped() {
        for (int i = 0; i < 5; i++) {
            send("text");
        }

        assertThat(node.dropped(TcpDropReason.NOT_CONNECTED)).isEqualTo(2);
        assertThat(node.messagesUnderWay()).isEqualTo(3);
    }

    @Test
    void aMessageLargerThanMayWaitIsDropped() {
        send("x".repeat(10_000));

        assertThat(node.dropped(TcpDropReason.NOT_CONNECTED)).isOne();
        assertThat(node.messagesUnderWay()).isZero();
    }

    /** For a stream, that breaks the route. */
    @Test
    void whatWaitsWhenItStopsIsLostLikeTheAddress() {
        nextTry().fails();
        send("one");

        await(name.stop());

        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isOne();
    }

    @Test
    void whatAConnectionDidNotWriteIsDroppedForTheSameReason() {
        Try first = nextTry();
        first.made().complete(first.connection()); // nothing is asked for
        send("never written");
        assertThat(node.messagesUnderWay()).isOne();

        first.in().sendError(new IOException("cut"));

        KIT.eventually(
                () -> assertThat(node.dropped(TcpDropReason.NOT_CONNECTED)).isOne());
        assertThat(node.dropped()).isOne();
    }

    @Test
    void whatComesInCanBeAnsweredThroughTheName() {
        TestProbe<Routed<String>> worker = KIT.probe();
        node.attach(Address.of("worker"), Codec.string(), worker.ref());
        node.allow(Address.of("worker")).from(name);
        Try first = connected();
        first.in()
                .sendNext(LocalMessage.of(
                        Route.of("worker"), Route.of("far"), Codec.string().encode("one")));
        Routed<String> question = worker.receiveMessage();
        assertThat(question.returnRoute()).isEqualTo(Route.of("elsewhere", "far"));
        lasts();
        first.in().sendComplete();
        Try second = connected();
        KIT.eventually(() -> assertThat(name.connection()).containsSame(second.connection()));

        question.reply("answer");

        assertThat(second.out().expectNext().onwardRoute()).isEqualTo(Route.of("far"));
        second.in()
                .sendNext(LocalMessage.of(
                        Route.of("worker"), Route.of("far"), Codec.string().encode("two")));
        assertThat(worker.receiveMessage().body()).isEqualTo("two");
        await(node.stop(Address.of("worker")));
    }

    @Test
    void whatComesInDoesNotLeaveAgain() {
        Try first = connected();

        first.in()
                .sendNext(LocalMessage.of(
                        Route.of("elsewhere", "far"),
                        Route.of("x"),
                        Codec.string().encode("")));

        KIT.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isOne());
    }

    @Test
    void whoIsRefusedIsToldToOpenItToTheName() {
        Try first = connected();
        try (LogLines lines = LogLines.of(FlowControls.class)) {
            first.in()
                    .sendNext(LocalMessage.of(
                            Route.of("app"), Route.of("x"), Codec.string().encode("")));

            KIT.eventually(() -> assertThat(lines.texts()).hasSize(1));
            assertThat(lines.texts().get(0))
                    .endsWith("node.allow(Address.parse(\"0#app\")).from(connectionOrChannel), the one at 0#elsewhere");
        }
    }

    // ---- stopping ----

    @Test
    void stopsWhileItConnects() {
        Try first = nextTry();

        CompletionStage<?> stopped = name.stop();

        assertThat(node.metadata(NAME)).isEmpty();
        assertThat(send("late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        first.out().request(1);
        first.out().expectComplete();
        first.in().sendComplete();
        await(stopped);
        time.timePasses(MAX);
        time.expectNoMessageFor(Duration.ZERO, tries);
    }

    @Test
    void stopsWhileItWaits() {
        nextTry().fails();

        await(name.stop());

        time.timePasses(MAX);
        time.expectNoMessageFor(Duration.ZERO, tries);
    }

    @Test
    void stopsWithItsNode() {
        Try first = connected();

        CompletionStage<?> stopped = node.stop();

        KIT.eventually(() -> assertThat(node.metadata(NAME)).isEmpty());
        first.out().expectComplete();
        first.in().sendComplete();
        await(stopped);
        assertThat(name.state()).isEqualTo(State.STOPPED);
        time.timePasses(MAX);
        time.expectNoMessageFor(Duration.ZERO, tries);
    }
}
