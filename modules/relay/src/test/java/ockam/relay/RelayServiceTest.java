// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import ockam.fixtures.Hex;
import ockam.fixtures.LogLines;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.NodeDropReason;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
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

/** A relay service, seen from nodes that send it messages by hand. */
class RelayServiceTest {
    private static final String STATIC = "static_forwarding_service";

    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("ockam.relay { max-relays = 6, max-relays-per-holder = 4, gone-limit = 1h }");

    private final OckamTestKit kit;
    private final Node cloud;
    private final Node alice;
    private final Node mallory;
    private final MemoryTransport.Link aliceLink;
    private final MemoryTransport.Link malloryLink;
    private final Mailbox alices;
    private final Mailbox mallorys;

    RelayServiceTest(OckamTestKit kit) {
        this.kit = kit;
        alice = kit.node("alice");
        mallory = kit.node("mallory");
        cloud = kit.node("cloud");
        aliceLink = MemoryTransport.create().connect(alice, cloud);
        malloryLink = MemoryTransport.create().connect(mallory, cloud);
        alices = alice.mailbox("app");
        mallorys = mallory.mailbox("app");
        alice.allow(alices).from(aliceLink.first());
        mallory.allow(mallorys).from(malloryLink.first());
    }

    private RelayService start(UnaryOperator<RelayServiceOptions> change) {
        return RelayService.create(
                cloud,
                change.apply(RelayServiceOptions.defaults()
                        .withOpenTo(aliceLink.second())
                        .withOpenTo(malloryLink.second())));
    }

    private RelayService start() {
        return start(options -> options);
    }

    private void registersAlice(String name) {
        alices.send(aliceLink.first().route(STATIC), Codec.string(), name);
    }

    private void registersMallory(String name) {
        mallorys.send(malloryLink.first().route(STATIC), Codec.string(), name);
    }

    private Routed<String> confirmation(Mailbox mailbox) {
        return kit.await(mailbox.receive(Codec.string()));
    }

    private void eventuallyDropped(DropReason reason, long count) {
        kit.expectDropped(cloud, reason, count);
    }

    // ---- names ----

    @Test
    void staticNameIsConfirmedWithItsFullName() {
        RelayService service = start();

        registersAlice("a");

        Routed<String> confirmed = confirmation(alices);
        assertThat(confirmed.body()).isEqualTo("forward_to_a");
        assertThat(confirmed.message().payload()).isEqualTo(Hex.string("0c666f72776172645f746f5f61"));
        assertThat(confirmed.returnRoute()).isEqualTo(aliceLink.first().route("forward_to_a"));
        assertThat(confirmed.onwardRoute()).isEqualTo(Route.of("app"));
        assertThat(service.relays()).singleElement().satisfies(relay -> {
            assertThat(relay.address()).isEqualTo(Address.of("forward_to_a"));
            assertThat(relay.route()).isEqualTo(Route.of(aliceLink.second().address()));
            assertThat(relay.holder()).isEmpty();
            assertThat(relay.isGone()).isFalse();
        });
    }

    @Test
    void nothingReachesARelayThatItsControlDenies() {
        start(options -> options.withRelayIncoming(AccessControl.denyAll()));
        registersAlice("a");
        confirmation(alices);

        mallorys.send(malloryLink.first().route(Route.of("forward_to_a", "app")), Codec.string(), "Hello");

        eventuallyDropped(RoutingDropReason.INCOMING_DENIED, 1);
    }

    @Test
    void aRelayThatMayNotSendToItsNodeConfirmsNothing() {
        start(options -> options.withRelayOutgoing(AccessControl.attributes(Rule.hasCredential())));

        registersAlice("a");

        eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
    }

    @Test
    void ephemeralNamesAreRandom() {
        start();

        alices.send(aliceLink.first().route("forwarding_service"), Codec.string(), "register");
        String first = confirmation(alices).body();
        alices.send(aliceLink.first().route("forwarding_service"), Codec.string(), "register");
        String second = confirmation(alices).body();

        assertThat(first).matches("forward_to_[0-9a-f]{32}");
        assertThat(second).matches("forward_to_[0-9a-f]{32}").isNotEqualTo(first);
    }

