// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import ockam.channel.ChannelClosedException;
import ockam.channel.CloseReason;
import ockam.channel.Liveness;
import ockam.channel.SecureChannel;
import ockam.node.StreamHandle;
import ockam.node.StreamReport;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.TcpFaults;
import ockam.testkit.TcpFaults.Cut;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.testkit.TcpProxy.Link;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream through a channel over networks from a good to a terrible one, as TCP shows them: bytes that come in small pieces, late, and then
 * not at all. {@code modules/benchmarks/lab} does the same with packets.
 */
class RungsTest {
    private static final int MESSAGES = LongForm.or(100, 10_000);
    /** Room for one message that has not arrived completely, not for two. */
    private static final String ONE_MESSAGE = "ockam.tcp.max-unfinished-bytes = 18 KiB";

    /** As much as is under way of one stream. */
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final Liveness SOON =
            new Liveness(Address.of("echoer"), Duration.ofMillis(200), Duration.ofMillis(600));
    private static final Address END = Address.of("end");

    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(TcpPair.PATIENT + ONE_MESSAGE);

    /** A network, the bytes of each message, and how the network ends the connection in the middle of the stream, if it does. */
    private record Rung(
            int bytes, TcpFaults faults, @Nullable Cut cut) {
        private Rung(int bytes, TcpFaults faults) {
            this(bytes, faults, null);
        }
    }

    static Stream<Rung> rungs() {
        return Stream.of(
                new Rung(10_000, TcpFaults.seeded(1)),
                new Rung(10_000, TcpFaults.seeded(2).withPieces(16_000)),
                new Rung(5_000, faults(3, 8_000, 0.02, 10)),
                new Rung(2_000, faults(4, 4_000, 0.05, 10)),
                new Rung(500, faults(5, 1_400, 0.1, 20)),
                new Rung(100, faults(6, 500, 0.2, 20)),
                new Rung(10_000, faults(7, 1_400, 0.02, 10), Cut.RESET),
                new Rung(1_000, faults(8, 700, 0.05, 20), Cut.HALF_CLOSE),
                new Rung(100, faults(9, 100, 0.05, 20), Cut.STALL),
                new Rung(100, faults(10, 100, 0.05, 20), Cut.HALF_OPEN));
    }

    private static TcpFaults faults(long seed, int pieces, double pauses, int millis) {
        return TcpFaults.seeded(seed).withPieces(pieces).withPauses(pauses, Duration.ofMillis(millis));
    }

    private static void cut(Cut how, Link link) {
        switch (how) {
            case RESET -> link.reset();
            case FINISH -> link.finish();
            case HALF_CLOSE -> link.halfClose(Way.TO_TARGET);
            case STALL -> link.stall(Way.TO_TARGET);
            case HALF_OPEN -> link.halfOpen(Way.TO_TARGET);
        }
    }

    @ParameterizedTest
    @MethodSource("rungs")
    void streamEndsWellOrIsToldWhyNotAndLeavesNothing(Rung rung, OckamTestKit kit) {
        AtomicInteger arrived = new AtomicInteger();
        TcpProxy[] network = new TcpProxy[1];
        TcpPair pair = TcpPair.connect(kit, listener -> {
            network[0] = kit.await(TcpProxy.create(kit.system(), listener.localAddress(), rung.faults()));
            return network[0].hostAndPort();
        });
        SecureChannel channel =
                pair.openChannel(END, kit.echoer(pair.bob(), "echoer").address());
        CompletionStage<Done> received = pair.bob()
                .source(END, Codec.bytes())
                .runWith(
                        Sink.foreach(message -> {
                            assertThat(message.body()).isEqualTo(payload(arrived.get() + 1, rung.bytes()));
                            assertThat(pair.alice().bytesUnderWay()).isLessThan(MOST_BYTES);
                            assertThat(pair.bob().bytesUnderWay()).isLessThan(MOST_BYTES);
                            arrived.incrementAndGet();
                        }),
                        kit.system());

        Cut cut = rung.cut();
        StreamHandle sending = Source.range(1, cut == null ? MESSAGES : Integer.MAX_VALUE)
                .map(number -> payload(number, rung.bytes()))
                .toMat(channel.sink(Route.of(END), Codec.bytes()), Keep.right())
                .run(kit.system());
        if (cut != null) {
            kit.eventually(() -> assertThat(arrived).hasValueGreaterThan(20));
            cut(cut, network[0].links().get(0));
            if (cut == Cut.STALL || cut == Cut.HALF_OPEN) {
                channel.watchPeer(SOON); // nobody else would notice
                Throwable failure = kit.await(sending.whenClosed().handle((report, failed) -> failed));
                assertThat(failure)
                        .isInstanceOfSatisfying(
                                ChannelClosedException.class,
                                e -> assertThat(e.reason()).isEqualTo(CloseReason.PEER_SILENT));
            } else {
                kit.expectRefused(sending.whenClosed(), RoutingDropReason.NO_SUCH_ADDRESS);
            }
        } else {
            StreamReport report = kit.await(sending.whenClosed());
            assertThat(report.arrived()).isEqualTo(MESSAGES);
            kit.eventually(() -> assertThat(arrived).hasValue(MESSAGES));
            assertThat(pair.alice().dropped() + pair.bob().dropped()).isZero();
        }
        kit.await(channel.close());
        kit.await(network[0].stop());
        kit.close();

        assertThat(kit.await(received)).isEqualTo(Done.getInstance());
    }
}
