// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.node.WorkerOptions;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a node registers again. The longest of the random times is always drawn. */
class RemoteRelayAgainTest {
    private static final String STATIC = "static_forwarding_service";

    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("ockam.node.stop-timeout = 1h").withManualTime();

    /** Ways that the test completes, and those that were abandoned. */
    private static final class Ways implements RelayWay {
        final TestProbe<CompletableFuture<Route>> asked;
        final TestProbe<Route> abandoned;

        Ways(ActorTestKit testKit) {
            asked = testKit.createTestProbe();
            abandoned = testKit.createTestProbe();
        }

        @Override
        public CompletionStage<Route> connect() {
            CompletableFuture<Route> way = new CompletableFuture<>();
            asked.getRef().tell(way);
            return way;
        }

        @Override
        public void abandon(Route route) {
            abandoned.getRef().tell(route);
        }
    }

    private final OckamTestKit kit;
    private final ManualTime time;
    private final Node cloud;
    private final Node alice;
    private final Ways ways;
    private final TestProbe<Routed<Any>> registrations;
    private final RemoteRelayStates states;

    RemoteRelayAgainTest(OckamTestKit kit, ManualTime time) {
        this.kit = kit;
        this.time = time;
        alice = kit.node("alice");
        cloud = kit.node("cloud");
        ways = new Ways(kit.testKit());
        registrations = kit.probe(cloud, STATIC, Codec.any());
        states = new RemoteRelayStates(NodeAccess.router(alice).callbacks());
    }

    private Address start(RemoteRelayOptions options) {
        Address main = Address.random();
        Introductions introductions = new Introductions(NodeAccess.router(alice).flowControls(), main);
        alice.start(
                main,
                Codec.any(),
                Registrant.create(new Registrant.Setup(
                        alice, introductions, ways, options, RelaySettings.of(kit.system()), states, () -> 1)),
                Registrant.Arrived::new,
                WorkerOptions.defaults().withOutgoing(introductions));
        return main;
    }

    private MemoryTransport.Link link() {
        MemoryTransport.Link link = MemoryTransport.create().connect(alice, cloud);
        cloud.allow(Address.of(STATIC)).from(link.second());
        return link;
    }

    private static Route routeOf(MemoryTransport.Link link) {
        return Route.of(link.first().address());
    }

    private void confirm(String relay) {
        confirm(registrations.receiveMessage(), relay);
    }

    private void confirm(Routed<Any> registration, String relay) {
        cloud.workerAt(Address.of(STATIC))
                .send(LocalMessage.of(
                        registration.returnRoute(),
                        Route.of(relay),
                        Codec.string().encode(relay)));
    }

    private void eventually(RemoteRelayState expected) {
        kit.eventually(() -> assertThat(states.now()).isEqualTo(expected));
    }

    private RemoteRelayState eventuallyRegistered(MemoryTransport.Link link, String relay) {
        RemoteRelayState.Registered expected =
                new RemoteRelayState.Registered(Address.of(relay), link.first().route(relay));
        eventually(expected);
        return expected;
    }

    private void eventuallyWaiting(Duration delay, String why) {
        kit.eventually(() -> assertThat(states.now())
                .isInstanceOfSatisfying(RemoteRelayState.Waiting.class, waiting -> {
                    assertThat(waiting.delay()).isEqualTo(delay);
                    assertThat(waiting.why()).contains(why);
                }));
    }

    @Test
    void whenItsConnectionIsLostItRegistersByAnotherAtOnce() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link first = link();
        ways.asked.receiveMessage().complete(routeOf(first));
        confirm("to_a");
        eventuallyRegistered(first, "to_a");
        time.timePasses(Duration.ofMillis(200));

        first.cut();

