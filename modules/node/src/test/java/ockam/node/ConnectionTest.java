// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.AbruptStageTerminationException;
import akka.stream.AbruptTerminationException;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Observer;
import ockam.routing.spi.Registration;
import ockam.routing.spi.RoutingEvent;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection of a node, with a test in place of the transport. */
class ConnectionTest {
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final int MOST_DETACHED = 2_000;

    /** Has room only if nothing else is under way. */
    private static final String LARGE = "x".repeat(1024 * 1024);

    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ConfigFactory.parseString("""
                    ockam.connection {
                      read-window = 2, turn-window = 2, max-detached-bytes = 2000
                      stall-timeout = 5s, close-timeout = 3s
                    }
                    ockam.node { stop-timeout = 1h, max-bytes-under-way = 800000 }""").withFallback(ManualTime.config()));

    private static final String REMOTE = "test 192.0.2.1:4000";

    private final Node node = KIT.node();
    private final ManualTime time = ManualTime.get(KIT.system());
    private final Mailbox app = node.mailbox("app");
    private final Materializer materializer = Materializer.createMaterializer(KIT.system());

    /** What was taken and never asked beyond counts as being written until then. */
    @AfterEach
    void end() {
        materializer.shutdown();
    }

    /** What a transport holds of a connection. */
    private record Wire(
            TestPublisher.Probe<LocalMessage> in, Connection connection, TestSubscriber.Probe<LocalMessage> out) {
        void reads(String to, String text) {
            in.sendNext(message(to, text));
        }
    }

    private Wire connect() {
        return connect(ConnectionSpec.outgoing(REMOTE));
    }

    private Wire connect(ConnectionSpec spec) {
        return connect(spec, materializer);
    }

    private Wire connect(ConnectionSpec spec, Materializer where) {
        return connect(NodeAccess.connection(node, spec), where);
    }

    private static Wire connect(Flow<LocalMessage, List<LocalMessage>, Connection> connection, Materializer where) {
        var run = TestSource.<LocalMessage>create(KIT.system().classicSystem())
                .viaMat(connection.mapConcat(batch -> batch), Keep.both())
                .toMat(TestSink.create(KIT.system().classicSystem()), Keep.both())
                .run(where);
        NodeAccess.opened(run.first().second());
        return new Wire(run.first().first(), run.first().second(), run.second());
    }

    private Wire connectWith(String setting) {
        var config = ConfigFactory.parseString(setting)
                .withFallback(KIT.system().settings().config().getConfig("ockam.connection"));
        var streams = KIT.system().settings().config().getConfig("ockam.stream");
        return connect(
                Flow.fromGraph(new ConnectionStage(
                        node.router(),
                        ConnectionSettings.create(config),
                        StreamSettings.create(streams),
                        new ConcurrentHashMap<>(),
                        ConnectionSpec.outgoing(REMOTE))),
                materializer);
    }

    private static LocalMessage message(String to, String text) {
        return LocalMessage.of(Route.of(to), Route.of("far"), Codec.string().encode(text));
    }

    /** A worker that is open to the connection. */
    private TestProbe<Routed<String>> attached(String name, Wire wire) {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(Address.of(name), Codec.string(), probe.ref());
        node.allow(Address.of(name)).from(wire.connection());
        return probe;
    }

    /** A worker that keeps what it gets, and is open to the connection. */
    private List<Routed<String>> keeping(String name, Wire wire) {
        List<Routed<String>> kept = new CopyOnWriteArrayList<>();
        node.start(Address.of(name), Codec.string(), Behaviors.receiveMessage(message -> {
            kept.add(message.defer());
            return Behaviors.same();
        }));
        node.allow(Address.of(name)).from(wire.connection());
        return kept;
    }

    /** What is sent now leaves after the stage has seen what it was given before. */
    private void whenAllHasComeIn(Wire wire) {
        app.send(wire.connection().route("far"), Codec.string(), "last");
        wire.out().request(1);
        wire.out().expectNext();
    }

    private static ConnectionEnd endOf(Wire wire) {
        return await(wire.connection().whenClosed());
    }

    // ---- both ways ----

    @Test
    void carriesMessagesAndTheirReplies() {
        Wire wire = connect();
        TestProbe<Routed<String>> worker = attached("worker", wire);

        wire.reads("worker", "question");
        Routed<String> question = worker.receiveMessage();
        assertThat(question.body()).isEqualTo("question");
        assertThat(question.returnRoute()).isEqualTo(Route.of(wire.connection().address(), Address.of("far")));
        question.reply("answer");

        wire.out().request(2);
        assertThat(wire.out().expectNext())
                .isEqualTo(LocalMessage.of(
                        Route.of("far"), Route.of("worker"), Codec.string().encode("answer")));
    }

    @Test
    void writesWhateverArrivesAsLongAsMoreIsAskedFor() {
        Wire wire = connect();
        Route route = wire.connection().route("far");
        wire.out().request(100);

        for (int i = 0; i < 100; i++) {
            app.send(route, Codec.string(), "message");
            assertThat(wire.out().expectNext().onwardRoute()).isEqualTo(Route.of("far"));
        }
    }

    @Test
    void answersReachWhoeverAsks() {
        Wire wire = connect();
        CompletionStage<Routed<String>> answer = node.ask(wire.connection().route("far"), Codec.string(), "question");
        wire.out().request(2);
        LocalMessage question = wire.out().expectNext();
        assertThat(question.onwardRoute()).isEqualTo(Route.of("far"));

        wire.in()
                .sendNext(LocalMessage.of(
                        question.returnRoute(), Route.of("far"), Codec.string().encode("answer")));

        Routed<String> got = await(answer);
        assertThat(got.body()).isEqualTo("answer");
        assertThat(got.returnRoute()).isEqualTo(wire.connection().route("far"));
    }

    @Test
    void ignoresHeartbeatsAndLivesOnAfterAWrongAddress() {
        Wire wire = connect();
        TestProbe<Routed<String>> worker = attached("worker", wire);
        wire.in().sendNext(LocalMessage.of(Route.empty(), Route.empty(), ByteString.emptyByteString()));
        wire.reads("nowhere", "lost");
        wire.reads("worker", "found");

        assertThat(worker.receiveMessage().body()).isEqualTo("found");
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        assertThat(node.dropped()).isEqualTo(1);
    }

    @Test
    void routeThatEndsAtTheConnectionIsIncomplete() {
        Wire wire = connect();
        wire.out().request(1);

        app.send(Route.of(wire.connection().address()), Codec.string(), "to whom?");

        KIT.eventually(() -> assertThat(node.dropped(RoutingDropReason.INCOMPLETE_ROUTE))
                .as("what is sent before the stage has started waits for it")
                .isEqualTo(1));
        app.send(wire.connection().route("far"), Codec.string(), "to you");
        assertThat(wire.out().expectNext().onwardRoute()).isEqualTo(Route.of("far"));
    }

    @Test
    void believesNothingThatOnlyThisNodeCanKnow() {
        Wire wire = connect();
        TestProbe<Routed<String>> worker = attached("worker", wire);
        Peer claimed = new Peer(Identifier.parse("I" + "0a".repeat(32)));

        wire.in().sendNext(message("worker", "from a peer").withLocalInfo(List.of(claimed)));

        assertThat(worker.receiveMessage().peer()).isEmpty();
    }

    @Test
    void refusesWhatTheTransportCannotCarry() {
        LocalMessage fits = LocalMessage.of(Route.of("far"), Route.of("app"), ByteString.fromString("payload"));
        int size = 7 + fits.onwardRoute().encodedSize() + fits.returnRoute().encodedSize();
        Wire wire = connect(ConnectionSpec.outgoing(REMOTE).withLargest(size));
        wire.out().request(2);
        Route route = wire.connection().route("far");

        assertThat(app.send(route, Codec.bytes(), ByteString.fromString("payload!")))
                .isEqualTo(SendResult.refused(RoutingDropReason.TOO_LARGE));
        assertThat(app.send(route, Codec.bytes(), ByteString.fromString("payload")))
                .isEqualTo(SendResult.accepted());
        assertThat(wire.out().expectNext()).isEqualTo(fits);
    }

    @Test
    void isATerminalAddressWithTheOtherSideInItsMetadata() {
        Wire wire = connect();

        Metadata metadata = node.metadata(wire.connection().address()).orElseThrow();

        assertThat(metadata.terminal()).isTrue();
        assertThat(metadata.attributes()).containsEntry("remote", REMOTE);
        assertThat(wire.connection().remote()).isEqualTo(REMOTE);
        assertThat(node.findTerminalAddress(wire.connection().route("far")))
                .contains(wire.connection().address());
    }

    // ---- who may come in, and who may leave ----

    @Test
    void reachesOnlyWhatWasOpenedToItOrToItsListener() {
        FlowControlId listener = FlowControlId.random();
        Wire first = connect(ConnectionSpec.outgoing(REMOTE).acceptedBy(listener));
        Wire second = connect(ConnectionSpec.outgoing(REMOTE).acceptedBy(listener));
        TestProbe<Routed<String>> worker = KIT.probe();
        node.attach(Address.of("worker"), Codec.string(), worker.ref());
        TestProbe<Routed<String>> ofFirst = attached("of-first", first);

        first.reads("worker", "not opened");
        second.reads("of-first", "opened to another");
        KIT.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(2));
        node.router().flowControls().addConsumer(Address.of("worker"), listener);
        second.reads("worker", "opened to all of the listener");
        first.reads("of-first", "opened to the first");

        assertThat(worker.receiveMessage().body()).isEqualTo("opened to all of the listener");
        assertThat(ofFirst.receiveMessage().body()).isEqualTo("opened to the first");
    }

    @Test
    void reachesWhatWasOpenedToItsListenerAlsoWhenThatHasStopped() {
        FlowControlId listener = FlowControlId.random();
        Address listening = Address.of("listener");
        node.router().flowControls().addSpawner(listening, listener);
        Wire wire = connect(ConnectionSpec.outgoing(REMOTE).acceptedBy(listener));
        TestProbe<Routed<String>> worker = KIT.probe();
        node.attach(Address.of("worker"), Codec.string(), worker.ref());
        node.router().flowControls().addConsumer(Address.of("worker"), listener);

        node.router().flowControls().remove(listening);

        wire.reads("worker", "still open");
        assertThat(worker.receiveMessage().body()).isEqualTo("still open");
    }

    @Test
    void takesNothingAtTheAddressThatItSendsFrom() {
        List<Address> taken = new CopyOnWriteArrayList<>();
        node.router().addObserver(event -> {
            if (event instanceof RoutingEvent.AddressesTaken addresses) {
                taken.addAll(addresses.addresses());
            }
        });
        Wire wire = connect();
        taken.remove(wire.connection().address());
        assertThat(taken).hasSize(1);

        app.send(Route.of(taken.get(0)), Codec.string(), "message");

        KIT.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1));
        assertThat(node.messagesUnderWay()).isZero();
    }

    @Test
    void isNoWayOutForOthersUnlessItConsumesWhatTheyBringIn() {
        Wire other = connect();
        Wire closed = connect();
        Wire open = connect(ConnectionSpec.outgoing(REMOTE)
                .withConsumes(Set.of(other.connection().flowControlId())));
        open.out().request(2);
        closed.out().request(2);

        other.in()
                .sendNext(
                        LocalMessage.of(closed.connection().route("far"), Route.empty(), ByteString.emptyByteString()));
        other.in()
                .sendNext(LocalMessage.of(open.connection().route("far"), Route.empty(), ByteString.emptyByteString()));

        assertThat(open.out().expectNext().returnRoute())
                .isEqualTo(Route.of(other.connection().address()));
        assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1);
        closed.out().expectNoMessage(Duration.ZERO);
    }

    @Test
    void relayLetsMessagesAndTheirRepliesThroughBothConnections() {
        Wire near = connect();
        Wire far = connect();
        Worker relay = node.start(
                Address.of("relay"), Relay.create(node, far.connection().route("echoer")));
        node.allow(relay).from(near.connection());

        near.in().sendNext(message("relay", "question"));

        far.out().request(3);
        near.out().request(3);
        LocalMessage question = far.out().expectNext();
        assertThat(question.onwardRoute()).isEqualTo(Route.of("echoer"));
        Route back = question.returnRoute();
        assertThat(back).isEqualTo(near.connection().route("far"));
        far.in().sendNext(LocalMessage.of(back, Route.of("echoer"), ByteString.fromString("answer")));
        LocalMessage answer = near.out().expectNext();
        assertThat(answer.returnRoute()).isEqualTo(far.connection().route("echoer"));
        near.in().sendNext(LocalMessage.of(answer.returnRoute(), Route.of("far"), ByteString.fromString("again")));
        assertThat(far.out().expectNext().payload()).isEqualTo(ByteString.fromString("again"));
        assertThat(node.dropped()).isZero();
    }

    // ---- the read window ----

    @Test
    void readsNoMoreThanItsWindow() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "1");
        wire.reads("worker", "2");
        KIT.eventually(() -> assertThat(kept).hasSize(2));

        wire.reads("worker", "3"); // asked for before the window was full, or not at all
        wire.reads("worker", "4");
        assertThat(node.messagesUnderWay()).isEqualTo(2);
        kept.get(0).discard();
        kept.get(1).discard();

        KIT.eventually(() -> assertThat(kept).extracting(Routed::body).containsExactly("1", "2", "3", "4"));
        kept.get(2).discard();
        kept.get(3).discard();
    }

    @Test
    void asksForNothingWithoutRoom() {
        ConnectionSpec spec = ConnectionSpec.outgoing(REMOTE);
        List<Routed<String>> kept = new CopyOnWriteArrayList<>();
        node.start(Address.of("worker"), Codec.string(), Behaviors.receiveMessage(message -> {
            kept.add(message.defer());
            return Behaviors.same();
        }));
        node.router().flowControls().addConsumer(Address.of("worker"), spec.id());
        AtomicInteger asked = new AtomicInteger();
        var run = Source.range(1, 4)
                .map(number -> {
                    asked.incrementAndGet();
                    return message("worker", Integer.toString(number));
                })
                .viaMat(NodeAccess.connection(node, spec).mapConcat(batch -> batch), Keep.right())
                .toMat(TestSink.create(KIT.system().classicSystem()), Keep.both())
                .run(KIT.system());
        KIT.eventually(() -> assertThat(kept).hasSize(2));
        app.send(run.first().route("far"), Codec.string(), "leaves when all this has come in");
        run.second().request(1);
        run.second().expectNext();

        assertThat(asked).hasValue(2);

        kept.get(0).discard();
        kept.get(1).discard();
        KIT.eventually(() -> assertThat(kept).hasSize(4));
        kept.get(2).discard();
        kept.get(3).discard();
    }

    @Test
    void holdsNoMoreThanItsPartOfTheNode() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        String halfOfIt = "x".repeat(60_000);
        wire.reads("worker", halfOfIt);
        wire.reads("worker", halfOfIt);
        whenAllHasComeIn(wire);
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        assertThat(node.messagesUnderWay())
                .as("with the one that is being written")
                .isEqualTo(2);

        kept.get(0).discard();

        KIT.eventually(() -> assertThat(kept).hasSize(2));
        kept.get(1).discard();
    }

    @Test
    void repliesThatWaitForItsOwnWriterLeaveTheWindow() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        for (int i = 1; i <= 4; i++) {
            wire.reads("worker", "question " + i);
        }
        for (int i = 0; i < 4; i++) {
            int next = i;
            KIT.eventually(() -> assertThat(kept).hasSizeGreaterThan(next));
            kept.get(i).reply("answer");
        }
        // Two replies were turned, and two fill the window.
        wire.reads("worker", "question 5");
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(4));
        assertThat(kept).hasSize(4);

        wire.out().request(5);
        wire.out().expectNextN(4);

        KIT.eventually(() -> assertThat(kept).hasSize(5));
        kept.get(4).discard();
    }

    @Test
    void destinationThatTakesNothingHoldsUpTheOthersOnlyUntilTheStallTimeout() {
        Wire wire = connect();
        List<Routed<String>> stuck = keeping("stuck", wire);
        TestProbe<Routed<String>> worker = attached("worker", wire);
        wire.reads("stuck", "taken");
        KIT.eventually(() -> assertThat(stuck).hasSize(1));
        stuck.remove(0).discard();
        wire.reads("stuck", "1");
        wire.reads("stuck", "2");
        KIT.eventually(() -> assertThat(stuck).hasSize(2));
        wire.reads("worker", "behind them");
        wire.reads("stuck", "3");
        wire.reads("worker", "farther behind");
        whenAllHasComeIn(wire);
        worker.expectNoMessage(Duration.ZERO);

        time.timePasses(STALL);

        assertThat(worker.receiveMessage().body()).isEqualTo("behind them");
        assertThat(worker.receiveMessage().body()).isEqualTo("farther behind");
        assertThat(node.dropped(NodeDropReason.STALLED)).isEqualTo(1);
        stuck.get(0).discard();
        stuck.get(1).discard();
        wire.reads("stuck", "4");
        KIT.eventually(() -> assertThat(stuck).extracting(Routed::body).containsExactly("1", "2", "4"));
        stuck.get(2).discard();
    }

    @Test
    void routesThatDifferOnlyBehindAStuckDestinationHoldUpTheOthersNoMoreThanOne() {
        Wire wire = connect();
        List<Routed<String>> stuck = keeping("stuck", wire);
        TestProbe<Routed<String>> worker = attached("worker", wire);
        readsBehind("stuck", 1, wire);
        readsBehind("stuck", 2, wire);
        KIT.eventually(() -> assertThat(stuck).hasSize(2));
        whenAllHasComeIn(wire);
        time.timePasses(STALL);

        readsBehind("stuck", 3, wire);
        readsBehind("stuck", 4, wire);
        wire.reads("worker", "behind them");

        assertThat(worker.receiveMessage().body()).isEqualTo("behind them");
        assertThat(node.dropped()).isZero();
        KIT.eventually(() -> assertThat(stuck).hasSize(4));
        stuck.forEach(Routed::discard);
    }

    @Test
    void endsWhenTooMuchIsStuckBehindRoutesThatDiffer() {
        Wire wire = connect();
        List<Routed<String>> stuck = keeping("stuck", wire);
        readsBehind("stuck", 1, wire);
        readsBehind("stuck", 2, wire);
        KIT.eventually(() -> assertThat(stuck).hasSize(2));
        whenAllHasComeIn(wire);
        time.timePasses(STALL);

        int size = behind("stuck", 1).pushReturn(wire.connection().address()).footprint();
        for (int i = 3; i <= MOST_DETACHED / size + 1; i++) {
            assertThat(wire.connection().hasEnded()).isFalse();
            readsBehind("stuck", i, wire);
        }

        assertThat(endOf(wire)).isEqualTo(ConnectionEnd.of(ConnectionEnd.Reason.STALLED));
        stuck.forEach(Routed::discard);
    }

    private static void readsBehind(String to, int number, Wire wire) {
        wire.in().sendNext(behind(to, number));
    }

    private static LocalMessage behind(String to, int number) {
        return LocalMessage.of(
                Route.of(to, "tail-" + number), Route.of("far"), Codec.string().encode("message"));
    }

    @Test
    void putsNothingAsideWhileThereIsRoom() {
        Wire wire = connect();
        List<Routed<String>> slow = keeping("slow", wire);
        List<Routed<String>> other = keeping("other", wire);
        wire.reads("slow", "1");
        wire.reads("other", "fills the window");
        KIT.eventually(() -> assertThat(other).hasSize(1));
        whenAllHasComeIn(wire);
        other.get(0).discard();
        whenAllHasComeIn(wire);

        time.timePasses(STALL);

        wire.reads("slow", "2");
        KIT.eventually(() -> assertThat(slow).hasSize(2));
        slow.forEach(Routed::discard);
    }

    @Test
    void looksAgainAsLongAsItWaits() {
        Wire wire = connectWith("read-window = 3");
        List<Routed<String>> slow = keeping("slow", wire);
        TestProbe<Routed<String>> worker = attached("worker", wire);
        wire.reads("slow", "1");
        wire.reads("slow", "2");
        KIT.eventually(() -> assertThat(slow).hasSize(2));
        wire.reads("worker", LARGE);
        whenAllHasComeIn(wire);
        slow.get(0).discard();
        whenAllHasComeIn(wire);

        time.timePasses(STALL); // something has come back
        whenAllHasComeIn(wire);
        worker.expectNoMessage(Duration.ZERO);
        time.timePasses(STALL);

        assertThat(worker.receiveMessage().body()).isEqualTo(LARGE);
        slow.get(1).discard();
    }

    @Test
    void endsWhenTooMuchIsStuck() {
        Wire wire = connect();
        List<Routed<String>> stuck = keeping("stuck", wire);
        wire.reads("stuck", "x".repeat(2_000));
        wire.reads("stuck", "1");
        KIT.eventually(() -> assertThat(stuck).hasSize(2));
        wire.reads("worker", "behind them");

        KIT.eventually(() -> {
            time.timePasses(STALL);
            assertThat(wire.connection().hasEnded()).isTrue();
        });

        assertThat(endOf(wire)).isEqualTo(ConnectionEnd.of(ConnectionEnd.Reason.STALLED));
        wire.in().expectCancellation();
        stuck.forEach(Routed::discard);
    }

    // ---- the end ----

    @Test
    void disconnectWritesWhatWasAcceptedAndDiscardsWhatComesIn() {
        Wire wire = connect();
        TestProbe<Routed<String>> worker = attached("worker", wire);
        Route route = wire.connection().route("far");
        app.send(route, Codec.string(), "1");
        app.send(route, Codec.string(), "2");

        CompletionStage<ConnectionEnd> end = wire.connection().disconnect();

        assertThat(app.send(route, Codec.string(), "3"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        KIT.eventually(() -> assertThat(awaitFailureOf(node.ask(route, Codec.string(), "3")))
                .hasMessageContaining("it was a connection to " + REMOTE));
        wire.out().request(3);
        wire.out().expectNextN(2);
        wire.out().expectComplete();
        wire.reads("worker", "too late");
        wire.reads("worker", "too late");
        wire.reads("worker", "too late");
        assertThat(end.toCompletableFuture()).isNotDone();
        wire.in().sendComplete();
        assertThat(await(end)).isEqualTo(ConnectionEnd.of(ConnectionEnd.Reason.DISCONNECTED));
        worker.expectNoMessage(Duration.ZERO);
    }

    @Test
    void disconnectEndsInTimeIfTheOtherSideDoesNot() {
        Wire wire = connect();
        app.send(wire.connection().route("far"), Codec.string(), "never taken");

        CompletionStage<ConnectionEnd> end = wire.connection().disconnect();
        KIT.eventually(() -> {
            time.timePasses(CLOSE);
            assertThat(end.toCompletableFuture()).isDone();
        });

        assertThat(await(end).reason()).isEqualTo(ConnectionEnd.Reason.DISCONNECTED);
        wire.in().expectCancellation();
        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
    }

    @Test
    void disconnectHandlesWhatHadNoRoomYet() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "1");
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        wire.reads("worker", LARGE);
        wire.reads("worker", "behind it");
        CompletionStage<ConnectionEnd> end = wire.connection().disconnect();
        wire.out().expectSubscriptionAndComplete();

        kept.get(0).discard();

        KIT.eventually(() -> assertThat(kept).hasSize(2));
        wire.in().sendComplete();
        assertThat(await(end).reason()).isEqualTo(ConnectionEnd.Reason.DISCONNECTED);
        kept.get(1).discard();
        assertThat(kept).hasSize(2);
    }

    @Test
    void disconnectHandlesWhatHadNoRoomYetAlsoWhenThePeerHasClosed() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "1");
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        wire.reads("worker", LARGE);
        CompletionStage<ConnectionEnd> end = wire.connection().disconnect();
        wire.out().expectSubscriptionAndComplete();
        wire.in().sendComplete();

        kept.get(0).discard();

        KIT.eventually(() -> assertThat(kept).hasSize(2));
        assertThat(await(end).reason()).isEqualTo(ConnectionEnd.Reason.DISCONNECTED);
        kept.get(1).discard();
    }

    @Test
    void failureOfTheTransportAfterDisconnectIsItsOwn() {
        Wire wire = connect();
        whenAllHasComeIn(wire); // it has started
        app.send(wire.connection().route("far"), Codec.string(), "never taken");
        CompletionStage<ConnectionEnd> end = wire.connection().disconnect();
        IOException failure = new IOException("reset");

        wire.in().sendError(failure);

        assertThat(await(end)).isEqualTo(ConnectionEnd.of(ConnectionEnd.Reason.DISCONNECTED));
        assertThat(wire.out().expectError()).isSameAs(failure);
    }

    @Test
    void peerThatClosesIsRememberedForThoseWhoStillSend() {
        Wire wire = connect();
        Route route = wire.connection().route("far");

        wire.in().sendComplete();

        assertThat(endOf(wire)).isEqualTo(ConnectionEnd.of(ConnectionEnd.Reason.CLOSED_BY_PEER));
        assertThat(awaitFailureOf(node.ask(route, Codec.string(), "question")))
                .hasMessageMatching(
                        "NO_SUCH_ADDRESS: nothing lives at " + wire.connection().address() + "; it was a connection to "
                                + REMOTE + ", ended at [-0-9T:]+Z: CLOSED_BY_PEER");
        wire.out().expectSubscriptionAndComplete();
    }

    @Test
    void whatWasReadBeforeThePeerClosedIsHandled() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "1");
        wire.reads("worker", "2");
        KIT.eventually(() -> assertThat(kept).hasSize(2));
        wire.in().sendNext(message("worker", "3")).sendComplete();

        kept.get(0).discard();

        KIT.eventually(() -> assertThat(kept).hasSize(3));
        assertThat(endOf(wire).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
        kept.forEach(Routed::discard);
    }

    @Test
    void whatHasNoRoomYetWhenThePeerClosesIsHandled() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "1");
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        wire.in().sendNext(message("worker", LARGE)).sendComplete();
        whenAllHasComeIn(wire);

        kept.get(0).discard();

        KIT.eventually(() -> assertThat(kept).hasSize(2));
        wire.out().request(1);
        assertThat(endOf(wire).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
        kept.get(1).discard();
    }

    @Test
    void whatIsBeingWrittenWhenThePeerClosesIsWrittenAndNothingElse() {
        Wire wire = connect();
        whenAllHasComeIn(wire);
        app.send(wire.connection().route("far"), Codec.string(), "too late");

        wire.in().sendComplete();

        KIT.eventually(
                () -> assertThat(node.metadata(wire.connection().address())).isEmpty());
        assertThat(wire.connection().whenClosed().toCompletableFuture()).isNotDone();
        wire.out().request(1);
        wire.out().expectComplete();
        assertThat(endOf(wire).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transportThatCannotWriteIsCutOff(boolean closedByPeer) {
        Wire wire = connect();
        whenAllHasComeIn(wire);

        if (closedByPeer) {
            wire.in().sendComplete();
        } else {
            wire.connection().disconnect();
        }

        KIT.eventually(() -> {
            time.timePasses(MOMENT);
            assertThat(wire.connection().whenClosed().toCompletableFuture()).isDone();
        });
        assertThat(wire.out().expectError()).hasMessage("the connection ended before everything was written");
        assertThat(endOf(wire))
                .isEqualTo(ConnectionEnd.of(
                        closedByPeer ? ConnectionEnd.Reason.CLOSED_BY_PEER : ConnectionEnd.Reason.DISCONNECTED));
    }

    @Test
    void whatHasNoRoomYetWhenTheTransportFailsIsCountedAsLost() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "1");
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        wire.reads("worker", LARGE);

        wire.in().sendError(new IOException("reset"));

        assertThat(endOf(wire).reason()).isEqualTo(ConnectionEnd.Reason.FAILED);
        assertThat(node.dropped(RoutingDropReason.NO_ROOM)).isEqualTo(1);
        kept.get(0).discard();
    }

    @Test
    void failureOfTheTransportIsTold() {
        Wire wire = connect();
        IOException failure = new IOException("reset");

        wire.in().sendError(failure);

        assertThat(endOf(wire)).isEqualTo(ConnectionEnd.failed(failure)).hasToString("FAILED: reset");
        assertThat(wire.out().expectSubscriptionAndError()).isSameAs(failure);
    }

    @Test
    void writerThatGivesUpEndsIt() {
        Wire wire = connect();

        wire.out().cancel();

        assertThat(endOf(wire).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
        wire.in().expectCancellation();
    }

    @Test
    void writerThatFailsEndsItWithItsFailure() {
        Wire wire = connect();
        IOException failure = new IOException("reset");

        wire.out().cancel(failure);

        assertThat(endOf(wire)).isEqualTo(ConnectionEnd.failed(failure));
        wire.in().expectCancellation();
    }

    @Test
    void writerThatGivesUpAfterDisconnectEndsIt() {
        Wire wire = connect();
        whenAllHasComeIn(wire); // it has started
        app.send(wire.connection().route("far"), Codec.string(), "never taken");
        CompletionStage<ConnectionEnd> end = wire.connection().disconnect();

        wire.out().cancel();

        assertThat(await(end)).isEqualTo(ConnectionEnd.of(ConnectionEnd.Reason.DISCONNECTED));
    }

    @Test
    void materializerThatEndsIsAFailure() {
        Wire wire = connect();
        wire.out().request(1);

        materializer.shutdown();

        assertThat(endOf(wire).failure().orElseThrow())
                .isInstanceOfAny(AbruptTerminationException.class, AbruptStageTerminationException.class);
    }

    @Test
    void nodeThatStopsHandlesWhatWasReadAndWritesWhatWasSent() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "under way");
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        CompletionStage<Done> stopped = node.stop();
        wire.reads("worker", "too late");

        kept.get(0).reply("answer");

        wire.out().request(2);
        assertThat(wire.out().expectNext().onwardRoute()).isEqualTo(Route.of("far"));
        wire.out().expectComplete();
        wire.in().sendComplete();
        await(stopped);
        assertThat(endOf(wire).reason()).isEqualTo(ConnectionEnd.Reason.NODE_STOPPED);
        assertThat(kept).hasSize(1);
    }

    @Test
    void nodeThatStopsWaitsForWhatItsConnectionsHaveReadBeforeItGoesOn() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        Registration listener =
                node.router().register(List.of(EndpointSpec.open(Address.of("listener"))), ShutdownOrder.LISTENERS);
        listener.open(new Registration.Handler(Delivery::handled, cause -> listener.end()));
        wire.reads("worker", "under way");
        KIT.eventually(() -> assertThat(kept).hasSize(1));

        CompletionStage<Done> stopped = node.stop();

        whenAllHasComeIn(wire);
        assertThat(listener.hasEnded()).isFalse();
        kept.get(0).discard();
        KIT.eventually(() -> assertThat(listener.hasEnded()).isTrue());
        wire.out().request(1);
        wire.in().sendComplete();
        await(stopped);
    }

    @Test
    void nodeThatStopsWaitsOnlyAMomentForWhatNobodyTakes() {
        Wire wire = connect();
        node.allow(app.address()).from(wire.connection());
        wire.reads("app", "never received");
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(1));
        CompletionStage<Done> stopped = node.stop();

        KIT.eventually(() -> {
            time.timePasses(MOMENT);
            assertThat(node.metadata(wire.connection().address()))
                    .as("not before it stops its connections")
                    .isEmpty();
        });

        wire.out().expectSubscriptionAndComplete();
        wire.in().sendComplete();
        await(stopped);
    }

    @Test
    void nodeThatStopsLosesWhatHasNoRoomYet() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "1");
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        wire.reads("worker", LARGE);
        wire.reads("worker", "behind it");

        CompletionStage<Done> stopped = node.stop();

        KIT.eventually(
                () -> assertThat(node.dropped(RoutingDropReason.NODE_STOPPED)).isEqualTo(1));
        kept.get(0).discard();
        wire.in().sendComplete();
        await(stopped);
        assertThat(kept).hasSize(1);
        assertThat(node.dropped()).isEqualTo(1);
    }

    /** However long the close-timeout is. */
    @Test
    void nodeThatStopsEndsItsConnectionsInItsStopTimeout() {
        Wire wire = connectWith("close-timeout = 2h");
        whenAllHasComeIn(wire);
        CompletionStage<Done> stopped = node.stop();
        wire.out().request(1);
        KIT.eventually(() -> {
            time.timePasses(MOMENT); // until it has settled, as far as it does
            assertThat(node.metadata(wire.connection().address())).isEmpty();
        });
        wire.out().expectComplete(); // and the other side does not end it

        time.timePasses(Duration.ofMinutes(53)); // seven eighths of an hour, and a little

        assertThat(endOf(wire)).isEqualTo(ConnectionEnd.of(ConnectionEnd.Reason.NODE_STOPPED));
        await(stopped);
    }

    @Test
    void openingToAConnectionThatEndsIsNotKept() {
        Wire wire = connect();
        List<Routed<String>> kept = keeping("worker", wire);
        wire.reads("worker", "under way");
        KIT.eventually(() -> assertThat(kept).hasSize(1));
        CompletionStage<Done> stopped = node.stop();

        node.allow(Address.of("late")).from(wire.connection());

        kept.get(0).discard();
        wire.in().sendComplete();
        await(stopped);
        assertThat(node.router().flowControls().isEmpty()).isTrue();
    }

    @Test
    void cannotBeMadeOnANodeThatHasStopped() {
        await(node.stop());

        Wire wire = connect();

        assertThat(wire.out().expectSubscriptionAndError())
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
        assertThat(endOf(wire).reason()).isEqualTo(ConnectionEnd.Reason.FAILED);
    }

    /** What the transport has taken and not asked beyond may still be lost, so it counts. */
    @Test
    void countsWhatIsBeingWritten() {
        Wire wire = connect();
        Mailbox sender = node.mailbox("sender");
        sender.send(wire.connection().route("far"), Codec.string(), "1");
        wire.out().request(1);
        wire.out().expectNext();
        assertThat(node.messagesUnderWay()).isEqualTo(1);

        wire.out().request(1);

        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
    }

    @Test
    void publishesNothingIfTheOtherSideWasNeverReached() {
        TestProbe<ConnectionEvent> events = KIT.probe();
        KIT.system().eventStream().tell(new EventStream.Subscribe<>(ConnectionEvent.class, events.ref()));
        var run = TestSource.<LocalMessage>create(KIT.system().classicSystem())
                .viaMat(NodeAccess.connection(node, ConnectionSpec.outgoing(REMOTE)), Keep.both())
                .toMat(TestSink.create(KIT.system().classicSystem()), Keep.both())
                .run(KIT.system());
        Connection connection = run.first().second();
        run.first().first().sendError(new IOException("nobody there"));
        await(connection.whenClosed());

        NodeAccess.opened(connection);

        connect();
        assertThat(events.receiveMessage().address())
                .as("the first event is of another connection")
                .isNotEqualTo(connection.address());
        KIT.system().eventStream().tell(new EventStream.Unsubscribe<>(events.ref()));
    }

    @Test
    void leavesNothingOnANodeThatStopsWhileItIsMade() {
        node.router().addObserver(event -> {
            if (event instanceof RoutingEvent.AddressesTaken) {
                var unused = node.stop(); // it has one of its two addresses
            }
        });

        Wire wire = connect(ConnectionSpec.outgoing(REMOTE).withConsumes(Set.of(FlowControlId.random())));

        assertThat(endOf(wire).failure().orElseThrow()).hasMessageStartingWith("NODE_STOPPED: ");
        await(node.whenStopped());
        assertThat(node.router().flowControls().isEmpty()).isTrue();
    }

    @Test
    void publishesItsBeginningAndItsEnd() {
        TestProbe<ConnectionEvent> events = KIT.probe();
        KIT.system().eventStream().tell(new EventStream.Subscribe<>(ConnectionEvent.class, events.ref()));
        List<Observer.Event> observed = new CopyOnWriteArrayList<>();
        node.router().addObserver(event -> {
            if (event instanceof ConnectionEvent) {
                observed.add(event);
            }
        });
        List<ConnectionEvent> seen = new ArrayList<>();
        Wire wire = connect();
        seen.add(events.receiveMessage());
        wire.in().sendComplete();
        seen.add(events.receiveMessage());

        Address address = wire.connection().address();
        assertThat(seen)
                .containsExactly(
                        new ConnectionEvent.Opened(node.name(), address, REMOTE),
                        new ConnectionEvent.Closed(
                                node.name(), address, REMOTE, ConnectionEnd.of(ConnectionEnd.Reason.CLOSED_BY_PEER)));
        KIT.eventually(() -> assertThat(observed).as("what observers see").isEqualTo(seen));
        assertThat(observed)
                .extracting(event -> event.name() + " " + event.addresses() + new TreeMap<>(event.attributes()))
                .containsExactly(
                        "connection-opened [" + address + "]{remote=" + REMOTE + "}",
                        "connection-closed [" + address + "]{reason=CLOSED_BY_PEER, remote=" + REMOTE + "}");
        KIT.system().eventStream().tell(new EventStream.Unsubscribe<>(events.ref()));
    }
}
