// SPDX-License-Identifier: Apache-2.0

package ockam.tests.authority;

import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.ChannelState;
import ockam.channel.SecureChannel;
import ockam.node.Mailbox;
import ockam.node.Routed;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three minutes of traffic with credentials of one minute, from an authority behind TCP that is out of reach for most of the time (authority,
 * section 10, items 30 and 37).
 */
@ExtendWith(ActorTestKitExtension.class)
@EnabledIfSystemProperty(named = "ockam.long", matches = "true", disabledReason = "it takes three minutes")
class CredentialsInRealTimeTest {
    private static final Duration ALL = Duration.ofMinutes(3);
    private static final long UP_AT_FIRST = 5;
    private static final Duration EVERY = Duration.ofMillis(20);

    @Test
    void noMessageIsRefused(ActorTestKit testKit) {
        OckamTestKit kit = OckamTestKit.create(testKit);
        try (OutageScene scene = OutageScene.overTcp(kit, Clock.systemUTC(), OutageScene.VALIDITY)) {
            kit.stopRecording();
            SecureChannel channel = scene.opened(scene.remote(scene.alice(), scene.settings()));
            TestProbe<Routed<String>> answers = kit.probe(scene.alices(), "answers", Codec.string());
            scene.alices().allow(Address.of("answers")).from(channel);
            Mailbox from = scene.alices().mailbox("traffic");
            AtomicInteger sent = new AtomicInteger();
            long began = System.nanoTime();

            CompletionStage<Done> end = Source.tick(Duration.ZERO, EVERY, "")
                    .takeWithin(ALL)
                    .runWith(
                            Sink.foreach(tick -> {
                                from.send(LocalMessage.of(
                                        channel.route("echoer"),
                                        Route.of("answers"),
                                        Codec.string().encode(Integer.toString(sent.incrementAndGet()))));
                            }),
                            kit.system());
            int answered = 0;
            while (answered < sent.get() || !end.toCompletableFuture().isDone()) {
                int next = answered + 1;
                kit.eventually(() -> assertThat(
                                next <= sent.get() || end.toCompletableFuture().isDone())
                        .isTrue());
                long second = Duration.ofNanos(System.nanoTime() - began).toSeconds();
                if (OutageScene.isDownAt(second, UP_AT_FIRST) != scene.isDown()) {
                    scene.isDown(!scene.isDown());
                }
                if (next <= sent.get()) {
                    assertThat(answers.receiveMessage().body()).isEqualTo(Integer.toString(next));
                    answered = next;
                }
            }

            end.toCompletableFuture().orTimeout(1, TimeUnit.SECONDS).join();
            System.out.println("[credentials] " + sent + " messages in " + ALL.toSeconds() + " s, " + scene.denied()
                    + " refused; credentials: " + scene.issued() + " issued, " + scene.failed()
                    + " requests failed; the authority was out of reach for "
                    + scene.downFor().toSeconds() + " s");
            assertThat(scene.denied()).isZero();
            assertThat(scene.downFor()).isGreaterThan(ALL.dividedBy(2));
            assertThat(scene.failed()).isPositive();
            assertThat(channel.state()).isEqualTo(ChannelState.Open.UP);
            from.close();
        }
    }
}