        CompletableFuture<Route> way = ways.asked.receiveMessage();
        assertThat(ways.abandoned.receiveMessage()).isEqualTo(routeOf(first));
        eventually(RemoteRelayState.Registering.INSTANCE);
        MemoryTransport.Link second = link();
        way.complete(routeOf(second));
        confirm("to_a");
        eventuallyRegistered(second, "to_a");
    }

    @Test
    void timesBetweenAttemptsDoubleUpToTheLongest() {
        start(RemoteRelayOptions.named("a"));

        for (long millis : new long[] {200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000}) {
            ways.asked.receiveMessage().completeExceptionally(new IllegalStateException("no network"));
            eventuallyWaiting(Duration.ofMillis(millis), "no network");
            time.timePasses(Duration.ofMillis(millis - 1));
            ways.asked.expectNoMessage(Duration.ZERO);
            time.timePasses(Duration.ofMillis(1));
        }
        MemoryTransport.Link link = link();
        ways.asked.receiveMessage().complete(routeOf(link));
        confirm("to_a");
        eventuallyRegistered(link, "to_a");
    }

    @Test
    void connectionThatIsLostRightAfterItWasMadeIsNotMadeAgainAtOnce() {
        start(RemoteRelayOptions.named("a"));
        for (long millis : new long[] {200, 200, 200}) {
            MemoryTransport.Link link = link();
            ways.asked.receiveMessage().complete(routeOf(link));
            confirm("to_a");
            eventuallyRegistered(link, "to_a");

            link.cut();

            eventuallyWaiting(Duration.ofMillis(millis), "the connection has ended");
            time.timePasses(Duration.ofMillis(millis));
        }
        ways.asked.receiveMessage();
    }

    @Test
    void wayThatTakesTooLongIsAbandonedWhenItComes() {
        start(RemoteRelayOptions.named("a"));
        CompletableFuture<Route> late = ways.asked.receiveMessage();

        time.timePasses(Duration.ofSeconds(30));

        eventuallyWaiting(Duration.ofMillis(200), "in time");
        MemoryTransport.Link link = link();
        late.complete(routeOf(link));
        assertThat(ways.abandoned.receiveMessage()).isEqualTo(routeOf(link));
        registrations.expectNoMessage(Duration.ZERO);
        time.timePasses(Duration.ofMillis(200));
        ways.asked.receiveMessage();
    }

    @Test
    void serviceThatDoesNotAnswerIsAskedAgainByAnotherWay() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link silent = link();
        ways.asked.receiveMessage().complete(routeOf(silent));
        registrations.receiveMessage();

        time.timePasses(Duration.ofSeconds(30));

        eventuallyWaiting(Duration.ofMillis(200), "no confirmation in time");
        assertThat(ways.abandoned.receiveMessage()).isEqualTo(routeOf(silent));
        time.timePasses(Duration.ofMillis(200));
        MemoryTransport.Link next = link();
        ways.asked.receiveMessage().complete(routeOf(next));
        confirm("to_a");
        eventuallyRegistered(next, "to_a");
    }

    @Test
    void connectionThatIsLostBeforeTheConfirmationIsNoticedAtOnce() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link link = link();
        ways.asked.receiveMessage().complete(routeOf(link));
        registrations.receiveMessage();

        link.cut();

        eventuallyWaiting(Duration.ofMillis(200), "the connection has ended");
    }

    // ---- a way that is interrupted and made anew, and keeps its address ----

    private void reach(MemoryTransport.Link link, boolean isThere) {
        Objects.requireNonNull(NodeAccess.router(alice).find(link.first().address()))
                .reach(isThere);
    }

    @Test
    void registersAgainWhenItsWayIsBackUnderItsOldAddress() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link link = link();
        ways.asked.receiveMessage().complete(routeOf(link));
        confirm("one_a");
        eventuallyRegistered(link, "one_a");

        reach(link, false);
        eventually(RemoteRelayState.Registering.INSTANCE);
        registrations.expectNoMessage(Duration.ZERO);
        reach(link, true);

        confirm("other_a");
        eventuallyRegistered(link, "other_a");
        ways.abandoned.expectNoMessage(Duration.ZERO);
        ways.asked.expectNoMessage(Duration.ZERO);
    }

    @Test
    void registersOnlyWhenItsWayLeadsAnywhere() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link link = link();
        reach(link, false);
        ways.asked.receiveMessage().complete(routeOf(link));
        reach(link, true);
        confirm("to_a");
        eventuallyRegistered(link, "to_a");
        registrations.expectNoMessage(Duration.ZERO);
    }

    @Test
    void confirmationOfARegistrationBeforeTheInterruptionIsNotEnough() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link link = link();
        ways.asked.receiveMessage().complete(routeOf(link));
        Routed<Any> before = registrations.receiveMessage();

        reach(link, false);
        confirm(before, "one_a");
        untilHandled(link);
        assertThat(states.now()).isEqualTo(RemoteRelayState.Registering.INSTANCE);
        reach(link, true);

        confirm("other_a");
        eventuallyRegistered(link, "other_a");
    }

    @Test
    void anotherWayIsLookedForWhenTheInterruptionLasts() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link link = link();
        reach(link, false);
        ways.asked.receiveMessage().complete(routeOf(link));

        List<CompletableFuture<Route>> again = new ArrayList<>();
        kit.eventually(() -> {
            time.timePasses(Duration.ofSeconds(30)); // perhaps before it has begun to wait for the way
            again.add(ways.asked.receiveMessage(Duration.ofMillis(50)));
        });

        assertThat(ways.abandoned.receiveMessage()).isEqualTo(routeOf(link));
        MemoryTransport.Link other = link();
        again.get(0).complete(routeOf(other));
        confirm("to_a");
        eventuallyRegistered(other, "to_a");
    }

    @Test
    void wayThatEndsWhileItIsInterruptedIsNoWay() {
        Address main = start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link link = link();
        reach(link, false);
        ways.asked.receiveMessage().complete(routeOf(link));
        kit.eventually(() -> assertThat(NodeAccess.router(alice).flowControls().consumedBy(main))
                .as("it has found its way")
                .containsExactly(link.first().flowControlId()));

        link.cut();

        eventuallyWaiting(Duration.ofMillis(200), "the connection has ended");
    }

    @Test
    void wayOverNothingIsNoWay() {
        start(RemoteRelayOptions.named("a"));

        ways.asked.receiveMessage().complete(Route.of("nowhere"));

        eventuallyWaiting(Duration.ofMillis(200), "nothing lives at 0#nowhere");
    }

    @Test
    void nameIsRenewedAndARelayThatIsGoneIsNoticed() {
        start(RemoteRelayOptions.named("a"));
        MemoryTransport.Link link = link();
        ways.asked.receiveMessage().complete(routeOf(link));
        confirm("to_a");
        RemoteRelayState registered = eventuallyRegistered(link, "to_a");

        for (int i = 0; i < 3; i++) {
            time.timePasses(Duration.ofMinutes(5));
            Routed<Any> renewal = registrations.receiveMessage();
            assertThat(states.now()).isEqualTo(registered);
            confirm(renewal, "to_a");
            untilHandled(link);
        }
        time.timePasses(Duration.ofMinutes(5));
        registrations.receiveMessage();
        time.timePasses(Duration.ofSeconds(30));

        ways.asked.receiveMessage();
        eventually(RemoteRelayState.Registering.INSTANCE);
        assertThat(ways.abandoned.receiveMessage()).isEqualTo(routeOf(link));
    }

    /** A confirmation has been handled when no message is under way. */
    private void untilHandled(MemoryTransport.Link link) {
        kit.eventually(() -> assertThat(cloud.messagesUnderWay()).isZero());
        kit.eventually(() -> assertThat(alice.messagesUnderWay()).isZero());
        assertThat(link.first().hasEnded()).isFalse();
    }

    @Test
    void relayWithoutANameIsNotRenewed() {
        start(RemoteRelayOptions.ephemeral().withService(Address.of(STATIC)));
        MemoryTransport.Link link = link();
        ways.asked.receiveMessage().complete(routeOf(link));
        confirm("to_4711");
        RemoteRelayState registered = eventuallyRegistered(link, "to_4711");

        time.timePasses(Duration.ofMinutes(10));

        registrations.expectNoMessage(Duration.ZERO);
        assertThat(states.now()).isEqualTo(registered);
    }

    @Test
    void whoIsStoppedOnItsWayLetsGoOfItWhenItComes() {
        Address main = start(RemoteRelayOptions.named("a"));
        CompletableFuture<Route> way = ways.asked.receiveMessage();

        kit.await(alice.stop(main));
        way.complete(Route.of("late"));

        assertThat(ways.abandoned.receiveMessage()).isEqualTo(Route.of("late"));
        assertThat(states.now()).isEqualTo(RemoteRelayState.Stopped.INSTANCE);
        kit.await(states.whenStopped());
    }

    @Test
    void relayWhoseNodeIsGoneForTheLimitEnds() {
        kit.await(cloud.stop(Address.of(STATIC)));
        MemoryTransport.Link link = link();
        RelayService ours =
                RelayService.create(cloud, RelayServiceOptions.defaults().withOpenTo(link.second()));
        start(RemoteRelayOptions.named("a"));
        ways.asked.receiveMessage().complete(routeOf(link));
        eventuallyRegistered(link, "forward_to_a");

        link.cut();

        kit.eventually(() -> assertThat(ours.relays()).singleElement().matches(RelayInfo::isGone));
        time.timePasses(Duration.ofMinutes(10).minusMillis(1));
        assertThat(ours.relays()).hasSize(1);
        time.timePasses(Duration.ofMillis(1));
        kit.eventually(() -> assertThat(ours.relays()).isEmpty());
        kit.eventually(
                () -> assertThat(cloud.metadata(Address.of("forward_to_a"))).isEmpty());
    }
}
