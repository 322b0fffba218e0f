// SPDX-License-Identifier: Apache-2.0

package ockam.tests.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.examples.Echoer;
import ockam.examples.Snippets;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.recorder.Recorder;
import ockam.recorder.Recording;
import ockam.recorder.RecordingAssert;
import ockam.routing.RoutingDropReason;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nested channels, drops, refusals and connections, as they are recorded. */
@ExtendWith(ActorTestKitExtension.class)
class RecordedChannelsTest {
    private final OckamTestKit kit;
    private final Recorder recorder;
    private final Party me;

    RecordedChannelsTest(OckamTestKit kit) {
        this.kit = kit;
        recorder = Recorder.start(kit.system());
        me = kit.party();
    }

    @AfterEach
    void end() {
        recorder.close();
    }

    private SecureChannelListener listen(Node node, TrustPolicy policy) {
        return SecureChannelListener.create(
                node, Address.of("api"), me.identity(), SecureChannelListenerOptions.trusting(policy));
    }

    @Test
    void dropIsRecordedWithItsReason() {
        Node node = kit.node("drops");
        kit.hop(node, "h1");
        Mailbox app = node.mailbox("app");
        app.send(Route.of("h1", "nowhere"), Codec.string(), "lost");
        kit.expectDropped(node, RoutingDropReason.NO_SUCH_ADDRESS, 1);
        kit.await(node.stop());

        // #assertions
        RecordingAssert.assertThat(recorder.recording())
                .delivers("app -> h1") // exactly these, in this order
                .involvesOnly("app", "h1")
                .drops(1, RoutingDropReason.NO_SUCH_ADDRESS, "nowhere")
                .leavesNothingOpen(); // no address, channel or connection
        // #assertions
        assertThat(recorder.recording().text())
                .isEqualTo("app -> h1: message, 5 bytes\nh1 -> nowhere: dropped: NO_SUCH_ADDRESS");
    }

    @Test
    void runIsWrittenAsAPage(@TempDir Path directory) throws IOException {
        Path page = directory.resolve("run.html");
        Node node = kit.node("page");
        Snippets.recorder(kit.system(), () -> node.mailbox("app"), page);

        assertThat(Files.readString(page)).contains("1 events.").contains("<span>app</span>");
    }

    @Test
    void refusedPeerIsRecordedWithItsStep() {
        Node node = kit.node("refuses");
        listen(node, TrustPolicy.anyOf());
        kit.channel(node, Route.of("api"), me, me);

        kit.eventually(() -> assertThat(recorder.recording().text().lines())
                .contains("channel-2: handshake failed: MESSAGE_3: POLICY_REFUSED"));
    }

    @Test
    void frameInAFrameIsCiphertextAlsoWhereTheOuterOneIsOpened() {
        Node node = kit.node("nested");
        SecureChannelListener api = listen(node, TrustPolicy.identifier(me.identifier()));
        node.allow(node.start(Address.of("echoer"), Codec.string(), Echoer.create()))
                .from(api);
        node.allow(node.start(Address.of("h1"), Hop.create())).from(api);
        node.allow(Address.of("api")).from(api);
        SecureChannel outer = kit.channel(node, Route.of("api"), me, me);
        SecureChannel inner = kit.channel(node, outer.route(Route.of("h1", "api")), me, me);
        kit.eventually(() -> assertThat(recorder.recording().text().lines().filter(line -> line.endsWith(": open")))
                .as("both ends of both")
                .hasSize(4));
        Recorder later = Recorder.start(kit.system());
        kit.await(node.ask(inner.route("echoer"), Codec.string(), "secret"));
        Recording recording = later.recording();
        later.stop();

        List<String> kinds = recording
                .text()
                .lines()
                .filter(line -> line.endsWith(" bytes"))
                .map(line -> line.replaceAll("^.*: (\\w+), .*", "$1"))
                .toList();
        assertThat(kinds)
                .containsExactly(
                        "message", // to the inner channel
                        "ciphertext", // to the outer one
                        "ciphertext", // out of it
                        "ciphertext", // opened by the outer one: to the hop
                        "ciphertext", // to the inner one
                        "message", // to the echoer
                        "message",
                        "ciphertext",
                        "ciphertext",
                        "ciphertext",
                        "ciphertext",
                        "message");
    }

    @Test
    void nodesWithAConnectionAreOnePicture() {
        Node alice = kit.node("alice");
        Node bob = kit.node("bob");
        TcpListener listener = kit.await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(kit.echoer(bob, "echoer"))));
        Connection connection = kit.await(TcpTransport.create(alice).connect(listener.hostAndPort()));
        kit.await(alice.ask(connection.route(Route.of("echoer")), Codec.string(), "there and back"));

        RecordingAssert.assertThat(recorder.recording())
                .delivers("alice/mailbox-1 -> bob/echoer", "bob/echoer -> alice/mailbox-1")
                .dropsNothing();
        RecordingAssert.assertThat(recorder.recording().ofNodes("bob"))
                .delivers("connection-1 -> echoer", "echoer -> connection-1");
        kit.await(alice.stop());
        kit.await(bob.stop());
        kit.eventually(() -> RecordingAssert.assertThat(recorder.recording()).leavesNothingOpen());
        kit.expectRefused(alice.ask(Route.of("h1"), Codec.string(), "late"), RoutingDropReason.NODE_STOPPED);
    }
}
