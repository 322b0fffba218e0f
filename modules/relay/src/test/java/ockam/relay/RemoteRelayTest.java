// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Sink;
import java.util.List;
import ockam.fixtures.SystemKit;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.testkit.MemoryTransport;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that registers: at a service of ours, and at services that answer as the test wants. */
class RemoteRelayTest {
    private static final Address STATIC = Address.of("static_forwarding_service");

    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    private static int scenes;

    private final Node cloud = Ockam.get(KIT.system()).createNode("cloud-" + ++scenes);
    private final Node alice = Ockam.get(KIT.system()).createNode("alice-" + scenes);
    private final Node bob = Ockam.get(KIT.system()).createNode("bob-" + scenes);
    private final MemoryTransport.Link aliceLink = MemoryTransport.create().connect(alice, cloud);
    private final MemoryTransport.Link bobLink = MemoryTransport.create().connect(bob, cloud);

    @AfterEach
    void leavesNothing() {
        for (Node node : List.of(alice, bob, cloud)) {
            await(node.stop());
            KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            assertThat(node.addressCount()).isZero();
        }
    }

    private void service() {
        RelayService.create(
                cloud,
                RelayServiceOptions.defaults().withOpenTo(aliceLink.second()).withOpenTo(bobLink.second()));
    }

    private RemoteRelay register(RemoteRelayOptions options) {
        return RemoteRelay.create(
                alice, RelayWay.fixed(Route.of(aliceLink.first().address())), options);
    }

