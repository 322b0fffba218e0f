// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import ockam.fixtures.Hex;
import ockam.fixtures.LogLines;
import ockam.fixtures.SystemKit;
import ockam.node.Connection;
import ockam.node.ConnectionEnd;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Observer;
import ockam.tcp.TcpException.Reason;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.TransportMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that talk over sockets, and raw sockets that talk to a node (routing, section 3.11). */
class TcpTransportTest {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit(ConfigFactory.parseString("ockam.tcp.max-connections = 3"));

    private static final String ANY_PORT = "127.0.0.1:0";
    private static final byte[] VERSION = {1};

    private static int nodesMade;

    private final List<Node> nodes = new ArrayList<>();
    private final Node alice = node();
    private final Node bob = node();
    private final TcpTransport alices = TcpTransport.create(alice);
    private final TcpTransport bobs = TcpTransport.create(bob);
    private final AtomicInteger questions = new AtomicInteger();
    private final Worker echoer = bob.start(Address.of("echoer"), Codec.bytes(), Behaviors.receiveMessage(message -> {
        questions.incrementAndGet();
        message.reply(message.body());
        return Behaviors.same();
    }));

    private final TcpListener listener =
            await(bobs.listen(ANY_PORT, TcpListenerOptions.defaults().withConsumer(echoer)));

    private Node node() {
        Node node = Ockam.get(KIT.system()).createNode("tcp-" + ++nodesMade);
        nodes.add(node);
        return node;
    }

    @AfterEach
    void leavesNothing() {
        for (Node node : nodes) {
            await(node.stop());
            KIT.eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            assertThat(node.addressCount()).isZero();
            assertThat(NodeAccess.router(node).flowControls().isEmpty()).isTrue();
        }
        KIT.eventually(() -> {
            assertThat(alices.connections()).isEmpty();
            assertThat(bobs.connections()).isEmpty();
            assertThat(bobs.listeners()).isEmpty();
        });
    }

    private String bobsPort() {
        return "127.0.0.1:" + listener.localAddress().getPort();
    }

    private Connection connect() {
        return await(alices.connect(bobsPort()));
    }

    private static void echoes(Node node, Connection connection, ByteString text) {
        assertThat(await(node.ask(connection.route("echoer"), Codec.bytes(), text))
                        .body())
                .isEqualTo(text);
    }

