// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import ockam.channel.ChannelDropReason;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.node.Routed;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Frames that overtake message 3: the initiator may send them, because the channel is already open on its side. */
class EarlyFramesTest {
    private static final int EARLY_FRAMES = 20;
    private static final int EARLY_FRAME_BYTES = 100_000;

    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create(
            "ockam.channel { early-frames = " + EARLY_FRAMES + ", early-frame-bytes = " + EARLY_FRAME_BYTES + " }");

    private final Scene scene;
    private final TestProbe<Routed<Any>> hop;
    private final TestProbe<Routed<ByteString>> worker;

    EarlyFramesTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        hop = scene.hand("hop");
        worker = scene.attached("worker", Codec.bytes());
        scene.node().allow(Address.of("worker")).from(scene.listen());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SecureChannel channel;
    private Routed<Any> message3;

    /** Alice has sent message 3, and the hop holds it back. */
    @BeforeEach
    void message3IsHeldBack() {
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        channel = await(handshake);
        message3 = hop.receiveMessage();
    }

    /** Sends frames with payloads of this size, up to the hop; the first byte identifies them. */
    private List<Routed<Any>> frames(int count, int size) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    byte[] payload = new byte[size];
                    payload[0] = (byte) i;
                    assertThat(scene.app()
                                    .send(channel.route("worker"), Codec.bytes(), ByteString.fromArray(payload))
                                    .isAccepted())
                            .isTrue();
                    return hop.receiveMessage();
                })
                .toList();
    }

    private List<Integer> received(int count) {
        return worker.receiveSeveralMessages(count).stream()
                .map(message -> (int) message.body().head())
                .toList();
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void areDeliveredInOrderAfterMessage3() {
        List<Routed<Any>> frames = frames(EARLY_FRAMES, 10);

        frames.forEach(Routed::forward);
        message3.forward();

        assertThat(received(EARLY_FRAMES)).isEqualTo(numbers(EARLY_FRAMES));
        assertThat(scene.node().dropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES))
                .isZero();
        assertThat(scene.node().dropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED))
                .isZero();
    }

    @Test
    void areDeliveredInOrderWithThoseThatFollowMessage3() {
        List<Routed<Any>> frames = frames(EARLY_FRAMES, 10);

        frames.subList(0, 7).forEach(Routed::forward);
        message3.forward();
        frames.subList(7, EARLY_FRAMES).forEach(Routed::forward);

        assertThat(received(EARLY_FRAMES)).isEqualTo(numbers(EARLY_FRAMES));
    }

    @Test
    void beyondTheirBoundAreDroppedAndCounted() {
        List<Routed<Any>> frames = frames(EARLY_FRAMES + 7, 10);

        frames.forEach(Routed::forward);
        scene.eventuallyDropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES, 7);
        message3.forward();

        assertThat(received(EARLY_FRAMES)).isEqualTo(numbers(EARLY_FRAMES));
        frames(1, 10).forEach(Routed::forward);
        assertThat(received(1)).as("the channel continues").isEqualTo(numbers(1));
    }

    @Test
    void beyondTheirBytesAreDroppedAndCounted() {
        List<Routed<Any>> frames = frames(4, EARLY_FRAME_BYTES / 3 - 500);

        frames.forEach(Routed::forward);
        scene.eventuallyDropped(ChannelDropReason.TOO_MANY_EARLY_FRAMES, 1);
        message3.forward();

        assertThat(received(3)).isEqualTo(numbers(3));
    }

    @Test
    void thatArriveTwiceAreDeliveredOnce() {
        List<Routed<Any>> frames = frames(3, 10);

        frames.forEach(Routed::forward);
        frames.forEach(Routed::forward);
        message3.forward();
        message3.forward();

        assertThat(received(3)).isEqualTo(numbers(3));
        scene.eventuallyDropped(ChannelDropReason.FRAME_REFUSED, 3 + 1);
        frames(1, 10).forEach(Routed::forward);
        assertThat(received(1)).isEqualTo(numbers(1));
    }

    @Test
    void mayBeAClose() {
        channel.close();
        Routed<Any> close = hop.receiveMessage();

        close.forward();
        message3.forward();

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.CLOSED);
        scene.eventually(inUse -> {
            assertThat(inUse.actors("channel")).isZero();
            assertThat(inUse.keys(scene.bob()).aeadKeys()).isZero();
        });
    }

    @Test
    void areForgottenWithAHandshakeThatEnds() {
        Address responder = message3.onwardRoute().recipient();
        frames(EARLY_FRAMES, 10).forEach(Routed::forward);

        await(scene.node().stop(responder));

        scene.eventually(
                inUse -> assertThat(inUse.actors("channel")).as("Alice's").isOne());
        assertThat(scene.channels()).containsExactly(channel);
    }
}
