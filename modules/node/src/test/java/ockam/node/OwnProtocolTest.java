// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Workers with a protocol of their own: started by the node, or spawned by anyone. */
class OwnProtocolTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address TILL = Address.of("till");

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    private sealed interface Command {}

    private record Asked(Routed<String> message) implements Command {}

    private record Total(ActorRef<Integer> replyTo) implements Command {}

    private record Later(Routed<String> message) implements Command {}

    private enum Close implements Command {
        INSTANCE
    }

    /** Adds up what it is sent; fails at "fail", stops at "stop", answers later at "later". */
    private final class Till extends AbstractBehavior<Command> {
        private int total;

        Till(ActorContext<Command> context) {
            super(context);
        }

        @Override
        public akka.actor.typed.javadsl.Receive<Command> createReceive() {
            return newReceiveBuilder()
                    .onMessage(Asked.class, this::asked)
                    .onMessage(Later.class, later -> {
                        later.message().reply("later");
                        return this;
                    })
                    .onMessage(Total.class, ask -> {
                        ask.replyTo().tell(total);
                        return this;
                    })
                    .onMessage(Close.class, close -> Behaviors.stopped())
                    .build();
        }

        private Behavior<Command> asked(Asked asked) {
            String body = asked.message().body();
            seen.add(body);
            switch (body) {
                case "fail" -> throw new IllegalStateException("on purpose");
                case "stop" -> {
                    return Behaviors.stopped();
                }
                case "later" -> {
                    Routed<String> kept = asked.message().defer();
                    getContext()
                            .pipeToSelf(CompletableFuture.completedStage("done"), (done, failure) -> new Later(kept));
                }
                default -> {
                    total += Integer.parseInt(body);
                    asked.message().reply("booked");
                }
            }
            return this;
        }
    }

    private Behavior<Command> till() {
        return Behaviors.setup(Till::new);
    }

    private Behavior<Command> tillAtItsAddress() {
        return node.worker(TILL, Codec.string(), till(), Asked::new);
    }

    private ActorRef<Command> spawned(Behavior<Command> behavior) {
        ActorRef<Command> actor = KIT.testKit().spawn(behavior);
        KIT.eventually(() -> assertThat(node.metadata(TILL)).isPresent());
        return actor;
    }

    private void send(String... bodies) {
        for (String body : bodies) {
            assertThat(app.send(Route.of(TILL), Codec.string(), body)).isEqualTo(SendResult.accepted());
        }
    }

    private String received() {
        return await(app.receive(Codec.string())).body();
    }

    private int total(ActorRef<Command> till) {
        TestProbe<Integer> probe = KIT.probe();
        till.tell(new Total(probe.getRef()));
        return probe.receiveMessage();
    }

    /** Also of answers: those that nobody has received are thrown away. */
    private void nothingUnderWay() {
        KIT.eventually(() -> {
            while (app.receive(Codec.string(), Duration.ZERO)
                    .toCompletableFuture()
                    .handle((answer, none) -> answer != null)
                    .join()) {}
            assertThat(node.messagesUnderWay()).isZero();
        });
    }

    private void seen(String... bodies) {
        KIT.eventually(() -> assertThat(seen).containsExactly(bodies));
    }

    // ---- its two kinds of messages ----

    @Test
    void startedByTheNodeItGetsWhatArrivesAndWhatIsToldToIt() {
        WorkerRef<Command> till = node.start(TILL, Codec.string(), till(), Asked::new);
        assertThat(till.address()).isEqualTo(TILL);
        send("2", "40"); // the address exists since start has returned

        assertThat(received()).isEqualTo("booked");
        assertThat(received()).isEqualTo("booked");
        assertThat(total(till.ref())).isEqualTo(42);
        nothingUnderWay();
    }

    @Test
    void spawnedByAnyoneItGetsWhatArrivesAndWhatIsToldToIt() {
        ActorRef<Command> till = spawned(tillAtItsAddress());
        send("2", "40");

        assertThat(received()).isEqualTo("booked");
        assertThat(received()).isEqualTo("booked");
        assertThat(total(till)).isEqualTo(42);
        nothingUnderWay();
    }

    @Test
    void maySendFromItsAddress() {
        Address client = Address.of("client");
        Behavior<Command> says = Behaviors.setup(context -> {
            node.workerAt(client).send(Route.of("app"), Codec.string(), "hello");
            return till();
        });
        KIT.testKit().spawn(node.worker(client, Codec.string(), says, Asked::new));

        Routed<String> hello = await(app.receive(Codec.string()));
        assertThat(hello.returnRoute()).isEqualTo(Route.of("client"));
        hello.reply("7");
        seen("7");
    }

    @Test
    void messageIsUnderWayUntilItsHandlerReturns() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch left = new CountDownLatch(1);
        Behavior<Command> slow = Behaviors.receiveMessage(message -> {
            entered.countDown();
            left.await();
            return Behaviors.same();
        });
        spawned(node.worker(TILL, Codec.string(), slow, Asked::new));
        send("1");
        entered.await();
        assertThat(node.messagesUnderWay()).isEqualTo(1);

        left.countDown();
        nothingUnderWay();
    }

    @Test
    void mayAnswerLater() {
        spawned(tillAtItsAddress());
        send("later");

        assertThat(received()).isEqualTo("later");
        nothingUnderWay();
    }

    @Test
    void whatItsCodecRefusesNeverReachesIt() {
        spawned(tillAtItsAddress());
        app.send(Route.of(TILL), Codec.bytes(), akka.util.ByteString.fromArray(new byte[] {9, 1}));
        send("1");

        assertThat(received()).isEqualTo("booked");
        assertThat(node.dropped(NodeDropReason.UNDECODABLE)).isEqualTo(1);
        seen("1");
    }

    @Test
    void whatCannotBeMadeACommandIsAFailureOfTheWorker() {
        WorkerRef<Command> till = node.start(TILL, Codec.string(), till(), message -> {
            if (message.body().equals("odd")) {
                throw new IllegalArgumentException("on purpose");
            }
            return new Asked(message);
        });
        send("odd", "1");

        assertThat(received()).isEqualTo("booked");
        assertThat(total(till.ref())).isEqualTo(1);
        nothingUnderWay();
    }

    // ---- its address ----

    @Test
    void startTellsThatTheAddressIsTaken() {
        node.start(TILL, Codec.string(), NodeKit.echo());

        assertThatThrownBy(() -> node.start(TILL, Codec.string(), till(), Asked::new))
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        e -> assertThat(e.reason()).isEqualTo(RoutingException.Reason.ADDRESS_IN_USE));
    }

    @Test
    void spawnedActorThatFindsItsAddressTakenSaysSoAndStops() {
        node.start(TILL, Codec.string(), NodeKit.echo());
        TestProbe<Object> watcher = KIT.probe();

        ActorRef<Command> late = LoggingTestKit.error("No worker was started: ADDRESS_IN_USE")
                .expect(KIT.system(), () -> KIT.testKit().spawn(tillAtItsAddress()));

        watcher.expectTerminated(late);
        assertThat(await(node.ask(Route.of(TILL), Codec.string(), "still there"))
                        .body())
                .isEqualTo("still there");
    }

    @Test
    void outerSupervisionDoesNotRestartWhoFindsItsAddressTaken() {
        node.start(TILL, Codec.string(), NodeKit.echo());
        TestProbe<Object> watcher = KIT.probe();

        watcher.expectTerminated(
                KIT.testKit().spawn(Behaviors.supervise(tillAtItsAddress()).onFailure(SupervisorStrategy.restart())));
    }

    @Test
    void stoppingTheAddressStopsTheActorAfterWhatIsQueued() {
        ActorRef<Command> till = spawned(tillAtItsAddress());
        TestProbe<Object> watcher = KIT.probe();
        send("1", "2");

        await(node.stop(TILL));

        watcher.expectTerminated(till);
        seen("1", "2");
        assertThat(node.metadata(TILL)).isEmpty();
        nothingUnderWay();
    }

    /** Whoever waits for the end of an actor may start its successor at once. */
    private void respawns(UnaryOperator<Behavior<Command>> around, String... last) {
        TestProbe<Object> watcher = KIT.probe();
        for (int i = 0; i < 200; i++) {
            ActorRef<Command> till = KIT.testKit().spawn(around.apply(tillAtItsAddress()));
            assertThat(total(till)).isZero(); // it has started
            for (String body : last) {
                app.send(Route.of(TILL), Codec.string(), body);
            }
            if (last.length == 0) {
                till.tell(Close.INSTANCE);
            }
            watcher.expectTerminated(till);
        }
        assertThat(spawned(tillAtItsAddress())).isNotNull();
        nothingUnderWay();
    }

    @Test
    void addressIsFreeForWhoeverSeesTheEndOfAnActorThatStops() {
        respawns(behavior -> behavior);
        assertThat(node.addressCount()).isEqualTo(2);
    }

    @Test
    void addressIsFreeForWhoeverSeesTheEndOfAnActorThatFails() {
        respawns(behavior -> Behaviors.supervise(behavior).onFailure(SupervisorStrategy.stop()), "fail");
    }

    @Test
    void addressIsFreeForWhoeverSeesTheEndOfAnActorThatFailsTooOften() {
        respawns(
                behavior -> Behaviors.supervise(behavior)
                        .onFailure(SupervisorStrategy.restart().withLimit(1, Duration.ofMinutes(1))),
                "fail",
                "fail");
    }

    @Test
    void addressOfAnActorThatStopsWhileItIsSetUpIsFree() {
        TestProbe<Object> watcher = KIT.probe();
        for (int i = 0; i < 100; i++) {
            watcher.expectTerminated(
                    KIT.testKit().spawn(node.worker(TILL, Codec.string(), Behaviors.<Command>stopped(), Asked::new)));
        }
        watcher.expectTerminated(KIT.testKit()
                .spawn(node.worker(
                        TILL,
                        Codec.string(),
                        Behaviors.<Command>setup(context -> {
                            throw new IllegalStateException("on purpose");
                        }),
                        Asked::new)));
        spawned(tillAtItsAddress());
    }

    // ---- restarts ----

    private static final Producer LISTENER = () -> new FlowControlId("listener");

    private Behavior<Command> openTill(WorkerOptions options) {
        return node.worker(TILL, Codec.string(), till(), Asked::new, options.withOpenTo(LISTENER));
    }

    private boolean isOpen() {
        return node.router().flowControls().consumedBy(TILL).contains(LISTENER.flowControlId());
    }

    @Test
    void keepsItsAddressAndOpeningsWhenItIsRestartedByItsOptions() {
        ActorRef<Command> till =
                spawned(openTill(WorkerOptions.defaults().withSupervision(SupervisorStrategy.restart())));
        send("1", "fail", "2");

        seen("1", "fail", "2");
        assertThat(total(till)).as("it has a new state").isEqualTo(2);
        assertThat(isOpen()).isTrue();
        nothingUnderWay();
    }

    @Test
    void keepsItsAddressAndOpeningsWhenItIsRestartedFromOutside() {
        ActorRef<Command> till = spawned(
                Behaviors.supervise(openTill(WorkerOptions.defaults())).onFailure(SupervisorStrategy.restart()));
        send("1", "fail", "2");

        seen("1", "fail", "2");
        assertThat(total(till)).as("it has a new state").isEqualTo(2);
        assertThat(isOpen()).isTrue();
        assertThat(node.dropped()).isZero();
        nothingUnderWay();
    }

    @Test
    void openingsEndWithTheActor() {
        ActorRef<Command> till = spawned(openTill(WorkerOptions.defaults()));
        KIT.eventually(() -> assertThat(isOpen()).isTrue());

        till.tell(Close.INSTANCE);

        KIT.eventually(() -> assertThat(isOpen()).isFalse());
    }

    @Test
    void whatAnOuterSupervisionForgetsIsCounted() {
        Duration backoff = Duration.ofMillis(50);
        spawned(Behaviors.supervise(openTill(WorkerOptions.defaults()))
                .onFailure(SupervisorStrategy.restartWithBackoff(backoff, backoff, 0.0)));
        send("fail", "fail", "1", "2"); // the second one fails when all that were kept are handed over
        seen("fail", "fail");
        KIT.eventually(() -> {
            app.send(Route.of(TILL), Codec.string(), "3");
            assertThat(seen).contains("3");
        });

        nothingUnderWay();
        assertThat(seen).doesNotContain("1", "2");
        assertThat(node.dropped(RoutingDropReason.FORGOTTEN)).isGreaterThanOrEqualTo(2);
    }

    @Test
    void whatAnOuterSupervisionKeepsIsLostWithTheActor() {
        Duration backoff = Duration.ofMinutes(10);
        ActorRef<Command> till = spawned(Behaviors.supervise(openTill(WorkerOptions.defaults()))
                .onFailure(SupervisorStrategy.restartWithBackoff(backoff, backoff, 0.0)));
        send("fail", "1", "2");
        seen("fail");
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isEqualTo(2));

        KIT.testKit().stop(till);

        nothingUnderWay();
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(2);
        assertThat(node.metadata(TILL)).isEmpty();
    }

    @Test
    void actorThatAttachesItselfAgainKeepsItsAddress() {
        Behavior<Command> attaching = Behaviors.setup(context -> {
            node.attach(TILL, Codec.string(), context.messageAdapter(Routed.type(), Asked::new));
            return till();
        });
        spawned(Behaviors.supervise(attaching).onFailure(SupervisorStrategy.restart()));
        send("1", "fail", "2");

        seen("1", "fail", "2");
        assertThat(List.of(received(), received())).containsExactly("booked", "booked");
    }
}