    private static Worker echoer(Node node) {
        return node.start(Address.of("echo"), Codec.string(), Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        }));
    }

    /** A service that hands registrations to the test. */
    private TestProbe<Routed<Any>> handmadeService() {
        TestProbe<Routed<Any>> registrations = KIT.probe();
        Worker attached = cloud.attach(STATIC, Codec.any(), registrations.getRef());
        cloud.allow(attached).from(aliceLink.second());
        return registrations;
    }

    private void confirm(Routed<Any> registration, String relay, String text) {
        cloud.mailbox("confirming")
                .send(LocalMessage.of(
                        registration.returnRoute(),
                        Route.of(relay),
                        Codec.string().encode(text)));
        var unused = cloud.stop(Address.of("confirming"));
    }

    // ---- our service ----

    @Test
    void localRelay() {
        RelayService.create(alice);
        Worker echoer = echoer(alice);

        RemoteRelay relay = RemoteRelay.create(alice, RelayWay.fixed(Route.empty()), RemoteRelayOptions.named("a"));
        Address remote = await(relay.whenRegistered()).address();

        assertThat(await(alice.ask(Route.of(remote, echoer.address()), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
    }

    @Test
    void threePartiesWithFlowControl() {
        service();
        Worker echoer = echoer(alice);
        RemoteRelayState.Registered registered =
                await(register(RemoteRelayOptions.named("a")).whenRegistered());
        assertThat(registered)
                .isEqualTo(new RemoteRelayState.Registered(
                        Address.of("forward_to_a"), aliceLink.first().route("forward_to_a")));
        Route route = bobLink.first().route(Route.of("forward_to_a", "echo"));

        bob.mailbox("app").send(route, Codec.string(), "Hello");
        KIT.eventually(() ->
                assertThat(alice.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1));

        alice.allow(echoer).from(aliceLink.first());
        assertThat(await(bob.ask(route, Codec.string(), "Hello")).body()).isEqualTo("Hello");
    }

    @Test
    void ephemeralRelaysDiffer() {
        service();
        RemoteRelay one = register(RemoteRelayOptions.ephemeral());
        RemoteRelay other = register(RemoteRelayOptions.ephemeral());

        Address first = await(one.whenRegistered()).address();
        assertThat(await(other.whenRegistered()).address()).isNotEqualTo(first);
        assertThat(one.remoteAddress()).contains(first);
        assertThat(first.value().utf8String()).matches("forward_to_[0-9a-f]{32}");
    }

    @Test
    void whenItIsStoppedItsAddressIsFreeAndWhoFollowsItIsTold() {
        service();
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));
        await(relay.whenRegistered());
        var states = relay.states().runWith(Sink.seq(), KIT.system());

        await(relay.stop());

        assertThat(await(states).get(await(states).size() - 1)).isEqualTo(RemoteRelayState.Stopped.INSTANCE);
        assertThat(alice.metadata(relay.address())).isEmpty();
        assertThat(relay.remoteAddress()).isEmpty();
        await(relay.stop());
        assertThat(await(relay.states().runWith(Sink.seq(), KIT.system())))
                .containsExactly(RemoteRelayState.Stopped.INSTANCE);
    }

    @Test
    void itEndsWithItsNodeBeforeItWasEverRegistered() {
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));

        await(alice.stop());

        await(relay.whenStopped());
        assertThat(awaitFailureOf(relay.whenRegistered())).hasMessageContaining("before it was registered");
    }

    // ---- services that answer otherwise ----

    @Test
    void confirmationMustEndWithTheName() {
        TestProbe<Routed<Any>> service = handmadeService();
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));
        Routed<Any> registration = service.receiveMessage();
        assertThat(registration.message().payload()).isEqualTo(Codec.string().encode("a"));

        confirm(registration, "forward_to_b", "forward_to_b");
        confirm(registration, "forward_to_a", "forward_to_a");

        assertThat(await(relay.whenRegistered()).address()).isEqualTo(Address.of("forward_to_a"));
    }

    @Test
    void repeatedConfirmationIsReportedOnce() {
        TestProbe<Routed<Any>> service = handmadeService();
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));
        Routed<Any> registration = service.receiveMessage();
        var states = relay.states().runWith(Sink.seq(), KIT.system());

        confirm(registration, "forward_to_a", "forward_to_a");
        confirm(registration, "elsewhere_a", "elsewhere_a");
        await(relay.whenRegistered());
        // What arrives after them has been handled after them.
        Worker echoer = echoer(alice);
        alice.allow(echoer).from(aliceLink.first());
        assertThat(await(cloud.ask(throughRegistrant(registration, "echo"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        await(relay.stop());

        assertThat(await(states))
                .filteredOn(RemoteRelayState.Registered.class::isInstance)
                .singleElement()
                .isEqualTo(new RemoteRelayState.Registered(
                        Address.of("forward_to_a"), aliceLink.first().route("forward_to_a")));
    }

    /** As a relay in Elixir sends: along the whole return route of the registration. */
    private static Route throughRegistrant(Routed<Any> registration, String worker) {
        return registration.returnRoute().append(Address.of(worker));
    }

    @Test
    void dataMayComeThroughTheRegistrantAsFromRelaysInElixir() {
        TestProbe<Routed<Any>> service = handmadeService();
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));
        Routed<Any> registration = service.receiveMessage();
        confirm(registration, "forward_to_a", "a");
        await(relay.whenRegistered());
        TestProbe<Routed<String>> target = KIT.probe();
        Worker attached = alice.attach(Address.of("target"), Codec.string(), target.getRef());

        LocalMessage message = LocalMessage.of(
                throughRegistrant(registration, "target"),
                Route.of("cK", "app"),
                Codec.string().encode("Hello"));
        var cloudBox = cloud.mailbox("relaying");
        cloudBox.send(message);
        KIT.eventually(() ->
                assertThat(alice.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1));

        alice.allow(attached).from(aliceLink.first());
        cloudBox.send(message);
        Routed<String> arrived = target.receiveMessage();
        assertThat(arrived.body()).isEqualTo("Hello");
        assertThat(arrived.onwardRoute()).isEqualTo(Route.of("target"));
        assertThat(arrived.returnRoute())
                .isEqualTo(Route.of(aliceLink.first().address(), Address.of("cK"), Address.of("app")));
    }

    @Test
    void dataCannotLeaveAgainByTheConnectionNorGoInCircles() {
        TestProbe<Routed<Any>> service = handmadeService();
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));
        Routed<Any> registration = service.receiveMessage();
        confirm(registration, "forward_to_a", "a");
        await(relay.whenRegistered());

        var cloudBox = cloud.mailbox("relaying");
        cloudBox.send(
                throughRegistrant(
                        registration, aliceLink.first().address().value().utf8String()),
                Codec.string(),
                "x");
        cloudBox.send(throughRegistrant(registration, relay.address().value().utf8String()), Codec.string(), "x");

        KIT.eventually(() ->
                assertThat(alice.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(2));
    }
}
