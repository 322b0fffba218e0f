// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.node.Routed;
import ockam.routing.SendResult;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A hundred thousand bogus first messages: each is answered, which costs the listener its curve operations, and none of the
 * handshakes continues. They take the place of each other, and of nothing else.
 */
@ExtendWith(ActorTestKitExtension.class)
class ListenerFloodIT {
    private static final int FLOOD = 100_000;
    private static final int WARM_UP = 2_000;
    private static final int AT_ONCE = 32;
    private static final int MAX_HALF_OPEN = 256;
    private static final int KEY_LENGTH = 32;
    private static final Address FLOODER = Address.of("flooder");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final long SLACK_BYTES = 16L * 1024 * 1024;

    private final Random random = new Random(7);

    /** A first message: any 32 bytes are a public key. */
    private LocalMessage message1() {
        byte[] key = new byte[KEY_LENGTH];
        random.nextBytes(key);
        return LocalMessage.of(Scene.TO_LISTENER, Route.of(FLOODER), ByteString.fromArray(key));
    }

    /** The result of a flood: the most keys that the listener's side held at the same time. */
    private record Flood(int mostKeys, long millis) {}

    /** Sends this many first messages, each when an earlier one was answered. */
    private Flood flood(Scene scene, int count) {
        long begin = System.nanoTime();
        CompletableFuture<Integer> over = new CompletableFuture<>();
        scene.node().start(FLOODER, Behaviors.setup(context -> {
            int[] seen = {Math.min(AT_ONCE, count), 0, 0}; // sent, answered, most keys
            return Behaviors.receiveMessage(answer -> {
                seen[2] = Math.max(seen[2], scene.bob().keys().agreementKeys());
                if (++seen[1] == count) {
                    over.complete(seen[2]);
                }
                if (seen[0] < count) {
                    seen[0]++;
                    SendResult sent = scene.app().send(message1());
                    if (!sent.isAccepted()) {
                        over.completeExceptionally(new AssertionError("a first message was refused: " + sent));
                    }
                }
                return Behaviors.same();
            });
        }));
        for (int i = 0; i < Math.min(AT_ONCE, count); i++) {
            assertThat(scene.app().send(message1()).isAccepted()).isTrue();
        }
        int mostKeys = over.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        await(scene.node().stop(FLOODER));
        return new Flood(mostKeys, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    @Test
    void holdsItsBoundAndItsMemoryInAFloodAndCompletesAnHonestHandshake(ActorTestKit testKit, TestReporter reporter) {
        try (Scene scene = Scene.create(testKit).withoutRecording()) {
            TestProbe<Routed<Any>> hop = scene.hand("hop");
            scene.node().allow(scene.echoer("echoer")).from(scene.listen());
            flood(scene, WARM_UP);
            long before = heapAfterCollection();

            Flood first = flood(scene, FLOOD / 2);
            CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
            hop.receiveMessage().forward();
            hop.receiveMessage().forward();
            Routed<Any> message3 = hop.receiveMessage();
            flood(scene, MAX_HALF_OPEN / 2);
            message3.forward();
            SecureChannel honest = await(handshake);
            scene.otherEnd(honest);
            Flood second = flood(scene, FLOOD / 2);

            // A handshake that gave way may take as long to end as the next takes to be answered.
            assertThat(first.mostKeys()).isBetween(MAX_HALF_OPEN, 1 + MAX_HALF_OPEN + AT_ONCE);
            assertThat(second.mostKeys()).isBetween(MAX_HALF_OPEN, 1 + MAX_HALF_OPEN + AT_ONCE);
            scene.eventually(
                    () -> assertThat(scene.bob().keys().agreementKeys()).isEqualTo(1 + MAX_HALF_OPEN));
            assertThat(scene.node().dropped(ChannelDropReason.TOO_MANY_HANDSHAKES))
                    .isZero();
            assertThat(scene.channels()).as("open channels never give way").hasSize(2);
            scene.eventually(() -> assertThat(heapAfterCollection()).isLessThan(before + SLACK_BYTES));
            long after = heapAfterCollection();
            reporter.publishEntry(Map.of(
                    "first messages per second", Long.toString(1_000L * FLOOD / (first.millis() + second.millis())),
                    "heap before, KiB", Long.toString(before / 1024),
                    "heap after, KiB", Long.toString(after / 1024),
                    "most keys", first.mostKeys() + ", " + second.mostKeys()));

            CompletionStage<Routed<String>> answer =
                    scene.node().ask(honest.route("echoer"), Codec.string(), "still here");
            hop.receiveMessage().forward();
            hop.receiveMessage().forward();
            assertThat(await(answer).body()).isEqualTo("still here");
        }
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