    private Socket rawSocket() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), listener.localAddress().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Whether the node closes the connection; what it has sent before is skipped. */
    private static boolean closes(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
            return true;
        } catch (SocketException e) {
            return true; // reset, since the node had not read everything
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static byte[] frame(LocalMessage message) {
        return Frames.encode(message).toArray();
    }

    private static LocalMessage toEchoer(ByteString payload) {
        return LocalMessage.of(Route.of("echoer"), Route.of("me"), payload);
    }

    private static ByteString readFrame(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        return ByteString.fromArrayUnsafe(frame);
    }

    // ---- between nodes ----

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 256, 300_000, 2_000_000})
    void echoes(int size) {
        echoes(alice, connect(), ByteString.fromArray(new byte[size]));
    }

    @Test
    void connectionsAreIndependent() {
        Connection first = connect();
        Connection second = connect();
        assertThat(first.address()).isNotEqualTo(second.address());
        KIT.eventually(() -> assertThat(listener.connections()).hasSize(2));
        Mailbox app = alice.mailbox("app");

        CompletionStage<ConnectionEnd> end = first.disconnect();

        assertThat(app.send(first.route("echoer"), Codec.bytes(), ByteString.emptyByteString()))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(await(end).reason()).isEqualTo(ConnectionEnd.Reason.DISCONNECTED);
        echoes(alice, second, ByteString.fromString("still there"));
        KIT.eventually(() -> assertThat(listener.connections()).hasSize(1));
        assertThat(alices.connections()).containsExactly(second);
    }

    @Test
    void listenerThatStopsLeavesItsConnections() {
        Connection connection = connect();
        echoes(alice, connection, ByteString.fromString("before"));

        await(listener.stop());

        assertThat(listener.hasEnded()).isTrue();
        assertThat(awaitFailureOf(alices.connect(bobsPort())))
                .isInstanceOfSatisfying(
                        TcpException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CONNECT_FAILED));
        await(connection.disconnect());
    }

    @Test
    void whatIsOpenToTheListenerIsNotOpenToConnectionsThatItsNodeMakes() {
        TcpListener atAlice = await(alices.listen(ANY_PORT));
        Connection fromBob =
                await(bobs.connect("127.0.0.1:" + atAlice.localAddress().getPort()));
        Mailbox app = alice.mailbox("app");
        KIT.eventually(() -> assertThat(atAlice.connections()).hasSize(1));

        app.send(
                atAlice.connections().get(0).route("echoer"), Codec.bytes(), ByteString.fromString("by the back door"));

        KIT.eventually(
                () -> assertThat(bob.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1));
        assertThat(fromBob.hasEnded()).isFalse();
    }

    @Test
    void peerThatStopsIsNoticed() {
        Connection connection = connect();
        echoes(alice, connection, ByteString.fromString("before"));

        await(bob.stop());

        assertThat(await(connection.whenClosed()).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
        assertThat(awaitFailureOf(alice.ask(connection.route("echoer"), Codec.string(), "after")))
                .hasMessageContaining("it was a connection to tcp " + bobsPort() + ", ended at ");
    }

    @Test
    void allThatWasAcceptedBeforeDisconnectArrives() {
        List<Integer> sizes = new CopyOnWriteArrayList<>();
        Worker counter = bob.start(Address.of("counter"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            sizes.add(message.body().size());
            return Behaviors.same();
        }));
        bob.allow(counter).from(listener);
        Connection connection = connect();
        Mailbox app = alice.mailbox("app");
        int accepted = 0;
        for (int i = 0; i < 2_000; i++) {
            if (app.send(connection.route("counter"), Codec.bytes(), ByteString.fromArray(new byte[i % 3_000]))
                    .equals(SendResult.accepted())) {
                accepted++;
            }
        }

        await(connection.disconnect());

        int expected = accepted;
        assertThat(expected).isPositive();
        KIT.eventually(() -> assertThat(sizes).hasSize(expected));
    }

    // ---- addresses ----

    @Test
    void resolvesARouteByAConnectionOfItsOwn() {
        Route route = Route.of(Address.of(TcpTransport.TYPE, bobsPort()), Address.of("echoer"));

        Route first = await(alices.resolve(route));
        Route second = await(alices.resolve(route));

        assertThat(first.size()).isEqualTo(2);
        assertThat(first.next()).isNotEqualTo(second.next());
        assertThat(alices.connections()).hasSize(2);
        assertThat(await(alice.ask(first, Codec.string(), "Hello")).body()).isEqualTo("Hello");
        Route local = Route.of("h1", "echoer");
        assertThat(await(alices.resolve(local))).isEqualTo(local);
    }

    @Test
    void resolvesAName() {
        Route route = Route.parse("1#localhost:" + listener.localAddress().getPort() + " => echoer");

        assertThat(await(alice.ask(await(alices.resolve(route)), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
    }

    @ParameterizedTest
    @CsvSource({
        "1#127.0.0.1:1 => 1#127.0.0.1:2 => echoer, TOO_MANY_TRANSPORT_HOPS",
        "1#127.0.0.1:1 => h1 => 2#127.0.0.1:2, TOO_MANY_TRANSPORT_HOPS",
        "2#127.0.0.1:1 => echoer, OTHER_TRANSPORT",
        "1#nonsense => echoer, INVALID_ADDRESS",
    })
    void refusesToResolve(String route, Reason reason) {
        assertThat(awaitFailureOf(alices.resolve(Route.parse(route))))
                .isInstanceOfSatisfying(
                        TcpException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(alices.connections()).isEmpty();
    }

    @Test
    void tellsWhoCannotBeReached() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }

        assertThat(awaitFailureOf(alices.connect("127.0.0.1:" + free)))
                .hasMessage("CONNECT_FAILED: 127.0.0.1:" + free + ": Connection refused");
        KIT.eventually(() -> assertThat(alices.connections()).isEmpty());
    }

    @Test
    void observersSeeEachAttemptBeginAndEnd() throws IOException {
        List<Observer.Event> told = new CopyOnWriteArrayList<>();
        NodeAccess.router(alice).addObserver(event -> {
            if (event.name().startsWith("connect-")) {
                told.add(event);
            }
        });
        Connection connection = connect();
        assertThat(told)
                .extracting(event -> event.name() + event.attributes())
                .containsExactly("connect-started{remote=tcp " + bobsPort() + "}", "connect-ended{}");
        assertThat(told).allSatisfy(event -> {
            assertThat(event.node()).isEqualTo(alice.name());
            assertThat(event.addresses()).containsExactly(connection.address());
        });

        told.clear();
        await(listener.stop());
        awaitFailureOf(alices.connect(bobsPort()));
        assertThat(told)
                .extracting(event -> event.name() + event.attributes())
                .containsExactly(
                        "connect-started{remote=tcp " + bobsPort() + "}", "connect-ended{reason=CONNECT_FAILED}");

        told.clear();
        await(alice.stop());
        awaitFailureOf(alices.connect(bobsPort()));
        assertThat(told)
                .extracting(event -> event.name() + event.attributes().get("reason"))
                .containsExactly("connect-startednull", "connect-endedNODE_STOPPED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "[1:2:3]:80", "[abc]:80"})
    void whatIsNoAddressIsToldByTheStage(String text) {
        for (CompletionStage<?> refused : List.<CompletionStage<?>>of(alices.listen(text), alices.connect(text))) {
            assertThat(awaitFailureOf(refused))
                    .isInstanceOfSatisfying(
                            TcpException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_ADDRESS));
        }
        assertThat(alices.connections()).isEmpty();
        assertThat(alice.addressCount()).isZero();
    }

    @Test
    void tellsThatNobodyAnswers() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = fill(full);
            TcpConnectionOptions quickly = TcpConnectionOptions.defaults().withConnectTimeout(Duration.ofMillis(50));

            assertThat(awaitFailureOf(alices.connect("127.0.0.1:" + full.getLocalPort(), quickly)))
                    .hasMessageStartingWith("CONNECT_FAILED: 127.0.0.1:" + full.getLocalPort() + ": ")
                    .hasMessageContaining("imeout");
            KIT.eventually(() -> assertThat(alices.connections()).isEmpty());
            assertThat(alice.addressCount()).isZero();
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void nodeThatStopsWhileItConnectsSaysSo() throws IOException {
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<Socket> waiting = fill(full);
            CompletionStage<Connection> connecting = alices.connect("127.0.0.1:" + full.getLocalPort());

            await(alice.stop());

            assertThat(awaitFailureOf(connecting))
                    .isInstanceOfSatisfying(
                            RoutingException.class,
                            e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Connects to a socket that accepts nobody until the operating system lets nobody wait either. */
    private static List<Socket> fill(ServerSocket full) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        while (true) {
            Socket socket = new Socket();
            try {
                socket.connect(full.getLocalSocketAddress(), 200);
                waiting.add(socket);
            } catch (SocketTimeoutException e) {
                socket.close();
                return waiting;
            }
        }
    }

    @Test
    void listenerThatCouldNotListenLeavesNothing() {
        assertThat(awaitFailureOf(alices.listen(bobsPort()))).hasMessageStartingWith("BIND_FAILED: " + bobsPort());

        KIT.eventually(() -> assertThat(alice.addressCount()).isZero());
        assertThat(NodeAccess.router(alice).flowControls().isEmpty()).isTrue();
    }

    @Test
    void tellsThatAPortIsTaken() {
        assertThat(awaitFailureOf(alices.listen(bobsPort())))
                .isInstanceOfSatisfying(
                        TcpException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BIND_FAILED));
        assertThat(alices.listeners()).isEmpty();
    }

    @Test
    void nodeThatHasStoppedNeitherListensNorConnects() {
        await(alice.stop());

        for (CompletionStage<?> refused :
                List.<CompletionStage<?>>of(alices.listen(ANY_PORT), alices.connect(bobsPort()))) {
            assertThat(awaitFailureOf(refused))
                    .isInstanceOfSatisfying(
                            RoutingException.class,
                            e -> assertThat(e.reason()).isEqualTo(RoutingDropReason.NODE_STOPPED));
        }
    }

    // ---- what raw sockets do ----

    @Test
    void speaksAsTheProtocolSays() throws IOException {
        try (Socket socket = rawSocket()) {
            OutputStream out = socket.getOutputStream();
            out.write(Hex.bytes("01 00000021 84 81820046 6563686f6572 81820043 617070 4d 0c48656c6c6f204f636b616d21 f6"
                    .replace(" ", "")));

            assertThat(socket.getInputStream().read()).isEqualTo(1);
            LocalMessage answer = TransportMessage.decode(readFrame(socket)).orElseThrow();
            assertThat(answer)
                    .isEqualTo(LocalMessage.of(
                            Route.of("app"), Route.of("echoer"), Codec.string().encode("Hello Ockam!")));
        }
    }

    /** What is behind the payload is a text, null, or absent. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "00000023 84 81820046 6563686f6572 81820043 617070 4d 0c48656c6c6f204f636b616d21 627b7d",
                "00000021 84 81820046 6563686f6572 81820043 617070 4d 0c48656c6c6f204f636b616d21 f6",
                "00000020 83 81820046 6563686f6572 81820043 617070 4d 0c48656c6c6f204f636b616d21"
            })
    void takesMessagesWithAndWithoutATracingContext(String frame) throws IOException {
        try (Socket socket = rawSocket()) {
            socket.getOutputStream().write(VERSION);
            socket.getOutputStream().write(Hex.bytes(frame.replace(" ", "")));

            assertThat(socket.getInputStream().read()).isEqualTo(1);
            assertThat(readFrame(socket))
                    .isEqualTo(Hex.string("84 81820043 617070 81820046 6563686f6572 4d 0c48656c6c6f204f636b616d21 f6"));
        }
    }

    /** The operating system shows whether a timer runs for it. */
    @Test
    void operatingSystemLooksAfterIdleConnections() throws IOException {
        Path table = Path.of("/proc/net/tcp");
        assumeTrue(Files.isReadable(table), "only Linux shows it");
        Connection connection = connect();
        echoes(alice, connection, ByteString.fromString("up"));
        String port = "%04X".formatted(listener.localAddress().getPort());

        KIT.eventually(() -> {
            List<String> timers = timers(table, port);
            assertThat(timers).as("both ends").hasSize(2).allMatch(timer -> timer.equals("02"));
        });
    }

    /** The kinds of timers of the established connections to or from a port. */
    private static List<String> timers(Path table, String port) {
        try {
            return Stream.concat(
                            Files.readAllLines(table).stream(),
                            Files.readAllLines(table.resolveSibling("tcp6")).stream())
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[3].equals("01")
                            && (fields[1].endsWith(":" + port) || fields[2].endsWith(":" + port)))
                    .map(fields -> fields[5].substring(0, 2))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void greetsWithoutWaiting() throws IOException {
        try (Socket socket = rawSocket()) {
            assertThat(socket.getInputStream().read()).isEqualTo(1);
        }
    }

    @Test
    void deliversNothingBehindAWrongVersion() throws IOException {
        try (Socket socket = rawSocket()) {
            OutputStream out = socket.getOutputStream();
            out.write(ByteString.fromArray(new byte[] {2})
                    .concat(ByteString.fromArray(frame(toEchoer(ByteString.fromString("behind")))))
                    .toArray());

            assertThat(closes(socket)).isTrue();
        }
        KIT.eventually(() -> assertThat(listener.connections()).isEmpty());
        assertThat(questions).hasValue(0);
    }

    @Test
    void carriesSixteenMebibytesAndNotOneMore() throws IOException {
        int overhead = TransportMessage.OVERHEAD
                + Route.of("echoer").encodedSize()
                + Route.of("me").encodedSize();
        ByteString most = ByteString.fromArray(new byte[TransportMessage.MAX_SIZE - overhead]);
        try (Socket socket = rawSocket()) {
            OutputStream out = socket.getOutputStream();
            out.write(VERSION);
            byte[] frame = frame(toEchoer(most));
            assertThat(frame).hasSize(TransportMessage.MAX_SIZE + FrameDecoder.LENGTH_BYTES);
            out.write(frame);

            assertThat(socket.getInputStream().read()).isEqualTo(1);
            assertThat(readFrame(socket).size()).isEqualTo(TransportMessage.MAX_SIZE);
        }
        try (Socket socket = rawSocket()) {
            OutputStream out = socket.getOutputStream();
            out.write(VERSION);
            out.write(Hex.bytes("01000001"));
            assertThat(closes(socket)).isTrue();
        }
        Mailbox me = alice.mailbox("me");
        Connection connection = connect();
        assertThat(me.send(connection.route("echoer"), Codec.bytes(), most.concat(ByteString.fromArray(new byte[1]))))
                .isEqualTo(SendResult.refused(RoutingDropReason.TOO_LARGE));
        echoes(alice, connection, ByteString.fromString("it lives on"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"01 00000000", "01 80000000", "01 00000003 ffffff", "01 00000004 84808040"})
    void closesAfterAMistake(String hex) throws IOException {
        try (Socket socket = rawSocket()) {
            socket.getOutputStream().write(Hex.bytes(hex.replace(" ", "")));

            assertThat(closes(socket)).isTrue();
        }
        KIT.eventually(() -> assertThat(listener.connections()).isEmpty());
    }

    @Test
    void unknownAddressesAndHeartbeatsDoNoHarm() throws IOException {
        try (Socket socket = rawSocket()) {
            OutputStream out = socket.getOutputStream();
            out.write(VERSION);
            out.write(Hex.bytes("000000058480804" + "0f6"));
            out.write(frame(LocalMessage.of(Route.of("nowhere"), Route.empty(), ByteString.emptyByteString())));
            out.write(frame(toEchoer(ByteString.fromString("after"))));

            assertThat(socket.getInputStream().read()).isEqualTo(1);
            assertThat(TransportMessage.decode(readFrame(socket)).orElseThrow().payload())
                    .isEqualTo(ByteString.fromString("after"));
            assertThat(bob.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        }
    }

    @Test
    void acceptsNoMoreConnectionsThanAllowed() throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(rawSocket());
        }
        KIT.eventually(() -> assertThat(listener.connections()).hasSize(3));

        try (Socket oneMore = rawSocket()) {
            assertThat(closes(oneMore)).isTrue();
        }
        open.get(0).close();
        KIT.eventually(() -> assertThat(listener.connections()).hasSize(2));
        echoes(alice, connect(), ByteString.fromString("there is room again"));
        open.get(1).close();
        open.get(2).close();
    }

    @Test
    void theEndOfAConnectionIsLoggedHoweverSoonItComes() throws IOException {
        try (LogLines log = LogLines.of(Connection.class)) {
            for (int i = 1; i <= 60; i++) {
                int soFar = i;
                try (Socket socket = rawSocket()) {
                    socket.getOutputStream().write('G');
                    KIT.eventually(() -> assertThat(log.texts())
                            .filteredOn(line -> line.contains(" ended: FAILED: UNSUPPORTED_VERSION"))
                            .hasSize(soFar));
                }
            }
        }
    }

    @Test
    void peersThatComeAndGoLeaveNothing() throws IOException {
        for (int i = 0; i < 300; i++) {
            try (Socket socket = rawSocket()) {
                byte[] frame = frame(toEchoer(ByteString.fromString("and off")));
                socket.getOutputStream()
                        .write(ByteString.fromArray(VERSION)
                                .concat(ByteString.fromArray(frame, 0, i % 20))
                                .toArray());
            }
            KIT.eventually(() -> assertThat(listener.connections()).isEmpty());
        }

        // The last of them may not have been accepted yet.
        KIT.eventually(() -> assertThat(bob.addressCount())
                .as("the echoer and the listener are left")
                .isEqualTo(2));
        KIT.eventually(() -> assertThat(bob.messagesUnderWay()).isZero());
    }
}
