// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.stream.javadsl.Sink;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node that registers: at a service of ours, and at services that answer as the test wants. */
@ExtendWith(ActorTestKitExtension.class)
class RemoteRelayTest {
    private static final String STATIC = "static_forwarding_service";

    private final OckamTestKit kit;
    private final Node cloud;
    private final Node alice;
    private final Node bob;
    private final MemoryTransport.Link aliceLink;
    private final MemoryTransport.Link bobLink;

    RemoteRelayTest(OckamTestKit kit) {
        this.kit = kit;
        alice = kit.node("alice");
        bob = kit.node("bob");
        cloud = kit.node("cloud");
        aliceLink = MemoryTransport.create().connect(alice, cloud);
        bobLink = MemoryTransport.create().connect(bob, cloud);
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

    /** A service that hands registrations to the test. */
    private TestProbe<Routed<Any>> handmadeService() {
        TestProbe<Routed<Any>> registrations = kit.probe(cloud, STATIC, Codec.any());
        cloud.allow(Address.of(STATIC)).from(aliceLink.second());
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
        Worker echoer = kit.echoer(alice, "echo");

        RemoteRelay relay = RemoteRelay.create(alice, RelayWay.fixed(Route.empty()), RemoteRelayOptions.named("a"));
        Address remote = kit.await(relay.whenRegistered()).address();

        assertThat(kit.await(alice.ask(Route.of(remote, echoer.address()), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
    }

    @Test
    void threePartiesWithFlowControl() {
        service();
        Worker echoer = kit.echoer(alice, "echo");
        RemoteRelayState.Registered registered =
                kit.await(register(RemoteRelayOptions.named("a")).whenRegistered());
        assertThat(registered)
                .isEqualTo(new RemoteRelayState.Registered(
                        Address.of("forward_to_a"), aliceLink.first().route("forward_to_a")));
        Route route = bobLink.first().route(Route.of("forward_to_a", "echo"));

        bob.mailbox("app").send(route, Codec.string(), "Hello");
        kit.expectDropped(alice, RoutingDropReason.OUTGOING_DENIED, 1);

        alice.allow(echoer).from(aliceLink.first());
        assertThat(kit.await(bob.ask(route, Codec.string(), "Hello")).body()).isEqualTo("Hello");
    }

    @Test
    void ephemeralRelaysDiffer() {
        service();
        RemoteRelay one = register(RemoteRelayOptions.ephemeral());
        RemoteRelay other = register(RemoteRelayOptions.ephemeral());

        Address first = kit.await(one.whenRegistered()).address();
        assertThat(kit.await(other.whenRegistered()).address()).isNotEqualTo(first);
        assertThat(one.remoteAddress()).contains(first);
        assertThat(first.value().utf8String()).matches("forward_to_[0-9a-f]{32}");
    }

    @Test
    void whenItIsStoppedItsAddressIsFreeAndWhoFollowsItIsTold() {
        service();
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));
        kit.await(relay.whenRegistered());
        var states = relay.states().runWith(Sink.seq(), kit.system());

        kit.await(relay.stop());

        assertThat(kit.await(states).get(kit.await(states).size() - 1)).isEqualTo(RemoteRelayState.Stopped.INSTANCE);
        assertThat(alice.metadata(relay.address())).isEmpty();
        assertThat(relay.remoteAddress()).isEmpty();
        kit.await(relay.stop());
        assertThat(kit.await(relay.states().runWith(Sink.seq(), kit.system())))
                .containsExactly(RemoteRelayState.Stopped.INSTANCE);
    }

    @Test
    void itEndsWithItsNodeBeforeItWasEverRegistered() {
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));

        kit.await(alice.stop());

        kit.await(relay.whenStopped());
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

        assertThat(kit.await(relay.whenRegistered()).address()).isEqualTo(Address.of("forward_to_a"));
    }

    @Test
    void repeatedConfirmationIsReportedOnce() {
        TestProbe<Routed<Any>> service = handmadeService();
        RemoteRelay relay = register(RemoteRelayOptions.named("a"));
        Routed<Any> registration = service.receiveMessage();
        var states = relay.states().runWith(Sink.seq(), kit.system());

        confirm(registration, "forward_to_a", "forward_to_a");
        confirm(registration, "elsewhere_a", "elsewhere_a");
        kit.await(relay.whenRegistered());
        // What arrives after them has been handled after them.
        Worker echoer = kit.echoer(alice, "echo");
        alice.allow(echoer).from(aliceLink.first());
        assertThat(kit.await(cloud.ask(throughRegistrant(registration, "echo"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        kit.await(relay.stop());

        assertThat(kit.await(states))
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
        kit.await(relay.whenRegistered());
        TestProbe<Routed<String>> target = kit.probe(alice, "target", Codec.string());

        LocalMessage message = LocalMessage.of(
                throughRegistrant(registration, "target"),
                Route.of("cK", "app"),
                Codec.string().encode("Hello"));
        var cloudBox = cloud.mailbox("relaying");
        cloudBox.send(message);
        kit.expectDropped(alice, RoutingDropReason.OUTGOING_DENIED, 1);

        alice.allow(Address.of("target")).from(aliceLink.first());
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
        kit.await(relay.whenRegistered());

        var cloudBox = cloud.mailbox("relaying");
        cloudBox.send(
                throughRegistrant(
                        registration, aliceLink.first().address().value().utf8String()),
                Codec.string(),
                "x");
        cloudBox.send(throughRegistrant(registration, relay.address().value().utf8String()), Codec.string(), "x");

        kit.expectDropped(alice, RoutingDropReason.OUTGOING_DENIED, 2);
    }
}
