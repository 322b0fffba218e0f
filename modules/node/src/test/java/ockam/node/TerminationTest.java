// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.echo;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import ockam.fixtures.SystemKit;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.RoutingException.Reason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of nodes, and of those who wait for them, when their actor system ends without Coordinated Shutdown. */
class TerminationTest {
    private static final Address WORKER = Address.of("worker");
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private final ActorSystem<Void> system = ActorSystem.create(
            Behaviors.empty(),
            "terminating",
            ConfigFactory.parseString("akka.coordinated-shutdown.run-by-actor-system-terminate = off")
                    .withFallback(SystemKit.usual()));
    private final Ockam ockam = Ockam.get(system);
    private final Node node = ockam.createNode("node");
    private final Mailbox mailbox = node.mailbox("mailbox");

    @AfterEach
    void end() {
        terminate();
    }

    private void terminate() {
        system.terminate();
        await(system.getWhenTerminated());
    }

    /**
     * A descendant of so many generations, which stops before all its ancestors. Akka's guardian tells its children to stop just before it
     * refuses new ones, and is past that when the stop has come this far.
     */
    private static Behavior<Void> deepDown(int generations, Behavior<Void> descendant) {
        return generations == 0
                ? descendant
                : Behaviors.setup(context -> {
                    context.spawn(deepDown(generations - 1, descendant), "child");
                    return Behaviors.empty();
                });
    }

    private static Behavior<Routed<String>> silent() {
        return Behaviors.ignore();
    }

    @Test
    void completesEveryStageThatSomebodyWaitsFor() {
        node.start(WORKER, Codec.string(), silent());
        CompletionStage<Done> stopped = node.whenStopped();
        CompletionStage<Routed<String>> received = mailbox.receive(Codec.string());
        CompletionStage<Routed<String>> receivedWithoutLimit = mailbox.receive(Codec.string(), FOREVER);
        CompletionStage<Routed<String>> answer = node.ask(Route.of(WORKER), Codec.string(), "question");

        terminate();

        assertThat(failureOf(received)).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(failureOf(receivedWithoutLimit)).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(failureOf(answer)).isEqualTo(Reason.MAILBOX_CLOSED);
        await(stopped);
        assertThat(node.addressCount()).isZero();
        assertThat(ockam.node("node")).isEmpty();
    }

    @Test
    void completesTheStopThatIsUnderWay() {
        TestProbe<Routed<String>> probe = TestProbe.create(system);
        CountDownLatch gate = new CountDownLatch(1);
        node.attach(WORKER, Codec.string(), probe.getRef());
        node.start(
                Address.of("slow"),
                Codec.string(),
                BehaviorBuilder.<Routed<String>>create()
                        .onSignal(PostStop.class, signal -> {
                            gate.await();
                            return Behaviors.same();
                        })
                        .build());
        CompletionStage<Done> slow = node.stop(Address.of("slow"));
        CompletionStage<Done> stopped = node.stop();
        system.terminate();
        gate.countDown();
        await(system.getWhenTerminated());

        await(slow);
        await(stopped);
    }

    @Test
    void completesStreams() {
        node.start(WORKER, Codec.string(), silent());
        StreamHandle sink = Source.<String>maybe()
                .toMat(node.sink(Route.of(WORKER), Codec.string()), (unused, handle) -> handle)
                .run(system);
        terminate();

        await(sink.whenClosed().handle((report, failure) -> Done.getInstance()));
    }

    @Test
    void completesConnections() {
        Connection connection = Source.<LocalMessage>maybe()
                .viaMat(NodeAccess.connection(node, ConnectionSpec.outgoing("test")), Keep.right())
                .to(Sink.ignore())
                .run(system);
        mailbox.send(connection.route("far"), Codec.string(), "message");
        terminate();

        assertThat(await(connection.whenClosed()).reason()).isEqualTo(ConnectionEnd.Reason.FAILED);
        assertThat(node.router().flowControls().isEmpty()).isTrue();
        assertThat(node.messagesUnderWay()).isZero();
    }

    /** The rest of their graph fails while it is made. */
    @Test
    void completesWhatNeverStarted() {
        List<StreamHandle> sinks = new ArrayList<>();
        List<Connection> connections = new ArrayList<>();
        assertThatIllegalStateException()
                .isThrownBy(() -> StreamStartTest.<String>failing()
                        .to(node.sink(Route.of(WORKER), Codec.string()).mapMaterializedValue(handle -> {
                            sinks.add(handle);
                            return handle;
                        }))
                        .run(system));
        assertThatIllegalStateException()
                .isThrownBy(() -> StreamStartTest.<LocalMessage>failing()
                        .via(NodeAccess.connection(node, ConnectionSpec.outgoing("test"))
                                .mapMaterializedValue(connection -> {
                                    connections.add(connection);
                                    return connection;
                                }))
                        .runWith(Sink.ignore(), system));

        terminate();

        assertThat(await(connections.get(0).whenClosed()).reason()).isEqualTo(ConnectionEnd.Reason.NODE_STOPPED);
        assertThat(failureOf(sinks.get(0).whenClosed())).isEqualTo(RoutingException.Reason.TIMED_OUT);
        assertThat(node.router().flowControls().isEmpty()).isTrue();
    }

    @Test
    void failsLaterCallsAtOnce() {
        node.start(WORKER, Codec.string(), echo());
        TestProbe<Routed<String>> probe = TestProbe.create(system);
        terminate();

        for (Runnable call : List.<Runnable>of(
                () -> ockam.createNode("another"),
                () -> node.start(Address.of("late"), Codec.string(), echo()),
                () -> node.attach(Address.of("late"), Codec.string(), probe.getRef()),
                () -> node.mailbox("late"))) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            RoutingException.class,
                            e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
        }
        assertThat(failureOf(node.ask(Route.of(WORKER), Codec.string(), "late")))
                .isEqualTo(RoutingDropReason.NODE_STOPPED);
        assertThat(failureOf(mailbox.receive(Codec.string()))).isEqualTo(Reason.MAILBOX_CLOSED);
        assertThat(mailbox.send(Route.of(WORKER), Codec.string(), "late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NODE_STOPPED));
        assertThat(failureOf(node.stop(WORKER))).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
        await(node.stop());
        mailbox.close();
    }

    @Test
    void failsTheFirstCallOfAllAtOnce() {
        ActorSystem<Void> other = ActorSystem.create(Behaviors.empty(), "other", SystemKit.usual());
        other.terminate();
        await(other.getWhenTerminated());

        assertThatThrownBy(() -> Ockam.get(other).createNode("node"))
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
    }

    @Test
    void failsCallsBetweenTheBeginningAndTheEndOfTheTermination() {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch ending = new CountDownLatch(1);
        Behavior<Void> last = BehaviorBuilder.<Void>create()
                .onSignal(PostStop.class, signal -> {
                    ending.countDown();
                    gate.await();
                    return Behaviors.same();
                })
                .build();
        node.start(WORKER, Codec.string(), Behaviors.setup(context -> {
            context.spawn(deepDown(20, last), "child");
            return silent();
        }));
        system.terminate();
        awaitLatch(ending);

        assertThatThrownBy(() -> node.start(Address.of("late"), Codec.string(), echo()))
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
        assertThatThrownBy(() -> ockam.createNode("another"))
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
        assertThat(node.metadata(Address.of("late"))).isEmpty();
        CompletionStage<Routed<String>> received = mailbox.receive(Codec.string());
        gate.countDown();
        await(system.getWhenTerminated());

        assertThat(failureOf(received)).isEqualTo(Reason.MAILBOX_CLOSED);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
