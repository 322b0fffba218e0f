// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeStopTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit(
            ConfigFactory.parseString("ockam.node.stop-timeout = 4 s").withFallback(ManualTime.config()));

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(4);
    private static final Address WORKER = Address.of("worker");

    private final Node node = KIT.node();
    private final ManualTime time = ManualTime.get(KIT.system());

    private static WorkerOptions priority(int priority) {
        return WorkerOptions.defaults().withShutdownPriority(priority);
    }

    private boolean hasActors(String nodeName) {
        return KIT.system().printTree().contains("ockam-" + nodeName + "-");
    }

    @Test
    void stopsWorkersInTheOrderOfTheirPriorities() {
        TestProbe<String> probe = KIT.probe();
        List<String> expected = new ArrayList<>();
        for (int priority : new int[] {3, 7, 1, 5, 4, 2, 6}) {
            node.start(Address.of("worker" + priority), Codec.string(), farewell(probe, priority), priority(priority));
        }
        for (int priority = 7; priority >= 1; priority--) {
            expected.add("ends " + priority);
            expected.add("ended " + priority);
        }

        await(node.stop());

        List<String> seen = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            seen.add(probe.receiveMessage());
        }
        assertThat(seen).isEqualTo(expected);
        assertThat(node.addressCount()).isZero();
    }

    /** Ends in two steps, its child first. */
    private static Behavior<Routed<String>> farewell(TestProbe<String> probe, int priority) {
        return Behaviors.setup(context -> {
            context.spawn(
                    BehaviorBuilder.create()
                            .onSignal(PostStop.class, signal -> {
                                probe.getRef().tell("ends " + priority);
                                return Behaviors.same();
                            })
                            .build(),
                    "child");
            return BehaviorBuilder.<Routed<String>>create()
                    .onSignal(PostStop.class, signal -> {
                        probe.getRef().tell("ended " + priority);
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    @Test
    void letsWorkersUseThoseOfLowerPriorityToTheEnd() {
        TestProbe<Routed<String>> connection = KIT.probe();
        node.attach(Address.of("connection"), Codec.string(), connection.getRef(), priority(2));
        TestProbe<Worker> self = KIT.probe();
        Worker worker = node.start(
                WORKER,
                Codec.string(),
                BehaviorBuilder.<Routed<String>>create()
                        .onSignal(PostStop.class, signal -> {
                            self.receiveMessage().send(Route.of("connection"), Codec.string(), "goodbye");
                            return Behaviors.same();
                        })
                        .build());
        self.getRef().tell(worker);

        await(node.stop());

        assertThat(connection.receiveMessage().body()).isEqualTo("goodbye");
    }

    @Test
    void noticesTheEndOfWhatItGaveUpOn() {
        CountDownLatch gate = new CountDownLatch(1);
        Mailbox app = node.mailbox("app");
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            gate.await();
            return Behaviors.same();
        }));
        app.send(Route.of(WORKER), Codec.string(), "hang");
        CompletionStage<Done> workerStopped = node.stop(WORKER);
        CompletionStage<Done> stopped = node.stop();
        time.timePasses(STOP_TIMEOUT);
        await(stopped);
        assertThat(hasActors(node.name())).isTrue();

        gate.countDown();

        await(workerStopped);
        KIT.eventually(() -> assertThat(hasActors(node.name())).isFalse());
    }

    @Test
    void noticesThatSetupThrewThoughItGaveUpOnIt() {
        CountDownLatch gate = new CountDownLatch(1);
        node.start(WORKER, Codec.string(), Behaviors.setup(context -> {
            gate.await();
            throw new IllegalStateException("on purpose"); // and so it gets no PostStop
        }));
        CompletionStage<Done> workerStopped = node.stop(WORKER);
        CompletionStage<Done> stopped = node.stop();
        time.timePasses(STOP_TIMEOUT);
        await(stopped);

        gate.countDown();

        await(workerStopped);
        KIT.eventually(() -> assertThat(hasActors(node.name())).isFalse());
    }

    @Test
    void refusesToStartAnythingOnceItStops() {
        Registration slow =
                node.router().register(List.of(EndpointSpec.open(Address.of("slow"))), ShutdownOrder.ofPriority(7));
        slow.open(new Registration.Handler(delivery -> {}, cause -> {}));
        CompletionStage<Done> stopped = node.stop();
        assertRefused(); // while it stops
        slow.end();
        await(stopped);
        assertRefused();
    }

    private void assertRefused() {
        TestProbe<Routed<String>> probe = KIT.probe();
        for (Runnable start : List.<Runnable>of(
                () -> node.start(WORKER, Codec.string(), echo()),
                () -> node.attach(WORKER, Codec.string(), probe.getRef()),
                () -> node.mailbox("mailbox"))) {
            assertThatThrownBy(start::run)
                    .isInstanceOfSatisfying(
                            RoutingException.class,
                            e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
        }
    }

    @Test
    void returnsTheSameStageAgain() {
        CompletionStage<Done> first = node.stop();

        assertThat((Object) node.stop()).isSameAs(first);
        assertThat((Object) node.whenStopped()).isSameAs(first);
        await(first);
        assertThat((Object) node.stop()).isSameAs(first);
    }

    @Test
    void completesItsStageWhereUserCodeMayRun() {
        CountDownLatch gate = new CountDownLatch(1);
        node.start(
                WORKER,
                Codec.string(),
                BehaviorBuilder.<Routed<String>>create()
                        .onSignal(PostStop.class, signal -> {
                            gate.await(); // so that the stage is completed while a caller waits for it
                            return Behaviors.same();
                        })
                        .build());
        CompletionStage<String> thread =
                node.stop().thenApply(done -> Thread.currentThread().getName());
        gate.countDown();

        assertThat(await(thread)).contains("akka.actor.default-dispatcher");
    }

    @Test
    void handlesWhatIsQueuedFirst() {
        TestProbe<String> probe = KIT.probe();
        CountDownLatch gate = new CountDownLatch(1);
        Mailbox app = node.mailbox("app");
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            gate.await();
            probe.getRef().tell(message.body());
            return Behaviors.same();
        }));
        IntStream.range(0, 10).forEach(i -> app.send(Route.of(WORKER), Codec.string(), "message " + i));
        CompletionStage<Done> stopped = node.stop();
        gate.countDown();

        await(stopped);
        IntStream.range(0, 10).forEach(i -> probe.expectMessage("message " + i));
    }

    @Test
    void doesNotWaitForWhatNobodyHasReceived() {
        Mailbox app = node.mailbox("app");
        IntStream.range(0, 3).forEach(i -> app.send(Route.of("app"), Codec.string(), "message " + i));
        await(app.receive(Codec.string()));
        assertThat(node.messagesUnderWay()).isEqualTo(2);

        await(node.stop()); // and no time has passed

        assertThat(node.messagesUnderWay()).isZero();
        assertThat(node.isStopped()).isTrue();
    }

    @Test
    void letsWhatIsOnItsWayOverHopsArrive() {
        CountDownLatch gate = new CountDownLatch(1);
        TestProbe<String> probe = KIT.probe();
        Mailbox app = node.mailbox("app");
        node.start(Address.of("h1"), Behaviors.receiveMessage(message -> {
            gate.await();
            message.forward();
            return Behaviors.same();
        }));
        node.start(Address.of("h2"), Hop.create());
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            probe.getRef().tell(message.body());
            return Behaviors.same();
        }));
        IntStream.range(0, 1_000)
                .forEach(i -> app.send(Route.of("h1", "h2", "worker"), Codec.string(), "message " + i));

        CompletionStage<Done> stopped = node.stop();
        assertThat(node.isStopped()).isFalse();
        gate.countDown();
        await(stopped);

        IntStream.range(0, 1_000).forEach(i -> probe.expectMessage("message " + i));
        assertThat(node.dropped()).isZero();
    }

    @Test
    void leavesAttachedActorsAlone() {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(WORKER, Codec.string(), probe.getRef());
        await(node.stop());

        assertThat(node.metadata(WORKER)).isEmpty();
        KIT.eventually(() -> assertThat(hasActors(node.name())).isFalse());
        probe.expectNoMessage();
    }

    @Test
    void forgetsMetadata() {
        node.start(
                WORKER,
                Codec.string(),
                echo(),
                WorkerOptions.defaults().withMetadata(Metadata.terminal(Map.of("to", "elsewhere"))));
        assertThat(node.findTerminalAddress(Route.of("h1", "worker"))).contains(WORKER);
        await(node.stop());

        assertThat(node.metadata(WORKER)).isEmpty();
        assertThat(node.findTerminalAddress(Route.of(WORKER))).isEmpty();
    }

    @Test
    void mayBeDoneFromItsOwnWorker() {
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            node.stop();
            return Behaviors.same();
        }));
        node.mailbox("app").send(Route.of(WORKER), Codec.string(), "stop");

        await(node.whenStopped());
        assertThat(node.addressCount()).isZero();
    }

    @Test
    void freesTheNameOfTheNode() {
        Ockam ockam = Ockam.get(KIT.system());
        for (int i = 0; i < 50; i++) {
            Node again = ockam.createNode("again");
            await(again.stop());
        }
        assertThat(ockam.node("again")).isEmpty();
    }

    /** Routing, section 7.7. */
    @Test
    void leavesNothingAfterHundredNodesThatExchangedOneMessage() {
        for (int i = 0; i < 100; i++) {
            Node one = Ockam.get(KIT.system()).createNode("hundred");
            Mailbox alice = one.mailbox("alice");
            Mailbox bob = one.mailbox("bob");
            alice.send(Route.of("bob"), Codec.string(), "hello " + i);
            assertThat(await(bob.receive(Codec.string())).body()).isEqualTo("hello " + i);
            await(one.stop());
            assertThat(one.addressCount()).isZero();
        }
        KIT.eventually(() -> assertThat(hasActors("hundred")).isFalse());
    }

    @Test
    void leavesNoActorOfAnyKind() {
        node.start(WORKER, Codec.string(), echo());
        node.start(Address.of("hop"), Hop.create());
        node.mailbox("mailbox");
        assertThat(hasActors(node.name())).isTrue();
        await(node.stop());

        KIT.eventually(() -> assertThat(hasActors(node.name())).isFalse());
    }
}