    @Test
    void bothAddressesTakeBothAndWhatFollowsTheTextIsIgnored() {
        start();

        alices.send(LocalMessage.of(
                aliceLink.first().route("forwarding_service"), Route.of("app"), Hex.string("0161ffff")));
        assertThat(confirmation(alices).body()).isEqualTo("forward_to_a");
        alices.send(aliceLink.first().route(STATIC), Codec.string(), "register");
        assertThat(confirmation(alices).body()).matches("forward_to_[0-9a-f]{32}");
    }

    @Test
    void emptyNameIsThePrefix() {
        start();

        registersAlice("");

        assertThat(confirmation(alices).body()).isEqualTo("forward_to_");
    }

    @Test
    void nameThatIsNoLocalAddressIsRefused() {
        RelayService service = start(options -> options.withPrefix("1"));

        registersAlice("#127.0.0.1:4000");
        eventuallyDropped(RelayDropReason.INVALID_NAME, 1);
        registersAlice("x".repeat(600));
        eventuallyDropped(RelayDropReason.INVALID_NAME, 2);

        assertThat(service.relays()).isEmpty();
    }

    @Test
    void addressOfSomethingElseIsNeverTaken() {
        Worker worker = cloud.start(Address.of("forward_to_echo"), Behaviors.empty());
        RelayService service = start(options -> options.withPolicy(RelayPolicy.lastComeFirstServed()));

        registersAlice("echo");

        eventuallyDropped(RelayDropReason.NAME_NOT_FREE, 1);
        assertThat(service.relays()).isEmpty();
        kit.await(cloud.stop(worker.address()));
        registersAlice("echo");
        assertThat(confirmation(alices).body()).isEqualTo("forward_to_echo");
    }

    // ---- data ----

    @Test
    void dataGoesToTheNodeAndAnswersPassTheRelayBy() {
        start();
        alice.allow(kit.echoer(alice, "echo")).from(aliceLink.first());
        registersAlice("a");
        confirmation(alices);

        Routed<String> answer = kit.await(
                mallory.ask(malloryLink.first().route(Route.of("forward_to_a", "echo")), Codec.string(), "Hello"));

        assertThat(answer.body()).isEqualTo("Hello");
        assertThat(answer.returnRoute())
                .isEqualTo(malloryLink.first().route(Route.of(aliceLink.second().address(), Address.of("echo"))));
    }

