// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.TestProbe;
import java.io.IOException;
import ockam.channel.ChannelDropReason;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.recorder.RecordingAssert;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.FaultScript;
import ockam.testkit.Faults;
import ockam.testkit.Footprint;
import ockam.testkit.History;
import ockam.testkit.HostileHop;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.testkit.TcpFaults;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The examples of {@code docs/testing.md}. */
class TestingPageTest {
    // #extension
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 60s");
    // #extension

    // #channel
    @Test
    void noHopSeesWhatIsSaid(OckamTestKit kit) {
        Node node = kit.node("test");
        Party alice = kit.party();
        Party bob = kit.party();
        kit.hops(node, "h1", "h2", "h3");
        node.allow(kit.echoer(node, "echoer")).from(kit.listen(node, "api", bob, alice));
        SecureChannel channel = kit.channel(node, "h1 => h2 => h3 => api", alice, bob);

        Routed<String> answer = kit.await(node.ask(channel.route("echoer"), Codec.string(), "Hello"));

        assertThat(answer.body()).isEqualTo("Hello");
        kit.expectNoHopSaw("Hello");
    }
    // #channel

    // #script
    @Test
    void frameThatIsSentAgainIsNotTakenAgain(OckamTestKit kit) {
        Node node = kit.node("test");
        Party alice = kit.party();
        Party bob = kit.party();
        HostileHop hop = kit.hostileHop(node, "hop", FaultScript.create().pass().replay(1));
        TestProbe<Routed<String>> worker = kit.probe(node, "worker", Codec.string());
        node.allow(Address.of("worker")).from(kit.listen(node, "api", bob, alice));
        SecureChannel channel = kit.channel(node, "hop => api", alice, bob);
        Mailbox app = node.mailbox("app");

        hop.clear();
        hop.start(); // from here on, the script
        app.send(channel.route("worker"), Codec.string(), "one");
        app.send(channel.route("worker"), Codec.string(), "two"); // and then the frame of "one" once more

        assertThat(worker.receiveMessage().body()).isEqualTo("one");
        assertThat(worker.receiveMessage().body()).isEqualTo("two");
        kit.expectDropped(node, ChannelDropReason.FRAME_REFUSED, 1);
        assertThat(hop.sent()).hasSize(3);
        assertThat(hop.sent().get(2).payload()).isEqualTo(hop.sent().get(0).payload());
    }
    // #script

    // #history
    @Test
    void whatIsLostIsNotInventedOrRepeated(OckamTestKit kit) {
        Node node = kit.node("test");
        Party alice = kit.party();
        Party bob = kit.party();
        HostileHop hop = kit.hostileHop(
                node, "hop", Faults.seeded(1).withDrops(0.1).withDuplicates(0.2).withCorruption(0.1));
        History<String> history = kit.history();
        Worker worker = node.start(Address.of("worker"), Codec.string(), history.worker());
        node.allow(worker).from(kit.listen(node, "api", bob, alice));
        SecureChannel channel = kit.channel(node, "hop => api", alice, bob);
        Mailbox app = node.mailbox("app");

        hop.start();
        for (int i = 0; i < 100; i++) {
            history.sent("message " + i);
            app.send(channel.route("worker"), Codec.string(), "message " + i);
        }
        kit.eventually(() -> assertThat(hop.received()).hasSizeGreaterThanOrEqualTo(100));
        hop.calm();
        history.sent("the end");
        app.send(channel.route("worker"), Codec.string(), "the end");

        kit.eventually(() -> assertThat(history.delivered()).contains("the end"));
        history.expectInOrder(); // nothing invented, repeated or overtaken; some are missing
    }
    // #history

    // #refused
    @Test
    void strangerIsRefused(OckamTestKit kit) {
        Node node = kit.node("test");
        Party alice = kit.party();
        Party bob = kit.party();
        Party mallory = kit.party();
        kit.listen(node, "api", mallory, alice);

        kit.expectRefused(
                SecureChannel.create(node, Route.of("api"), alice.identity(), bob.channelOptions()),
                HandshakeException.Step.MESSAGE_2,
                HandshakeException.Reason.POLICY_REFUSED);
    }
    // #refused

    // #footprint
    @Test
    void channelThatIsClosedLeavesNothing(OckamTestKit kit) {
        Node node = kit.node("test");
        Party alice = kit.party();
        Party bob = kit.party();
        kit.listen(node, "api", bob, alice);
        kit.await(alice.identity().identities().secureChannelKey(alice.identity())); // which both keep
        kit.await(bob.identity().identities().secureChannelKey(bob.identity()));
        Footprint before = kit.footprint();

        kit.await(kit.channel(node, "api", alice, bob).close());

        kit.expectFootprint(before);
    }
    // #footprint

    // #memory
    @Test
    void questionTravelsBetweenNodes(OckamTestKit kit) {
        Node alice = kit.node("alice");
        Node bob = kit.node("bob");
        MemoryTransport.Link link = MemoryTransport.create().connect(alice, bob);
        bob.allow(kit.echoer(bob, "echoer")).from(link.second());

        kit.await(alice.ask(link.first().route("echoer"), Codec.string(), "Hello"));

        link.cut();
        kit.await(link.first().whenClosed());
        RecordingAssert.assertThat(kit.recording().ofNodes("bob")).dropsNothing();
    }
    // #memory

    // #proxy
    @Test
    void endThatIsNotToldHearsNothing(OckamTestKit kit) {
        Node alice = kit.node("alice");
        Node bob = kit.node("bob");
        Worker echoer = kit.echoer(bob, "echoer");
        TcpListener listener = kit.await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(echoer)));
        TcpProxy proxy = kit.proxy(listener.localAddress(), TcpFaults.seeded(1).withPieces(7));
        Connection connection = kit.await(TcpTransport.create(alice).connect(proxy.hostAndPort()));
        kit.await(alice.ask(connection.route("echoer"), Codec.string(), "in pieces of 7 bytes"));

        proxy.links().get(0).halfOpen(Way.TO_TARGET); // bob's end is reset, alice's hears nothing

        kit.eventually(() -> assertThat(listener.connections()).isEmpty());
        assertThat(connection.hasEnded()).isFalse();
    }
    // #proxy

    @Test
    void pageShowsWhatAFailureSays(OckamTestKit kit) throws IOException {
        Node node = kit.node("test");
        TestProbe<Routed<String>> worker = kit.probe(node, "worker", Codec.string());
        kit.hop(node, "h1");
        node.mailbox("app").send(Route.of("h1", "worker"), Codec.string(), "Hello");
        worker.receiveMessage();
        String message = Pages.parts(Pages.ROOT.resolve("docs/testing.md")).stream()
                .filter(part -> part.language().equals("text"))
                .map(part -> String.join("\n", part.lines()))
                .findFirst()
                .orElseThrow();

        assertThatThrownBy(() -> kit.expectNoHopSaw("Hello")).hasMessage(message);
    }
}
