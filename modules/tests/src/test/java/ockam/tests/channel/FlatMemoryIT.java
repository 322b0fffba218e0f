// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.Materializer;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A million messages to a consumer that is slow at first: the number under way is bounded, and memory remains flat. */
@ExtendWith(ActorTestKitExtension.class)
class FlatMemoryIT {
    private static final int MESSAGES = 1_000_000;
    private static final int SLOW_MESSAGES = 20_000;
    private static final int SLOW_PER_SECOND = 10_000;
    private static final long SLACK_BYTES = 32L * 1024 * 1024;
    private static final int WINDOW = 64;

    @Test
    void keepsMemoryFlatForASlowConsumer(ActorTestKit testKit) {
        try (Scene scene = Scene.create(testKit).withoutRecording()) {
            Materializer materializer = Materializer.createMaterializer(testKit.system());
            scene.hops("h1", "h2", "h3");
            SecureChannelListener listener = scene.listen();
            SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
            long before = heapAfterCollection();
            AtomicInteger received = new AtomicInteger();
            AtomicInteger mostUnderWay = new AtomicInteger();
            Address end = Address.of("end");
            CompletionStage<Done> done = scene.node()
                    .source(end, Codec.bytes())
                    .throttle(SLOW_PER_SECOND, Duration.ofSeconds(1), message -> received.get() < SLOW_MESSAGES ? 1 : 0)
                    .map(message -> {
                        if (received.incrementAndGet() == SLOW_MESSAGES) {
                            assertThat(heapAfterCollection()).isLessThan(before + SLACK_BYTES);
                        }
                        mostUnderWay.accumulateAndGet(scene.node().messagesUnderWay(), Math::max);
                        return message;
                    })
                    .take(MESSAGES)
                    .runWith(Sink.ignore(), materializer);
            scene.node().allow(end).from(listener);
            Source.range(1, MESSAGES)
                    .map(i -> ByteString.fromArray(new byte[1024]))
                    .runWith(channel.sink(Route.of(end), Codec.bytes()), materializer);

            done.toCompletableFuture().orTimeout(100, TimeUnit.SECONDS).join();

            assertThat(received).hasValueGreaterThanOrEqualTo(MESSAGES);
            assertThat(mostUnderWay.get()).isPositive().isLessThanOrEqualTo(WINDOW);
            assertThat(heapAfterCollection()).isLessThan(before + SLACK_BYTES);
        }
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
