// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.SystemKit;
import ockam.node.Connection;
import ockam.node.ConnectionEnd;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.routing.SendResult;
import ockam.wire.Codec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** No peer can keep a socket that this side has ended. */
class TcpEndsTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit(ConfigFactory.parseString("ockam.connection.close-timeout = 3s"));

    private static int nodesMade;

    private final Node node = Ockam.get(KIT.system()).createNode("ends-" + ++nodesMade);
    private final TcpTransport tcp = TcpTransport.create(node);
    private final ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

    TcpEndsTest() throws IOException {}

    @AfterEach
    void leavesNothing() throws IOException {
        peer.close();
        await(node.stop());
        KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
        assertThat(node.addressCount()).isZero();
    }

    private record Ends(Connection connection, Socket socket) {}

    private Ends connect() throws IOException {
        Connection connection = await(tcp.connect("127.0.0.1:" + peer.getLocalPort()));
        Socket socket = peer.accept();
        assertThat(socket.getInputStream().read()).isEqualTo(FrameDecoder.VERSION);
        socket.getOutputStream().write(FrameDecoder.VERSION);
        return new Ends(connection, socket);
    }

    /** Writing shows whether anyone still has the other end. */
    private static void wasClosed(Socket socket) {
        KIT.eventually(() -> assertThatThrownBy(() -> socket.getOutputStream().write(0))
                .isInstanceOf(SocketException.class)
                .hasMessageMatching("(?i).*(reset|broken pipe|aborted).*"));
    }

    @Test
    void peerThatNeverClosesIsClosed() throws IOException {
        Ends ends = connect();
        try (Socket socket = ends.socket()) {
            CompletionStage<ConnectionEnd> end = ends.connection().disconnect();

            assertThat(await(end).reason()).isEqualTo(ConnectionEnd.Reason.DISCONNECTED);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            wasClosed(socket);
        }
    }

    @Test
    void peerThatNeverReadsIsClosed() throws IOException {
        Ends ends = connect();
        try (Socket socket = ends.socket()) {
            moreThanFits(ends.connection());

            assertThat(await(ends.connection().disconnect()).reason()).isEqualTo(ConnectionEnd.Reason.DISCONNECTED);

            wasClosed(socket);
        }
    }

    @Test
    void peerThatEndsItsSideAndNeverReadsIsClosed() throws IOException {
        Ends ends = connect();
        try (Socket socket = ends.socket()) {
            moreThanFits(ends.connection());

            socket.shutdownOutput();

            assertThat(await(ends.connection().whenClosed()).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
            assertThat(readsToTheEnd(socket)).isFalse();
        }
    }

    @Test
    void peerThatEndsItsSideStillGetsWhatIsBeingWritten() throws IOException {
        Ends ends = connect();
        try (Socket socket = ends.socket()) {
            ByteString large = ByteString.fromArray(new byte[16_000_000]);
            assertThat(node.mailbox("app").send(ends.connection().route("nowhere"), Codec.bytes(), large))
                    .isEqualTo(SendResult.accepted());
            assertThat(socket.getInputStream().read()).isZero();

            socket.shutdownOutput();
            KIT.eventually(
                    () -> assertThat(node.metadata(ends.connection().address())).isEmpty());

            assertThat(socket.getInputStream().readAllBytes()).hasSizeGreaterThan(16_000_000);
            assertThat(await(ends.connection().whenClosed()).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
        }
    }

    /** Sends until nothing more is taken, since the other side does not read. */
    private void moreThanFits(Connection connection) {
        Mailbox app = node.mailbox("app");
        ByteString much = ByteString.fromArray(new byte[1_000_000]);
        KIT.eventually(() -> assertThat(app.send(connection.route("nowhere"), Codec.bytes(), much))
                .isNotEqualTo(SendResult.accepted()));
    }

    /** Whether all that was written arrives, and not a reset. */
    private static boolean readsToTheEnd(Socket socket) {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
            return false;
        }
    }
}