    @Test
    void relayIsOpenToWhatTheServiceIsOpenTo() {
        RelayService service = RelayService.create(cloud);
        cloud.allow(service::staticAddress).from(aliceLink.second());
        cloud.allow(service).from(malloryLink.second());
        alice.allow(kit.echoer(alice, "echo")).from(aliceLink.first());

        registersAlice("a");
        confirmation(alices);

        assertThat(kit.await(mallory.ask(
                                malloryLink.first().route(Route.of("forward_to_a", "echo")), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
    }

    @Test
    void thoseWhoMaySendNeedNotBeAllowedToRegister() {
        RelayService service = RelayService.create(
                cloud,
                RelayServiceOptions.defaults().withOpenTo(aliceLink.second()).withRelaysOpenTo(malloryLink.second()));
        alice.allow(kit.echoer(alice, "echo")).from(aliceLink.first());
        registersAlice("a");
        confirmation(alices);

        registersMallory("m");

        eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        assertThat(kit.await(mallory.ask(
                                malloryLink.first().route(Route.of("forward_to_a", "echo")), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        assertThat(service.relays()).hasSize(1);
    }

    // ---- who ----

    @Test
    void holderRegistersAgainAndItsRouteIsReplaced() {
        RelayService service = start();
        registersAlice("a");
        confirmation(alices);
        RelayInfo before = service.relays().get(0);
        Worker hop = alice.start(Address.of("hop"), Hop.create());
        alice.allow(hop).from(aliceLink.first());

        alices.send(LocalMessage.of(
                aliceLink.first().route(STATIC),
                Route.of("hop", "app"),
                Codec.string().encode("a")));

        assertThat(confirmation(alices).body()).isEqualTo("forward_to_a");
        assertThat(service.relays()).singleElement().satisfies(relay -> {
            assertThat(relay.route()).isEqualTo(Route.of(aliceLink.second().address(), Address.of("hop")));
            assertThat(relay.since()).isEqualTo(before.since());
        });
    }

    @Test
    void strangerDoesNotGetANameAndIsLoggedOnce() {
        RelayService service = start();
        registersAlice("a");
        confirmation(alices);

        try (LogLines log = LogLines.of(Registrar.class)) {
            for (int i = 1; i <= 50; i++) {
                registersMallory("a");
                registersAlice("a");
                assertThat(confirmation(alices).body()).isEqualTo("forward_to_a");
                eventuallyDropped(RelayDropReason.REGISTRATION_REFUSED, i);
            }

            assertThat(log.textsWithLevels())
                    .containsExactly("WARN No relay a for what came by "
                            + malloryLink.second().address() + ": REGISTRATION_REFUSED");
        }
        assertThat(service.relays())
                .singleElement()
                .extracting(RelayInfo::route)
                .isEqualTo(Route.of(aliceLink.second().address()));
    }

    @Test
    void withTheRuleOfOthersALaterNodeGetsTheNameAndTheTraffic() {
        RelayService service = start(options -> options.withPolicy(RelayPolicy.lastComeFirstServed()));
        mallory.allow(kit.echoer(mallory, "echo")).from(malloryLink.first());
        registersAlice("a");
        confirmation(alices);

        registersMallory("a");

        assertThat(confirmation(mallorys).body()).isEqualTo("forward_to_a");
        assertThat(kit.await(alice.ask(
                                aliceLink.first().route(Route.of("forward_to_a", "echo")), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        assertThat(service.relays())
                .singleElement()
                .extracting(RelayInfo::route)
                .isEqualTo(Route.of(malloryLink.second().address()));
    }

    @Test
    void policyThatThrowsRefuses() {
        RelayService service = start(options -> options.withPolicy(request -> {
            throw new IllegalStateException("on purpose");
        }));

        registersAlice("a");

        eventuallyDropped(RelayDropReason.REGISTRATION_REFUSED, 1);
        assertThat(service.relays()).isEmpty();
    }

    // ---- ends ----

    @Test
    void nameOfAConnectionIsFreeWhenThatHasEnded() {
        RelayService service = start();
        registersAlice("a");
        confirmation(alices);

        aliceLink.cut();
        kit.eventually(() -> assertThat(service.relays()).allMatch(RelayInfo::isGone));
        registersMallory("a");

        assertThat(confirmation(mallorys).body()).isEqualTo("forward_to_a");
        assertThat(service.relays()).singleElement().matches(relay -> !relay.isGone());
    }

    @Test
    void relayThatIsStoppedLeavesTheListAndItsName() {
        RelayService service = start();
        registersAlice("a");
        confirmation(alices);

        kit.await(cloud.stop(Address.of("forward_to_a")));

        kit.eventually(() -> assertThat(service.relays()).isEmpty());
        registersAlice("a");
        assertThat(confirmation(alices).body()).isEqualTo("forward_to_a");
    }

    @Test
    void relaysEndWithTheService() {
        RelayService service = start();
        registersAlice("a");
        registersAlice("b");
        confirmation(alices);
        confirmation(alices);

        kit.await(service.stop());

        kit.eventually(
                () -> assertThat(cloud.metadata(Address.of("forward_to_a"))).isEmpty());
        kit.eventually(
                () -> assertThat(cloud.metadata(Address.of("forward_to_b"))).isEmpty());
        assertThat(service.relays()).isEmpty();
        kit.expectRefused(service.stop(), RoutingDropReason.NO_SUCH_ADDRESS);
    }

    // ---- bounds ----

    @Test
    void holderHasSoManyRelaysAndNoMore() {
        RelayService service = start();
        for (String name : List.of("a", "b", "c", "d")) {
            registersAlice(name);
            confirmation(alices);
        }

        registersAlice("e");

        eventuallyDropped(RelayDropReason.TOO_MANY_RELAYS, 1);
        assertThat(service.relays()).hasSize(4);
        registersAlice("a"); // again is not one more
        assertThat(confirmation(alices).body()).isEqualTo("forward_to_a");
        registersMallory("e");
        assertThat(confirmation(mallorys).body()).isEqualTo("forward_to_e");
    }

    @Test
    void relayWhoseNodeIsGoneGivesWayWhenTheServiceIsFull() {
        RelayService service = start();
        for (String name : List.of("a", "b", "c")) {
            registersAlice(name);
            confirmation(alices);
        }
        for (String name : List.of("k", "l", "m")) {
            registersMallory(name);
            confirmation(mallorys);
        }
        registersMallory("n");
        eventuallyDropped(RelayDropReason.TOO_MANY_RELAYS, 1);

        aliceLink.cut();
        kit.eventually(
                () -> assertThat(service.relays()).filteredOn(RelayInfo::isGone).hasSize(3));
        registersMallory("n");

        assertThat(confirmation(mallorys).body()).isEqualTo("forward_to_n");
        assertThat(service.relays()).hasSize(6).filteredOn(RelayInfo::isGone).hasSize(2);
    }

    // ---- bad messages ----

    @Test
    void whatIsNoTextIsDropped() {
        RelayService service = start();

        alices.send(LocalMessage.of(aliceLink.first().route(STATIC), Route.of("app"), Hex.string("05ff")));

        eventuallyDropped(NodeDropReason.UNDECODABLE, 1);
        assertThat(service.relays()).isEmpty();
    }

    @Test
    void registrationWithoutAReturnRouteIsDropped() {
        RelayService service = start();

        cloud.mailbox("local")
                .send(LocalMessage.of(
                        Route.of(STATIC), Route.empty(), Codec.string().encode("a")));

        eventuallyDropped(RoutingDropReason.INCOMPLETE_ROUTE, 1);
        assertThat(service.relays()).isEmpty();
    }

    /** The relay would lead nowhere, and so let whoever sends to it send on to any worker of this node. */
    @Test
    void registrationThatNamesNobodyOnTheOtherNodeIsDropped() {
        RelayService service = start();
        Mailbox inside = cloud.mailbox("inside");

        mallorys.send(LocalMessage.of(
                malloryLink.first().route(STATIC), Route.empty(), Codec.string().encode("m")));
        eventuallyDropped(RoutingDropReason.INCOMPLETE_ROUTE, 1);
        mallorys.send(malloryLink.first().route(Route.of("forward_to_m", "inside")), Codec.string(), "Hello");

        eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        assertThat(service.relays()).isEmpty();
        assertThat(inside.receive(Codec.string()).toCompletableFuture()).isNotDone();
    }

    @Test
    void whoLivesBesideTheServiceGetsAnswersThroughARelay() {
        start();
        registersAlice("a");
        confirmation(alices);
        kit.echoer(alice, "echo");
        alice.allow(Address.of("echo")).from(aliceLink.first());

        assertThat(kit.await(cloud.ask(Route.of("forward_to_a", "echo"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
    }

    /** Only an address that waits for an answer gets one through a relay; what stays is opened by hand, as for sends without a relay. */
    @Test
    void whoSendsThroughARelayIsNotOpenedToThoseBehindIt() {
        start();
        registersMallory("m");
        confirmation(mallorys);
        Mailbox inside = cloud.mailbox("inside");
        cloud.start(Address.of("hop"), Codec.any(), Hop.create());

        inside.send(Route.of("forward_to_m", "app"), Codec.string(), "from inside");
        assertThat(confirmation(mallorys).body()).isEqualTo("from inside");
        mallorys.send(malloryLink.first().route("inside"), Codec.string(), "Hello");

        eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        inside.send(LocalMessage.of(
                Route.of("hop", "forward_to_m", "app"),
                Route.empty(),
                Codec.string().encode("over the hop")));
        assertThat(confirmation(mallorys).body()).isEqualTo("over the hop");
        mallorys.send(malloryLink.first().route(Route.of("hop", "inside")), Codec.string(), "Hello");

        eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 2);
        cloud.allow(inside).from(malloryLink.second());
        mallorys.send(malloryLink.first().route("inside"), Codec.string(), "an answer");
        assertThat(confirmation(inside).body()).isEqualTo("an answer"); // the first that comes
    }

    @Test
    void askThatIsGivenUpOnItsWayToTheRelayLeavesNothingOpen() {
        start();
        registersMallory("m");
        confirmation(mallorys);
        List<Routed<Any>> held = new CopyOnWriteArrayList<>();
        cloud.start(Address.of("gate"), Codec.any(), Behaviors.receiveMessage(message -> {
            held.add(message.defer());
            return Behaviors.same();
        }));
        CompletionStage<Routed<String>> answer =
                cloud.ask(Route.of("gate", "forward_to_m", "app"), Codec.string(), "Hello");
        kit.eventually(() -> assertThat(held).hasSize(1));

        answer.toCompletableFuture().cancel(false);
        held.get(0).relay(Route.empty());

        assertThat(confirmation(mallorys).body()).isEqualTo("Hello");
        Address asker = held.get(0).returnRoute().next();
        assertThat(NodeAccess.router(cloud).flowControls().consumedBy(asker)).isEmpty();
    }

    @Test
    void answersGoBackOverAHopInFrontOfARelayOnceItIsOpenedToThem() {
        start();
        registersMallory("m");
        confirmation(mallorys);
        kit.echoer(mallory, "echo");
        mallory.allow(Address.of("echo")).from(malloryLink.first());
        cloud.start(
                Address.of("hop"),
                Codec.any(),
                Hop.create(),
                WorkerOptions.defaults().withOpenTo(aliceLink.second()));
        Route overTheHop = aliceLink.first().route(Route.of("hop", "forward_to_m", "echo"));

        alices.send(overTheHop, Codec.string(), "unanswered");
        eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        cloud.allow(Address.of("hop")).from(malloryLink.second());

        assertThat(kit.await(alice.ask(overTheHop, Codec.string(), "Hello")).body())
                .isEqualTo("Hello");
        assertThat(kit.await(cloud.ask(Route.of("hop", "forward_to_m", "echo"), Codec.string(), "Hi"))
                        .body())
                .isEqualTo("Hi");
    }

    /** The relay would lead to the hop, and so let whoever sends to it send on from there. */
    @Test
    void registrationOverAHopOfTheServicesNodeHasToNameSomebodyToo() {
        RelayService service = start();
        cloud.start(
                Address.of("hop"),
                Codec.any(),
                Hop.create(),
                WorkerOptions.defaults().withOpenTo(malloryLink.second()));
        Mailbox inside = cloud.mailbox("inside");

        mallorys.send(LocalMessage.of(
                malloryLink.first().route(Route.of("hop", STATIC)),
                Route.empty(),
                Codec.string().encode("m")));
        eventuallyDropped(RoutingDropReason.INCOMPLETE_ROUTE, 1);
        alices.send(aliceLink.first().route(Route.of("forward_to_m", "inside")), Codec.string(), "Hello");

        eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        assertThat(service.relays()).isEmpty();
        assertThat(inside.receive(Codec.string()).toCompletableFuture()).isNotDone();
    }

    /** What comes by the relay goes on to the node, and opens the hop on the way to nobody. */
    @Test
    void hopOnTheWayToANodeIsNotOpenedToThoseWhoSendToTheRelay() {
        start();
        cloud.start(
                Address.of("hop"),
                Codec.any(),
                Hop.create(),
                WorkerOptions.defaults().withOpenTo(malloryLink.second()));
        mallorys.send(malloryLink.first().route(Route.of("hop", STATIC)), Codec.string(), "m");
        assertThat(confirmation(mallorys).body()).isEqualTo("forward_to_m");
        kit.echoer(mallory, "echo");
        mallory.allow(Address.of("echo")).from(malloryLink.first());

        assertThat(kit.await(alice.ask(
                                aliceLink.first().route(Route.of("forward_to_m", "echo")), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        alices.send(aliceLink.first().route(Route.of("hop", "inside")), Codec.string(), "Hello");

        eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
    }

    @Test
    void whoLivesBesideTheServiceMayRegisterItself() {
        RelayService service = start();
        Mailbox local = cloud.mailbox("local");
        kit.echoer(cloud, "echo");

        local.send(Route.of(STATIC), Codec.string(), "a");

        assertThat(confirmation(local).body()).isEqualTo("forward_to_a");
        assertThat(service.relays())
                .singleElement()
                .satisfies(relay -> assertThat(relay.route()).isEqualTo(Route.empty()));
        assertThat(kit.await(alice.ask(
                                aliceLink.first().route(Route.of("forward_to_a", "echo")), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
    }

    @Test
    void nobodyBesideTheServiceIsRegisteredByAnother() {
        RelayService service = start();
        cloud.mailbox("other");

        cloud.mailbox("local")
                .send(LocalMessage.of(
                        Route.of(STATIC), Route.of("other"), Codec.string().encode("a")));

        eventuallyDropped(RoutingDropReason.INCOMPLETE_ROUTE, 1);
        assertThat(service.relays()).isEmpty();
    }
}
