// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import ockam.testkit.TcpFaults.Cut;
import ockam.testkit.TcpFaults.Way;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ActorTestKitExtension.class)
class TcpProxyTest {
    private static final int PATIENCE = 10_000;
    private static final byte[] HELLO = {1, 2, 3, 4, 5};

    private final ActorTestKit testKit;
    private final ServerSocket target = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());

    TcpProxyTest(ActorTestKit testKit) throws IOException {
        this.testKit = testKit;
    }

    @AfterEach
    void close() throws IOException {
        target.close();
    }

    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private TcpProxy proxy(TcpFaults faults) {
        return await(TcpProxy.create(testKit.system(), (InetSocketAddress) target.getLocalSocketAddress(), faults));
    }

    /** Both ends of a connection through a proxy. */
    private record Ends(TcpProxy.Link link, Socket client, Socket server) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private Ends connect(TcpProxy proxy) throws IOException {
        Socket client = new Socket(
                proxy.localAddress().getAddress(), proxy.localAddress().getPort());
        Socket server = target.accept();
        client.setSoTimeout(PATIENCE);
        server.setSoTimeout(PATIENCE);
        TestProbe<Object> probe = testKit.createTestProbe();
        probe.awaitAssert(Duration.ofMillis(PATIENCE), () -> {
            assertThat(proxy.links()).isNotEmpty();
            return probe;
        });
        return new Ends(proxy.links().get(proxy.links().size() - 1), client, server);
    }

    private static void sends(Socket from, byte[] bytes) throws IOException {
        from.getOutputStream().write(bytes);
    }

    private static void arrive(byte[] bytes, Socket at) throws IOException {
        assertThat(at.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
    }

    private static void isAtItsEnd(Socket socket) throws IOException {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }

    private static void wasReset(Socket socket) {
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
    }

    private static void hearsNothing(Socket socket) throws IOException {
        socket.setSoTimeout(100);
        assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(PATIENCE);
    }

    @Test
    void passesOnBothWaysAndEachEnd() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            sends(ends.client(), HELLO);
            arrive(HELLO, ends.server());
            ends.client().shutdownOutput();
            isAtItsEnd(ends.server());
            sends(ends.server(), HELLO);
            arrive(HELLO, ends.client());
            ends.server().close();
            isAtItsEnd(ends.client());

            await(ends.link().whenEnded());
            assertThat(ends.link().passed(Way.TO_TARGET)).isEqualTo(5);
            assertThat(ends.link().passed(Way.TO_CLIENT)).isEqualTo(5);
            assertThat(ends.link())
                    .asString()
                    .startsWith("connection 0 with TcpFaults[seed=0, ")
                    .endsWith("], 5 bytes to the target and 5 back");
        }
        await(proxy.stop());
    }

    @Test
    void passesOnAReset() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            ends.server().setSoLinger(true, 0);
            ends.server().close();

            wasReset(ends.client());
        }
        await(proxy.stop());
    }

    /** Bytes in pieces, slowly, are still the same bytes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void piecesAndPausesChangeNothing(long seed) throws IOException {
        byte[] bytes = new byte[2_000];
        new Random(seed).nextBytes(bytes);
        TcpProxy proxy = proxy(TcpFaults.seeded(seed).withPieces(17).withPauses(0.1, Duration.ofMillis(5)));
        try (Ends ends = connect(proxy)) {
            sends(ends.client(), bytes);
            sends(ends.server(), bytes);
            arrive(bytes, ends.server());
            arrive(bytes, ends.client());
        }
        await(proxy.stop());
    }

    @Test
    void arrivesInPieces() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(1).withPieces(3).withPauses(1, Duration.ofMillis(1)));
        try (Ends ends = connect(proxy)) {
            sends(ends.client(), new byte[30]);
            InputStream in = ends.server().getInputStream();
            int first = in.read(new byte[30]);

            assertThat(first).isLessThan(30);
            assertThat(in.readNBytes(30 - first)).hasSize(30 - first);
        }
        await(proxy.stop());
    }

    @Test
    void resets() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            ends.link().reset();

            wasReset(ends.client());
            wasReset(ends.server());
            await(ends.link().whenEnded());
        }
        await(proxy.stop());
    }

    @Test
    void finishes() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            ends.link().finish();

            isAtItsEnd(ends.client());
            isAtItsEnd(ends.server());
            assertThat(ends.link().hasEnded()).isTrue();
        }
        await(proxy.stop());
    }

    @Test
    void closesOneDirectionOnly() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            ends.link().halfClose(Way.TO_TARGET);

            isAtItsEnd(ends.server());
            sends(ends.client(), new byte[1_000_000]);
            sends(ends.server(), HELLO);
            arrive(HELLO, ends.client());
            assertThat(ends.link().passed(Way.TO_TARGET)).isZero();
            assertThat(ends.link().hasEnded()).isFalse();
        }
        await(proxy.stop());
    }

    @Test
    void leavesTheSenderOfADirectionWithoutAWord() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            ends.link().halfOpen(Way.TO_TARGET);

            wasReset(ends.server());
            sends(ends.client(), new byte[1_000_000]);
            hearsNothing(ends.client());
            assertThat(ends.link().passed(Way.TO_TARGET)).isZero();
            assertThat(ends.link().hasEnded()).isFalse();

            ends.client().close();
            await(ends.link().whenEnded());
        }
        await(proxy.stop());
    }

    @Test
    void stopAlsoResetsWhatIsHalfOpen() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            ends.link().halfOpen(Way.TO_CLIENT);
            wasReset(ends.client());
            hearsNothing(ends.server());

            await(proxy.stop());

            wasReset(ends.server());
        }
    }

    @Test
    void slowDirectionLosesNothing() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0).withBytesPerSecond(200_000));
        try (Ends ends = connect(proxy)) {
            byte[] bytes = new byte[50_000];
            new Random(1).nextBytes(bytes);
            sends(ends.client(), bytes);

            arrive(bytes, ends.server());
        }
        await(proxy.stop());
    }

    @Test
    void stallsOneDirectionUntilItResumes() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            ends.link().stall(Way.TO_TARGET);
            sends(ends.client(), HELLO);
            ends.client().shutdownOutput();
            sends(ends.server(), HELLO);

            arrive(HELLO, ends.client());
            hearsNothing(ends.server());

            ends.link().resume(Way.TO_TARGET);
            arrive(HELLO, ends.server());
            isAtItsEnd(ends.server());
        }
        await(proxy.stop());
    }

    /** The same seed cuts the same connection after the same bytes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void cutsWhereTheSeedSays(long seed) throws IOException {
        TcpFaults faults = TcpFaults.seeded(seed).withPieces(50).withCuts(300, EnumSet.of(Cut.FINISH));
        long[] passed = new long[2];
        for (int run = 0; run < 2; run++) {
            TcpProxy proxy = proxy(faults);
            try (Ends ends = connect(proxy)) {
                sends(ends.client(), new byte[300]);
                if (!hasEndedAfter(ends)) {
                    sends(ends.server(), new byte[300]);
                    await(ends.link().whenEnded());
                }
                passed[run] =
                        ends.link().passed(Way.TO_TARGET) * 1_000 + ends.link().passed(Way.TO_CLIENT);
            }
            await(proxy.stop());
        }
        assertThat(passed[1]).isEqualTo(passed[0]);
    }

    /** Whether the first direction is cut; otherwise all 300 bytes arrive. */
    private static boolean hasEndedAfter(Ends ends) throws IOException {
        return ends.server().getInputStream().readNBytes(300).length < 300;
    }

    @Test
    void stopResetsWhatIsLeftAndFreesThePort() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        try (Ends ends = connect(proxy)) {
            await(proxy.stop());

            wasReset(ends.client());
            wasReset(ends.server());
            assertThatThrownBy(() -> new Socket(
                                    proxy.localAddress().getAddress(),
                                    proxy.localAddress().getPort())
                            .close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void resetsTheClientIfThereIsNoTarget() throws IOException {
        TcpProxy proxy = proxy(TcpFaults.seeded(0));
        target.close();
        try (Socket client = new Socket(
                proxy.localAddress().getAddress(), proxy.localAddress().getPort())) {
            client.setSoTimeout(PATIENCE);
            wasReset(client);
        }
        await(proxy.stop());
    }
}
