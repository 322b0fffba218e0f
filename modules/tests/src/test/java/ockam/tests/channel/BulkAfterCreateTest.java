// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.fixtures.Stages;
import ockam.node.Routed;
import ockam.node.StreamHandle;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * An initiator may send as soon as it has sent message 3, long before that has been verified. Everything it sends in the meantime
 * has to wait: 33 lost frames in a row would be more than the protocol tolerates.
 */
class BulkAfterCreateTest {
    private static final int ROUNDS = 20;
    private static final int MESSAGES = 1_000;
    private static final Address END = Address.of("end");

    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create();

    private final Scene scene;
    private final AtomicInteger received = new AtomicInteger();

    BulkAfterCreateTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        scene.hops("h1", "h2", "h3");
        SecureChannelListener listener = scene.listen();
        scene.node().start(END, Codec.string(), counting());
        scene.node().allow(END).from(listener);
    }

    private Behavior<Routed<String>> counting() {
        return Behaviors.receiveMessage(message -> {
            received.incrementAndGet();
            return Behaviors.same();
        });
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private void assertAllArrived(int count) {
        scene.eventually(() -> assertThat(received).hasValue(count));
        assertThat(scene.node().dropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES))
                .isZero();
        assertThat(scene.node().dropped(ChannelDropReason.FRAME_REFUSED)).isZero();
    }

    @Test
    void losesNothingThatIsSentImmediately() {
        for (int round = 1; round <= ROUNDS; round++) {
            SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(scene.app()
                                .send(channel.route(Route.of(END)), Codec.string(), "immediately")
                                .isAccepted())
                        .isTrue();
            }
            assertAllArrived(round * MESSAGES);
            await(channel.close());
        }
    }

    @Test
    void losesNothingOfFourStreamsThatStartImmediately() {
        List<String> texts =
                IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
        Materializer materializer = Materializer.createMaterializer(scene.system());
        for (int round = 1; round <= ROUNDS; round++) {
            SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
            List<CompletionStage<?>> sent = new ArrayList<>();
            for (int stream = 0; stream < 4; stream++) {
                StreamHandle handle = Source.from(texts)
                        .toMat(channel.sink(Route.of(END), Codec.string()), Keep.right())
                        .run(materializer);
                sent.add(handle.whenClosed());
            }
            sent.forEach(Stages::await);
            assertAllArrived(round * 4 * MESSAGES);
            await(channel.close());
        }
    }
}
