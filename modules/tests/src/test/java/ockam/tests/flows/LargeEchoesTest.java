// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.SecureChannel;
import ockam.node.Node;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Windows that let in much more than a connection writes in a moment, and messages of which a few fill them. */
class LargeEchoesTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(TcpPair.PATIENT + """
            ockam.node { max-bytes-under-way = 512 MiB, send-window-bytes = 62 MiB }
            ockam.connection { read-window-bytes = 62 MiB, turn-window-bytes = 62 MiB }""");

    private static final int SIZE = 300_000;
    private static final int FLOWS = 4;
    private static final int OUTSTANDING = 31;
    private static final int ECHOES = LongForm.or(100, 1_000); // of each flow
    private static final Duration TRY_AGAIN = Duration.ofSeconds(20);

    private final AtomicInteger retries = new AtomicInteger();

    @Test
    void eachEchoThroughAChannelIsAnswered(OckamTestKit kit) {
        TcpPair pair = TcpPair.connect(kit);
        SecureChannel channel =
                pair.openChannel(kit.echoer(pair.bob(), "echoer").address());
        CompletionStage<Integer> all = Source.range(1, FLOWS)
                .mapAsync(FLOWS, flow -> echoes(pair.alice(), channel.route("echoer"), flow * ECHOES))
                .toMat(Sink.fold(0, Integer::sum), Keep.right())
                .run(kit.system());

        assertThat(kit.await(all)).isEqualTo(FLOWS * ECHOES);
        LongForm.report("large echoes: %d were asked for once more".formatted(retries.get()));
        assertThat(pair.fromAlice().hasEnded()).isFalse();
        kit.await(channel.close());
    }

    private CompletionStage<Integer> echoes(Node node, Route route, int first) {
        return Source.range(first, first + ECHOES - 1)
                .mapAsync(OUTSTANDING, number -> echo(node, route, number))
                .toMat(Sink.fold(0, (count, number) -> count + 1), Keep.right())
                .run(node.system());
    }

    /** Asks until there is an answer: what finds no room is refused. */
    private CompletionStage<Integer> echo(Node node, Route route, int number) {
        return node.ask(route, Codec.bytes(), payload(number, SIZE), TRY_AGAIN)
                .thenApply(answer -> {
                    assertThat(answer.body()).isEqualTo(payload(number, SIZE));
                    return number;
                })
                .exceptionallyComposeAsync(failure -> {
                    assertThat(failure).hasMessageContaining("NO_ROOM");
                    retries.incrementAndGet();
                    return echo(node, route, number);
                });
    }
}
