// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.recorder.RecordingAssert;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a kit builds, and expectations that hold. */
class OckamTestKitTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 20s");

    private final OckamTestKit kit;
    private final Node node;

    OckamTestKitTest(OckamTestKit kit) {
        this.kit = kit;
        this.node = kit.node("node");
    }

    @Test
    void buildsAChannelOverHopsThatSeeNothing() {
        Party alice = kit.party();
        Party bob = kit.party();
        kit.hops(node, "h1", "h2", "h3");
        node.allow(kit.echoer(node, "echoer")).from(kit.listen(node, "api", bob, alice));

        SecureChannel channel = kit.channel(node, "h1 => h2 => h3 => api", alice, bob);
        assertThat(kit.await(node.ask(channel.route("echoer"), Codec.string(), "Hello Ockam!"))
                        .body())
                .isEqualTo("Hello Ockam!");

        kit.expectNoHopSaw("Hello Ockam!");
        assertThat(kit.footprint().channels()).isEqualTo(2);
        assertThat(kit.footprint().keys(alice).aeadKeys()).isPositive();
    }

    @Test
    void eachRoundOfAnInnerCheckCounts() {
        AtomicInteger rounds = new AtomicInteger();

        kit.eventually(
                () -> kit.eventually(() -> assertThat(rounds.incrementAndGet()).isEqualTo(3)));

        assertThat(rounds).hasValue(3);
    }

    @Test
    void closedChannelLeavesWhatWasThereBefore() {
        Party alice = kit.party();
        Party bob = kit.party();
        kit.listen(node, "api", bob, alice);
        kit.await(kit.channel(node, "api", alice, bob).close());
        kit.eventually(() -> assertThat(kit.footprint().actors("channel")).isZero());
        Footprint before = kit.footprint();

        kit.await(kit.channel(node, "api", alice, bob).close());

        kit.expectFootprint(before);
        assertThat(before.actors("listener")).isEqualTo(1);
        assertThat(before.actors("channel")).isZero();
    }

    @Test
    void saysWhyAHandshakeWasRefused() {
        Party alice = kit.party();
        Party bob = kit.party();
        Party carol = kit.party();
        kit.listen(node, "api", bob, alice);
        var handshake = SecureChannel.create(node, Route.of("api"), alice.identity(), carol.channelOptions());

        kit.expectRefused(handshake, HandshakeException.Step.MESSAGE_2, HandshakeException.Reason.POLICY_REFUSED);
        kit.expectRefused(handshake, HandshakeException.Reason.POLICY_REFUSED);
    }

    @Test
    void saysWhyAQuestionWasRefusedAndAMessageDropped() {
        kit.expectRefused(node.ask(Route.of("nowhere"), Codec.string(), "?"), RoutingDropReason.NO_SUCH_ADDRESS);
        kit.hop(node, "h1");
        node.mailbox("app").send(Route.of("h1", "nowhere"), Codec.string(), "!");
        kit.expectDropped(node, RoutingDropReason.NO_SUCH_ADDRESS, 1);
    }

    @Test
    void hostileHopsAreCalmAtFirst() {
        HostileHop seeded = kit.hostileHop(node, "seeded", Faults.seeded(1).withDrops(1));
        HostileHop scripted =
                kit.hostileHop(node, "scripted", FaultScript.create().drop());
        TestProbe<Routed<String>> end = kit.probe(node, "end", Codec.string());
        Mailbox app = node.mailbox("app");

        app.send(Route.of("seeded", "scripted", "end"), Codec.string(), "calm");
        assertThat(end.receiveMessage().body()).isEqualTo("calm");
        scripted.start();
        app.send(Route.of("scripted", "end"), Codec.string(), "dropped");
        app.send(Route.of("scripted", "end"), Codec.string(), "passes");

        assertThat(end.receiveMessage().body()).isEqualTo("passes");
        assertThat(seeded.received()).hasSize(1);
        assertThat(scripted.received()).hasSize(3);
    }

    @Test
    void countsConnectionsUntilTheyHaveEnded() {
        Node other = kit.node("other");
        MemoryTransport.Link link = MemoryTransport.create().connect(node, other);
        assertThat(kit.footprint().connections()).isEqualTo(2);

        link.cut();

        kit.eventually(() -> assertThat(kit.footprint().connections()).isZero());
    }

    @Test
    void historiesSeeWhatWorkersGet() {
        History<String> history = kit.history();
        node.start(Address.of("echoer"), Codec.string(), history.echoer());
        history.sent("one");
        history.answered(
                kit.await(node.ask(Route.of("echoer"), Codec.string(), "one")).body());
        history.expectAllAnswered();

        node.start(Address.of("worker"), Codec.string(), history.worker());
        history.sent("two");
        node.mailbox("app").send(Route.of("worker"), Codec.string(), "two");
        kit.eventually(() -> history.expectDelivered("one", "two"));
    }

    @Test
    void recordsWhatPasses() {
        kit.hops(node, "h1");
        kit.echoer(node, "echoer");
        node.mailbox("app").send(Route.of("h1", "echoer"), Codec.string(), "one");
        kit.eventually(() -> RecordingAssert.assertThat(kit.recording())
                .delivers("app -> h1", "h1 -> echoer", "echoer -> h1", "h1 -> app"));
    }

    @Test
    void recordsNothingMoreOnceThatIsEnded() {
        TestProbe<Routed<String>> end = kit.probe(node, "end", Codec.string());
        Mailbox app = node.mailbox("app");
        app.send(Route.of("end"), Codec.string(), "one");
        end.receiveMessage();
        kit.stopRecording();
        app.send(Route.of("end"), Codec.string(), "two");
        end.receiveMessage();

        RecordingAssert.assertThat(kit.recording()).delivers("app -> end");
    }

    @Test
    void takesNodesAndPartiesFromElsewhere(ActorTestKit testKit) {
        Node mine = kit.with(Ockam.get(testKit.system()).createNode("mine"));
        Party party = kit.with(Party.create(testKit.system()));
        kit.listen(mine, "api", party, party);

        assertThat(kit.footprint().actors("listener")).isEqualTo(1);
        assertThat(kit.footprint().keys(party).signingKeys()).isPositive();
        assertThat(kit.testKit()).isSameAs(testKit);
    }

    @Test
    void closingStopsTheNodes(ActorTestKit testKit) {
        OckamTestKit other = OckamTestKit.create(testKit);
        Node its = other.node("its");
        other.echoer(its, "echoer");

        other.close();

        assertThat(its.isStopped()).isTrue();
        assertThat(node.isStopped()).isFalse();
        other.expectNothingLeft();
    }

    @Test
    void waitsForResultsThatComeLater() {
        CompletableFuture<String> later = new CompletableFuture<>();
        kit.system()
                .scheduler()
                .scheduleOnce(
                        Duration.ofMillis(20),
                        () -> later.complete("done"),
                        kit.system().executionContext());

        assertThat(kit.await(later)).isEqualTo("done");
        kit.expectRefused(
                CompletableFuture.failedFuture(new RoutingException(RoutingDropReason.NO_ROOM, "full")),
                RoutingDropReason.NO_ROOM);
    }
}
