// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ExtendedActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import ockam.fixtures.SystemKit;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.wire.Address;
import ockam.wire.Codec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A thousand strangers at once, and one who is honest. */
class TcpStrangersTest {
    private static final int STRANGERS = 1_000;
    private static final int EACH = 4_000;
    private static final int MOST = 1_000_000;

    @RegisterExtension
    static final SystemKit KIT = new SystemKit(ConfigFactory.parseString("ockam.tcp { max-unfinished-bytes = " + MOST
            + ", backlog = 1024 }, akka.actor.testkit.typed.single-expect-default = 20s"));

    private static int nodesMade;

    private final Node alice = Ockam.get(KIT.system()).createNode("alice-" + ++nodesMade);
    private final Node bob = Ockam.get(KIT.system()).createNode("bob-" + nodesMade);
    private final Worker echoer = bob.start(Address.of("echoer"), Codec.bytes(), Behaviors.receiveMessage(message -> {
        message.reply(message.body());
        return Behaviors.same();
    }));
    private final TcpListener listener = await(TcpTransport.create(bob)
            .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(echoer)));
    private final List<Socket> strangers = new ArrayList<>();

    @AfterEach
    void leavesNothing() throws IOException {
        closeAll();
        for (Node node : List.of(alice, bob)) {
            await(node.stop());
            KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            assertThat(node.addressCount()).isZero();
            assertThat(NodeAccess.router(node).flowControls().isEmpty()).isTrue();
        }
    }

    private Socket stranger() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), listener.localAddress().getPort());
        strangers.add(socket);
        return socket;
    }

    private void closeAll() throws IOException {
        for (Socket socket : strangers) {
            socket.close();
        }
        strangers.clear();
    }

    private void echoes(Connection connection) {
        ByteString text = ByteString.fromString("honest");
        assertThat(await(alice.ask(connection.route("echoer"), Codec.bytes(), text))
                        .body())
                .isEqualTo(text);
    }

    /** Waits until the node has greeted it, or has ended it already. */
    private static void wasAccepted(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            assertThat(socket.getInputStream().read()).isIn(-1, (int) FrameDecoder.VERSION);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    /** How many actors there are, without the probe that waits. */
    private static long actors() {
        return ((ExtendedActorSystem) KIT.system().classicSystem())
                .printTree()
                .lines()
                .filter(line -> !line.contains("robe"))
                .count();
    }

    @Test
    void halfFramesOfAThousandStrangersAreBoundedAndDisturbNobody() throws IOException {
        Connection honest = await(TcpTransport.create(alice).connect(listener.hostAndPort()));
        echoes(honest);
        byte[] half = ByteBuffer.allocate(1 + EACH)
                .put(FrameDecoder.VERSION)
                .putInt(10 * EACH)
                .array();
        for (int i = 0; i < STRANGERS; i++) {
            try {
                stranger().getOutputStream().write(half);
            } catch (SocketException e) {
                assertThat(e).as("it gave way at once").hasMessageMatching(".*([Rr]eset|Broken pipe).*");
            }
            if (i % 100 == 0) {
                echoes(honest);
            }
        }

        for (Socket socket : strangers) {
            wasAccepted(socket);
        }
        KIT.eventually(() -> assertThat(listener.connections()).hasSizeBetween(2, 1 + MOST / EACH));

        echoes(honest);
        assertThat(honest.hasEnded()).isFalse();
        closeAll();
        KIT.eventually(() -> assertThat(listener.connections()).hasSize(1));
        echoes(honest);
    }

    @Test
    void thousandConnectionsThatAreDroppedAtOnceLeaveNothing() throws IOException {
        stranger();
        KIT.eventually(() -> assertThat(listener.connections()).hasSize(1));
        closeAll();
        KIT.eventually(() -> assertThat(listener.connections()).isEmpty());
        KIT.eventually(() -> assertThat(bob.addressCount()).isEqualTo(2));
        long before = actors();

        for (int i = 0; i < STRANGERS; i++) {
            stranger();
        }
        KIT.eventually(() -> assertThat(listener.connections()).hasSize(STRANGERS));
        assertThat(bob.addressCount()).isEqualTo(2 + 2 * STRANGERS);
        closeAll();

        KIT.eventually(() -> assertThat(listener.connections()).isEmpty());
        assertThat(bob.addressCount()).as("the echoer and the listener").isEqualTo(2);
        KIT.eventually(() -> assertThat(actors()).isLessThanOrEqualTo(before));
    }
}
