// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static ockam.node.NodeKit.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream that ends waits as long as something arrives, and fails if nothing does. */
class StreamDrainTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit(ManualTime.config());

    private static final Address END = Address.of("end");
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(60);
    private static final int COUNT = 5;

    private final Node node = KIT.node();
    private final ManualTime time = ManualTime.get(KIT.system());
    private final Queue<Routed<String>> kept = new ConcurrentLinkedQueue<>();

    private StreamHandle toOneWhoKeepsThem() {
        node.start(END, Codec.string(), Behaviors.receiveMessage(message -> {
            kept.add(message.defer());
            return Behaviors.same();
        }));
        StreamHandle sending = Source.repeat("on")
                .take(COUNT)
                .toMat(node.sink(Route.of(END), Codec.string()), Keep.right())
                .run(Materializer.createMaterializer(KIT.system()));
        KIT.eventually(() -> assertThat(kept).hasSize(COUNT));
        return sending;
    }

    /**
     * The stream may begin to wait at any moment after the last message is here, and restarts when it comes to it. So each pause is shorter
     * than the time-out, and all of them are longer.
     */
    @Test
    void waitsAsLongAsSomethingArrives() {
        StreamHandle sending = toOneWhoKeepsThem();
        while (kept.size() > 1) {
            kept.remove().discard();
            time.timePasses(DRAIN_TIMEOUT.multipliedBy(2).dividedBy(3));
        }
        kept.remove().discard();

        assertThat(await(sending.whenClosed()).arrived()).isEqualTo(COUNT);
    }

    @Test
    void failsIfNothingArrives() {
        StreamHandle sending = toOneWhoKeepsThem();
        kept.remove().discard();

        KIT.eventually(() -> {
            time.timePasses(DRAIN_TIMEOUT);
            assertThat(sending.whenClosed().toCompletableFuture()).isCompletedExceptionally();
        });

        assertThat(failureOf(sending.whenClosed())).isEqualTo(RoutingException.Reason.TIMED_OUT);
        kept.forEach(Routed::discard);
    }
}
