// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.echo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import ockam.fixtures.LogLines;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.RoutingException.Reason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class StartTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address WORKER = Address.of("worker");
    private static final Address SECOND = Address.of("second");
    private static final Address THIRD = Address.of("third");

    private final Node node = KIT.node();

    private static WorkerOptions alsoAt(Address... more) {
        WorkerOptions options = WorkerOptions.defaults();
        for (Address address : more) {
            options = options.withAddress(address, AccessControl.allowAll(), AccessControl.allowAll());
        }
        return options;
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RoutingException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** Tells the probe when it is set up. */
    private static Behavior<Routed<String>> announced(TestProbe<String> probe) {
        return Behaviors.setup(context -> {
            probe.getRef().tell("set up");
            return echo();
        });
    }

    private String ask(Address address, String body) {
        return await(node.ask(Route.of(address), Codec.string(), body)).body();
    }

    @Test
    void canBeSentToAsSoonAsStartReturns() {
        Mailbox app = node.mailbox("app");
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Worker worker = node.start(Address.of("worker" + i), Codec.string(), echo());
            assertThat(app.send(Route.of(worker.address()), Codec.string(), "message " + i))
                    .isEqualTo(SendResult.accepted());
            sent.add("message " + i);
        }
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(await(app.receive(Codec.string())).body());
        }
        assertThat(answers).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void handlesWhatCameWhileItWasSetUp() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        node.start(WORKER, Codec.string(), Behaviors.setup(context -> {
            gate.await();
            return echo();
        }));
        Mailbox app = node.mailbox("app");
        app.send(Route.of(WORKER), Codec.string(), "first");
        app.send(Route.of(WORKER), Codec.string(), "second");
        gate.countDown();

        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("first");
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("second");
    }

    @Test
    void sendsAsItself() {
        node.start(SECOND, Codec.string(), echo());
        TestProbe<Routed<String>> probe = KIT.probe();
        Worker worker = node.attach(WORKER, Codec.string(), probe.getRef());
        assertThat(worker.send(Route.of(SECOND), Codec.string(), "hello").isAccepted())
                .isTrue();

        Routed<String> answer = probe.receiveMessage();
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.source()).isEqualTo(SECOND);
        assertThat(answer.returnRoute()).isEqualTo(Route.of(SECOND));
        assertThat(worker).hasToString("Worker(0#worker)");
    }

    @Test
    void refusesSecondWorkerAtSameAddress() {
        node.start(WORKER, Codec.string(), echo());
        TestProbe<String> probe = KIT.probe();

        assertRefused(Reason.ADDRESS_IN_USE, () -> node.start(WORKER, Codec.string(), announced(probe)));
        assertRefused(Reason.ADDRESS_IN_USE, () -> node.mailbox("worker"));
        assertRefused(
                Reason.ADDRESS_IN_USE,
                () -> node.attach(
                        WORKER, Codec.string(), KIT.<Routed<String>>probe().getRef()));

        probe.expectNoMessage();
        assertThat(ask(WORKER, "still here")).isEqualTo("still here");
    }

    @Test
    void refusesWorkerWhoseFurtherAddressIsTakenAndLeavesNothingReserved() {
        node.start(WORKER, Codec.string(), echo(), alsoAt(SECOND));
        TestProbe<String> probe = KIT.probe();
        int before = node.addressCount();

        assertRefused(
                Reason.ADDRESS_IN_USE,
                () -> node.start(THIRD, Codec.string(), announced(probe), alsoAt(Address.of("fourth"), SECOND)));
        assertRefused(Reason.ADDRESS_IN_USE, () -> node.start(SECOND, Codec.string(), announced(probe), alsoAt(THIRD)));

        probe.expectNoMessage();
        assertThat(node.addressCount()).isEqualTo(before);
        node.start(THIRD, Codec.string(), announced(probe), alsoAt(Address.of("fourth")));
        probe.expectMessage("set up");
        assertThat(ask(SECOND, "still here")).isEqualTo("still here");
    }

    @Test
    void refusesTheSameAddressTwiceForOneWorker() {
        TestProbe<String> probe = KIT.probe();

        assertRefused(
                Reason.ADDRESS_IN_USE,
                () -> node.start(WORKER, Codec.string(), announced(probe), alsoAt(SECOND, WORKER)));
        assertRefused(
                Reason.ADDRESS_IN_USE,
                () -> node.start(WORKER, Codec.string(), announced(probe), alsoAt(SECOND, SECOND)));

        probe.expectNoMessage();
        assertThat(node.addressCount()).isZero();
    }

    @Test
    void livesAtEachOfItsAddressesWithTheRulesOfThatAddress() {
        Mailbox friend = node.mailbox("friend");
        Mailbox stranger = node.mailbox("stranger");
        node.start(
                WORKER,
                Codec.string(),
                echo(),
                WorkerOptions.defaults()
                        .withIncoming(AccessControl.allowSource(friend.address()))
                        .withAddress(SECOND, AccessControl.allowAll(), AccessControl.allowAll())
                        .withAddress(THIRD, AccessControl.allowAll(), AccessControl.denyAll()));
        for (Address address : List.of(WORKER, SECOND, THIRD)) {
            friend.send(Route.of(address), Codec.string(), "to " + address);
            stranger.send(Route.of(address), Codec.string(), "to " + address);
        }

        Routed<String> first = await(friend.receive(Codec.string()));
        assertThat(first.body()).isEqualTo("to 0#worker");
        assertThat(first.returnRoute()).isEqualTo(Route.of(WORKER));
        assertThat(first.source()).isEqualTo(WORKER);
        Routed<String> second = await(friend.receive(Codec.string()));
        assertThat(second.returnRoute()).isEqualTo(Route.of(SECOND));
        assertThat(await(stranger.receive(Codec.string())).body()).isEqualTo("to 0#second");
        KIT.eventually(() -> {
            assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED))
                    .isEqualTo(1); // the stranger at the first address
            assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(2); // both answers from the third
        });
    }

    @Test
    void givesTheAddressesBackWhenTheActorCannotBeMade() {
        WorkerOptions unknownDispatcher =
                alsoAt(SECOND).withDispatcher(DispatcherSelector.fromConfig("there.is.no.such.dispatcher"));

        assertThatThrownBy(() -> node.start(WORKER, Codec.string(), echo(), unknownDispatcher))
                .isNotInstanceOf(RoutingException.class);

        assertThat(node.addressCount()).isZero();
        node.start(WORKER, Codec.string(), echo(), alsoAt(SECOND));
        assertThat(ask(SECOND, "now")).isEqualTo("now");
    }

    @Test
    void givesTheAddressesBackWhenSetupThrows() {
        List<SupervisorStrategy> strategies = List.of(
                SupervisorStrategy.resume(),
                SupervisorStrategy.stop(),
                SupervisorStrategy.restart(),
                SupervisorStrategy.restart().withLimit(3, java.time.Duration.ofSeconds(10)));
        for (SupervisorStrategy strategy : strategies) {
            Worker worker = node.start(
                    WORKER,
                    Codec.string(),
                    Behaviors.setup(context -> {
                        throw new IllegalStateException("on purpose");
                    }),
                    alsoAt(SECOND).withSupervision(strategy));

            assertThat(worker.address()).isEqualTo(WORKER);
            KIT.eventually(() -> assertThat(node.addressCount()).isZero());
        }
        node.start(WORKER, Codec.string(), echo(), alsoAt(SECOND));
        assertThat(ask(SECOND, "a successor")).isEqualTo("a successor");
    }

    @Test
    void setupThatThrowsIsLoggedOnceWithTheAddressAndTheException() {
        try (LogLines lines = LogLines.of(WorkerBehavior.class);
                LogLines akka = LogLines.of(Behavior.class)) {
            node.start(WORKER, Codec.string(), Behaviors.setup(context -> {
                throw new IllegalStateException("on purpose");
            }));

            KIT.eventually(() -> assertThat(node.addressCount()).isZero());
            assertThat(lines.texts()).containsExactly("No worker was started at 0#worker: its setup threw");
            assertThat(lines.events().get(0).getThrowableProxy().getMessage()).isEqualTo("on purpose");
            assertThat(akka.texts()).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("NullAway") // the application's code may do that
    void nullIsRefusedBeforeAnythingIsTaken() {
        Behavior<String> own = Behaviors.empty();

        assertRefused("codec", () -> node.start(WORKER, null, echo()));
        assertRefused("worker", () -> node.start(WORKER, Codec.string(), (Behavior<Routed<String>>) null));
        assertRefused("codec", () -> node.start(WORKER, (Codec<String>) null, own, Routed::body));
        assertRefused("asked", () -> node.start(WORKER, Codec.string(), own, (Function<Routed<String>, String>) null));
        assertRefused("asked", () -> node.worker(WORKER, Codec.string(), own, null));
        assertRefused("worker", () -> node.worker(WORKER, Codec.string(), (Behavior<String>) null, Routed::body));
        assertRefused("address", () -> node.worker(null, Codec.string(), own, Routed::body));
        assertRefused("actor", () -> node.attach(WORKER, Codec.string(), null));
        assertRefused("codec", () -> node.source(WORKER, null));
        assertRefused("codec", () -> node.sink(Route.of(WORKER), null));
        assertRefused("route", () -> node.sink(null, Codec.string()));
        assertRefused("incoming", () -> WorkerOptions.defaults().withIncoming(null));
        assertRefused("outgoing", () -> WorkerOptions.defaults().withOutgoing(null));
        assertRefused("metadata", () -> WorkerOptions.defaults().withMetadata(null));
        assertRefused("dispatcher", () -> WorkerOptions.defaults().withDispatcher(null));
        assertRefused("strategy", () -> WorkerOptions.defaults().withSupervision(null));
        assertThat(node.addressCount()).isZero();
    }

    private static void assertRefused(String name, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name);
    }

    @Test
    void givesTheAddressBackWhenTheWorkerNeverBegins() {
        node.start(WORKER, Codec.string(), Behaviors.stopped());

        KIT.eventually(() -> assertThat(node.addressCount()).isZero());
    }

    @Test
    void refusesShutdownPrioritiesOutOfRange() {
        assertThatThrownBy(() -> WorkerOptions.defaults().withShutdownPriority(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WorkerOptions.defaults().withShutdownPriority(8))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
