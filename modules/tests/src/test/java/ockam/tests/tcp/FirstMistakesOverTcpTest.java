// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.LogLines;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one sees of mistakes with several nodes: rows of {@code docs/troubleshooting.md}. */
@ExtendWith(ActorTestKitExtension.class)
class FirstMistakesOverTcpTest {
    private static final Duration SHORT = Duration.ofMillis(300);

    private final OckamTestKit kit;
    private final Node alice;
    private final Node bob;
    private final TcpListener atBob;

    FirstMistakesOverTcpTest(OckamTestKit kit) {
        this.kit = kit;
        this.alice = kit.node("alice");
        this.bob = kit.node("bob");
        this.atBob = kit.await(TcpTransport.create(bob).listen("127.0.0.1:0"));
    }

    private Connection toBob() {
        return kit.await(TcpTransport.create(alice).connect(atBob.hostAndPort()));
    }

    private static String failureOf(CompletionStage<?> stage) {
        return String.valueOf(awaitFailureOf(stage).getMessage());
    }

    @Test
    void nobodyLivesAtTheAddressOfTheListener() {
        Connection toBob = toBob();
        bob.allow(Address.of("api")).from(atBob);

        String failure = LoggingTestKit.warn("Message dropped at 0#api: NO_SUCH_ADDRESS")
                .expect(
                        kit.system(),
                        () -> failureOf(SecureChannel.create(
                                alice,
                                toBob.route("api"),
                                kit.party().identity(),
                                SecureChannelOptions.trusting(TrustPolicy.acceptAnyPeerInsecure())
                                        .withHandshakeTimeout(SHORT))));

        assertThat(failure)
                .isEqualTo("MESSAGE_2: TIMED_OUT (no reply along " + toBob.address()
                        + " => 0#api, which leaves this node by tcp " + atBob.hostAndPort() + ", within 0.3s)");
    }

    @Test
    void nobodyAnswersOnAnotherNode() {
        Connection toBob = toBob();

        assertThat(failureOf(alice.ask(toBob.route("echoer"), Codec.string(), Codec.string(), "hello", SHORT)))
                .isEqualTo("TIMED_OUT: no reply to a String that was sent along " + toBob.address()
                        + " => 0#echoer, which leaves this node by tcp " + atBob.hostAndPort() + ", within 0.3s");
    }

    @Test
    void anotherProtocolIsSpokenAtThePort() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Connection connection = kit.await(TcpTransport.create(alice).connect("127.0.0.1:" + server.getLocalPort()));
            try (Socket accepted = server.accept()) {
                accepted.getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

                assertThat(kit.await(connection.whenClosed()))
                        .hasToString("FAILED: UNSUPPORTED_VERSION: the other side begins with 'H': it speaks another"
                                + " protocol");
            }
        }
    }

    @Test
    void anotherProtocolIsSpokenToUs() throws IOException {
        try (Socket browser = new Socket(
                        InetAddress.getLoopbackAddress(), atBob.localAddress().getPort());
                LogLines log = LogLines.of(Connection.class)) {
            browser.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            kit.eventually(
                    () -> assertThat(log.texts())
                            .anyMatch(
                                    line -> line.endsWith(
                                            "ended: FAILED: UNSUPPORTED_VERSION: the other side begins with 'G': it speaks another protocol")));
        }
    }

    @Test
    void nodeBehindARelayIsGone() {
        RelayService.create(bob, RelayServiceOptions.defaults().withOpenTo(atBob));
        Node server = kit.node("server");
        TcpTransport tcp = TcpTransport.create(server);
        RemoteRelay relay = RemoteRelay.create(
                server, RelayWay.over(() -> tcp.connect(atBob.hostAndPort())), RemoteRelayOptions.named("server"));
        kit.await(relay.whenRegistered());
        Route viaRelay = toBob().route(Route.parse("forward_to_server => echoer"));
        kit.await(server.stop());
        kit.eventually(() -> assertThat(atBob.connections()).hasSize(1));

        LoggingTestKit.warn("NO_SUCH_ADDRESS; it was a connection to tcp 127.0.0.1:")
                .expect(
                        kit.system(),
                        () -> failureOf(alice.ask(viaRelay, Codec.string(), Codec.string(), "hello", SHORT)));
    }
}
