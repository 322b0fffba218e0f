// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.NotUsed;
import akka.pattern.Patterns;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.node.Routed;
import ockam.node.StreamHandle;
import ockam.node.StreamReport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Streams through a channel over TCP, of more than all buffers on the way hold, to consumers that do not keep up. */
class SlowConsumersTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(TcpPair.PATIENT);

    private static final int SIZE = 60_000;
    private static final Address END = Address.of("end");
    /** Two windows, on each side: at Alice there is that of the stream, at Bob that of the connection, and each may be a little over. */
    private static final int MOST_BYTES = 2 * 1024 * 1024;

    private final OckamTestKit kit;
    private final TcpPair pair;
    private final SecureChannel channel;

    SlowConsumersTest(OckamTestKit kit) {
        this.kit = kit;
        this.pair = TcpPair.connect(kit);
        this.channel = pair.openChannel(END);
    }

    @AfterEach
    void close() {
        kit.await(channel.close());
    }

    @Test
    void consumerThatPausesLosesNothing() {
        int messages = LongForm.or(1_000, 20_000);
        losesNothing(
                messages,
                Flow.<Routed<ByteString>>create()
                        .mapAsync(
                                1,
                                message -> number(message) % (messages / 2) == 100
                                        ? Patterns.after(
                                                Duration.ofSeconds(2),
                                                kit.system().classicSystem(),
                                                () -> CompletableFuture.completedStage(message))
                                        : CompletableFuture.completedStage(message)));
    }

    @Test
    void slowConsumerLosesNothing() {
        int perSecond = LongForm.or(100, 10);
        losesNothing(
                LongForm.or(300, 600), Flow.<Routed<ByteString>>create().throttle(perSecond, Duration.ofSeconds(1)));
    }

    private static int number(Routed<ByteString> message) {
        return Byte.toUnsignedInt(message.body().apply(0))
                | Byte.toUnsignedInt(message.body().apply(1)) << 8;
    }

    private void losesNothing(int messages, Flow<Routed<ByteString>, Routed<ByteString>, NotUsed> consumer) {
        CompletionStage<Integer> received = pair.bob()
                .source(END, Codec.bytes())
                .via(consumer)
                .map(message -> {
                    assertThat(pair.alice().bytesUnderWay()).isLessThan(MOST_BYTES);
                    assertThat(pair.bob().bytesUnderWay()).isLessThan(MOST_BYTES);
                    return message.body();
                })
                .take(messages)
                .toMat(
                        Sink.fold(0, (count, body) -> {
                            assertThat(body).isEqualTo(payload(count + 1, SIZE));
                            return count + 1;
                        }),
                        Keep.right())
                .run(kit.system());
        StreamHandle sending = Source.range(1, messages)
                .map(number -> payload(number, SIZE))
                .toMat(channel.sink(Route.of(END), Codec.bytes()), Keep.right())
                .run(kit.system());

        assertThat(kit.await(received)).isEqualTo(messages);
        StreamReport report = kit.await(sending.whenClosed());
        assertThat(report.arrived()).isEqualTo(messages);
        assertThat(pair.alice().dropped() + pair.bob().dropped()).isZero();
    }
}
