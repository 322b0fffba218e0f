// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.echo;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.NodeSignal;
import ockam.routing.spi.Registration;
import ockam.routing.spi.ShutdownOrder;
import ockam.routing.spi.Window;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StopTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");
    private static final Address SECOND = Address.of("second");

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final TestProbe<String> probe = KIT.probe();
    private final CountDownLatch gate = new CountDownLatch(1);

    /** Waits for the gate at its first message, then tells the probe of each body and of its end. */
    private Behavior<Routed<String>> recorder() {
        return BehaviorBuilder.<Routed<String>>create()
                .onAnyMessage(message -> {
                    gate.await();
                    probe.getRef().tell(message.body());
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, signal -> {
                    probe.getRef().tell("ended");
                    return Behaviors.same();
                })
                .build();
    }

    private void send(String body) {
        assertThat(app.send(Route.of(WORKER), Codec.string(), body)).isEqualTo(SendResult.accepted());
    }

    @Test
    void handlesWhatIsQueuedBeforeItStops() {
        node.start(WORKER, Codec.string(), recorder());
        for (int i = 0; i < 10; i++) {
            send("message " + i);
        }

        CompletionStage<Done> stopped = node.stop(WORKER);
        assertThat(stopped.toCompletableFuture()).isNotDone();
        gate.countDown();

        for (int i = 0; i < 10; i++) {
            probe.expectMessage("message " + i);
        }
        probe.expectMessage("ended");
        await(stopped);
    }

    @Test
    void freesAddressAtOnceForSuccessorThatOutlivesTheOldWorker() {
        node.start(WORKER, Codec.string(), recorder());
        send("old");
        CompletionStage<Done> stopped = node.stop(WORKER);
        assertThat(app.send(Route.of(WORKER), Codec.string(), "between"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));

        node.start(WORKER, Codec.string(), echo());
        gate.countDown();
        await(stopped);

        probe.expectMessage("old");
        probe.expectMessage("ended");
        probe.expectNoMessage();
        assertThat(await(node.ask(Route.of(WORKER), Codec.string(), "new")).body())
                .isEqualTo("new");
    }

    @Test
    void stopsByAnyOfItsAddresses() {
        for (Address address : new Address[] {WORKER, SECOND}) {
            node.start(
                    WORKER,
                    Codec.string(),
                    recorder(),
                    WorkerOptions.defaults().withAddress(SECOND, AccessControl.allowAll(), AccessControl.allowAll()));
            int before = node.addressCount();

            CompletionStage<Done> stopped = node.stop(address);

            assertThat(node.addressCount()).isEqualTo(before - 2);
            await(stopped);
            probe.expectMessage("ended");
        }
    }

    @Test
    void answersFromItsQueueAfterItsAddressIsGone() {
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> {
            gate.await();
            message.reply(message.body());
            return Behaviors.same();
        }));
        send("question");
        CompletionStage<Done> stopped = node.stop(WORKER);
        gate.countDown();

        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("question");
        await(stopped);
    }

    @Test
    void stopsItselfInTheMiddleOfItsHandler() {
        node.start(
                WORKER,
                Codec.string(),
                BehaviorBuilder.<Routed<String>>create()
                        .onAnyMessage(message -> {
                            var unused = node.stop(message.address())
                                    .thenRun(() -> probe.getRef().tell("stage"));
                            message.reply("the last word");
                            return Behaviors.same();
                        })
                        .onSignal(PostStop.class, signal -> {
                            probe.getRef().tell("ended");
                            return Behaviors.same();
                        })
                        .build());
        send("stop");

        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("the last word");
        probe.expectMessage("ended");
        probe.expectMessage("stage");
        assertThat(app.send(Route.of(WORKER), Codec.string(), "late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
    }

    @Test
    void endsByItsOwnDecision() {
        node.start(
                WORKER,
                Codec.string(),
                Behaviors.receiveMessage(
                        message -> Behaviors.stopped(() -> probe.getRef().tell("ended"))));
        send("stop");

        probe.expectMessage("ended");
        KIT.eventually(() -> assertThat(app.send(Route.of(WORKER), Codec.string(), "late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS)));
    }

    /** Not only when its watcher hears of it, so that as little as possible is told to a dead actor. */
    @Test
    void givesItsAddressBackAsItEnds() {
        Registration registration = node.router().register(List.of(EndpointSpec.open(WORKER)), ShutdownOrder.WORKERS);
        BehaviorTestKit<NodeSignal> worker = BehaviorTestKit.create(WorkerBehavior.around(
                recorder(), Codec.string(), registration, WorkerOptions.defaults(), node.slowHandlers()));
        registration.open(new Registration.Handler(worker::run, cause -> worker.run(WorkerInterceptor.Stop.INSTANCE)));
        gate.countDown();
        send("hello");
        probe.expectMessage("hello");
        assertThat(worker.isAlive()).isTrue();

        worker.signal(PostStop.instance());

        probe.expectMessage("ended");
        assertThat(registration.hasEnded()).isTrue();
        assertThat(node.metadata(WORKER)).isEmpty();
    }

    /** Else whoever delivered it finds nobody there any more, and counts it as lost. */
    @Test
    void hasNotEndedBeforeItsLastMessage() {
        CompletableFuture<Long> lost = new CompletableFuture<>();
        Window window = node.router().openWindow(1, 1_000, () -> {
            send("when the last message has ended");
            lost.complete(node.dropped());
        });
        window.sleepUntilRelease();
        node.start(WORKER, Codec.string(), Behaviors.receiveMessage(message -> Behaviors.stopped()));
        Registration sender = node.router().register(List.of(EndpointSpec.open(SECOND)), ShutdownOrder.MAILBOXES);
        sender.open(new Registration.Handler(delivery -> {}, cause -> sender.end()));
        sender.endpoint(SECOND)
                .send(
                        LocalMessage.of(
                                Route.of(WORKER), Route.empty(), Codec.string().encode("the last one")),
                        Objects.requireNonNull(window.lane(reason -> {}).tryAdmit(10)));

        assertThat(await(lost)).isZero();
    }

    @Test
    void endsThoughItsPostStopThrows() {
        node.start(
                WORKER,
                Codec.string(),
                BehaviorBuilder.<Routed<String>>create()
                        .onSignal(PostStop.class, signal -> {
                            throw new IllegalStateException("on purpose");
                        })
                        .build());

        await(node.stop(WORKER));
    }

    @Test
    void completesTheStageOnlyAfterTheChildrenOfTheWorkerEnded() {
        node.start(WORKER, Codec.string(), Behaviors.setup(context -> {
            context.spawn(
                    BehaviorBuilder.create()
                            .onSignal(PostStop.class, signal -> {
                                gate.await();
                                probe.getRef().tell("child ended");
                                return Behaviors.same();
                            })
                            .build(),
                    "child");
            return echo();
        }));
        await(node.ask(Route.of(WORKER), Codec.string(), "is it up"));

        CompletionStage<Done> stopped = node.stop(WORKER).thenApply(done -> {
            probe.getRef().tell("stage");
            return done;
        });
        gate.countDown();

        probe.expectMessage("child ended");
        probe.expectMessage("stage");
        await(stopped);
    }

    @Test
    void failsWhenNothingLivesThere() {
        assertThat(failureOf(node.stop(WORKER))).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);

        node.start(WORKER, Codec.string(), recorder());
        CompletionStage<Done> first = node.stop(WORKER);
        assertThat(failureOf(node.stop(WORKER))).isEqualTo(RoutingDropReason.NO_SUCH_ADDRESS);
        await(first);
    }

    @Test
    void completesStagesWhereUserCodeMayRun() {
        node.start(WORKER, Codec.string(), recorder());
        send("hold");
        CompletionStage<String> thread =
                node.stop(WORKER).thenApply(done -> Thread.currentThread().getName());
        gate.countDown();

        assertThat(await(thread)).contains("akka.actor.default-dispatcher").doesNotContain("ockam.dispatcher");
    }
}
