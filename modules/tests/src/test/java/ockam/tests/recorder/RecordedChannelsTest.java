// SPDX-License-Identifier: Apache-2.0

package ockam.tests.recorder;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.examples.Echoer;
import ockam.examples.Snippets;
import ockam.fixtures.Stages;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.recorder.Recorder;
import ockam.recorder.Recording;
import ockam.recorder.RecordingAssert;
import ockam.routing.RoutingDropReason;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.vault.SoftwareVault;
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
    private final ActorTestKit testKit;
    private final Recorder recorder;
    private final Ockam ockam;
    private final Identities identities;
    private final Identity me;

    RecordedChannelsTest(ActorTestKit testKit) {
        this.testKit = testKit;
        recorder = Recorder.start(testKit.system());
        ockam = Ockam.get(testKit.system());
        identities = Identities.create(
                SoftwareVault.create(ockam.cryptoExecutor()), InMemoryIdentityRepository.create(), Clock.systemUTC());
        me = await(identities.create());
    }

    @AfterEach
    void end() {
        recorder.close();
    }

    private Node node(String name) {
        return ockam.createNode(name);
    }

    private SecureChannelListener listen(Node node, TrustPolicy policy) {
        return SecureChannelListener.create(node, Address.of("api"), me, SecureChannelListenerOptions.trusting(policy));
    }

    private SecureChannel open(Node node, Route route) {
        return await(SecureChannel.create(
                node, route, me, SecureChannelOptions.trusting(TrustPolicy.identifier(me.identifier()))));
    }

    private void eventually(Runnable check) {
        TestProbe<Object> probe = testKit.createTestProbe();
        probe.awaitAssert(Stages.PATIENCE, () -> {
            check.run();
            return Done.getInstance();
        });
    }

    @Test
    void dropIsRecordedWithItsReason() {
        Node node = node("drops");
        node.start(Address.of("h1"), Hop.create());
        Mailbox app = node.mailbox("app");
        app.send(Route.of("h1", "nowhere"), Codec.string(), "lost");
        eventually(() -> assertThat(node.dropped()).isEqualTo(1));
        await(node.stop());

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
        Node node = node("page");
        Snippets.recorder(testKit.system(), () -> node.mailbox("app"), page);

        assertThat(Files.readString(page)).contains("1 events.").contains("<span>app</span>");
        await(node.stop());
    }

    @Test
    void refusedPeerIsRecordedWithItsStep() {
        Node node = node("refuses");
        listen(node, TrustPolicy.anyOf());
        open(node, Route.of("api"));

        eventually(() -> assertThat(recorder.recording().text().lines())
                .contains("channel-2: handshake failed: MESSAGE_3: POLICY_REFUSED"));
        await(node.stop());
    }

    @Test
    void frameInAFrameIsCiphertextAlsoWhereTheOuterOneIsOpened() {
        Node node = node("nested");
        SecureChannelListener api = listen(node, TrustPolicy.identifier(me.identifier()));
        node.allow(node.start(Address.of("echoer"), Codec.string(), Echoer.create()))
                .from(api);
        node.allow(node.start(Address.of("h1"), Hop.create())).from(api);
        node.allow(Address.of("api")).from(api);
        SecureChannel outer = open(node, Route.of("api"));
        SecureChannel inner = open(node, outer.route(Route.of("h1", "api")));
        eventually(() -> assertThat(recorder.recording().text().lines().filter(line -> line.endsWith(": open")))
                .as("both ends of both")
                .hasSize(4));
        Recorder later = Recorder.start(testKit.system());
        await(node.ask(inner.route("echoer"), Codec.string(), "secret"));
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
        await(node.stop());
    }

    @Test
    void nodesWithAConnectionAreOnePicture() {
        Node alice = node("alice");
        Node bob = node("bob");
        TcpListener listener = await(TcpTransport.create(bob)
                .listen(
                        "127.0.0.1:0",
                        TcpListenerOptions.defaults()
                                .withConsumer(bob.start(
                                        Address.of("echoer"),
                                        Codec.string(),
                                        Behaviors.<Routed<String>>receiveMessage(message -> {
                                            message.reply(message.body());
                                            return Behaviors.same();
                                        })))));
        Connection connection = await(TcpTransport.create(alice).connect(listener.hostAndPort()));
        await(alice.ask(connection.route(Route.of("echoer")), Codec.string(), "there and back"));

        RecordingAssert.assertThat(recorder.recording())
                .delivers("alice/mailbox-1 -> bob/echoer", "bob/echoer -> alice/mailbox-1")
                .dropsNothing();
        RecordingAssert.assertThat(recorder.recording().ofNodes("bob"))
                .delivers("connection-1 -> echoer", "echoer -> connection-1");
        await(alice.stop());
        await(bob.stop());
        eventually(() -> RecordingAssert.assertThat(recorder.recording()).leavesNothingOpen());
        assertThat(awaitFailureOf(alice.ask(Route.of("h1"), Codec.string(), "late")))
                .hasMessageContaining("NODE_STOPPED");
    }
}
