// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import ockam.channel.ChannelDropReason;
import ockam.channel.ChannelState;
import ockam.channel.SecureChannel;
import ockam.node.Routed;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hop loses more frames in a row than the window has room for: the receiver catches up (secure channel, section 5.4). */
class LostFramesTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create();

    private static final int IN_A_ROW = 33;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Scene scene;
    private final TestProbe<Routed<String>> receiver;
    private final AtomicInteger toLose = new AtomicInteger();
    private final AtomicReference<LocalMessage> lastLost = new AtomicReference<>();
    private SecureChannel channel;

    @SuppressWarnings("NullAway.Init")
    LostFramesTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        receiver = scene.attached("receiver", Codec.string());
    }

    @BeforeEach
    void open() {
        scene.node().start(Address.of("lossy"), Behaviors.<Routed<Any>>receiveMessage(message -> {
            if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                lastLost.set(message.message());
                message.discard();
            } else {
                message.forward();
            }
            return Behaviors.same();
        }));
        scene.listen(scene.alice()
                .listenerOptions()
                .withSetup(
                        accepted -> scene.node().allow(Address.of("receiver")).from(accepted)));
        channel = scene.open("lossy => listener");
        arrives("first");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private void send(String text) {
        scene.send(channel.route("receiver"), text);
    }

    private void arrives(String text) {
        send(text);
        assertThat(receiver.receiveMessage().body()).isEqualTo(text);
    }

    private void lose(int frames) {
        toLose.set(frames);
        for (int i = 0; i < frames; i++) {
            send("lost");
            if (i % 1_000 == 999) { // no more at once than the send window holds
                int left = frames - i - 1;
                scene.eventually(() -> assertThat(toLose.get()).isEqualTo(left));
            }
        }
        scene.eventually(() -> assertThat(toLose.get()).isZero());
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 33, 1_000})
    void theThirtyThirdFrameAfterTheLossArrives(int lost) {
        lose(lost);
        for (int i = 1; i <= IN_A_ROW; i++) {
            send("after " + i);
        }
        // On a slow machine the pause alone may let an earlier one in.
        String first = receiver.receiveMessage().body();
        assertThat(first).startsWith("after ");
        int number = Integer.parseInt(first.substring("after ".length()));
        for (int i = number + 1; i <= IN_A_ROW; i++) {
            assertThat(receiver.receiveMessage().body()).isEqualTo("after " + i);
        }
        scene.eventuallyDropped(ChannelDropReason.FRAME_REFUSED, number - 1);
        arrives("and the next");
    }

    @Test
    void theNextFrameAfterAPauseArrivesWhateverWasLostWithinReach() {
        long lastAccepted = System.nanoTime();
        lose(32_767);
        scene.eventually(() ->
                assertThat(Duration.ofNanos(System.nanoTime() - lastAccepted)).isGreaterThan(PAUSE));
        arrives("after the loss");
        arrives("and the next");
    }

    @Test
    void beyondReachNothingArrivesAndTheOtherDirectionGoesOn() {
        lose(32_768);
        for (int i = 0; i < 3 * IN_A_ROW; i++) {
            send("too far");
        }
        scene.eventuallyDropped(ChannelDropReason.FRAME_REFUSED, 3 * IN_A_ROW);
        receiver.expectNoMessage(Duration.ZERO);
        SecureChannel back = scene.otherEnd(channel);
        scene.eventually(() -> {
            send("too far");
            assertThat(back.state()).isEqualTo(ChannelState.Open.OUT_OF_STEP);
        });
        TestProbe<Routed<String>> alice = scene.attached("alice", Codec.string());
        scene.node().allow(Address.of("alice")).from(channel);
        scene.send(back.route("alice"), "the other way");
        assertThat(alice.receiveMessage().body()).isEqualTo("the other way");
    }

    @Test
    void forgedFramesFarAheadLoseNothingThatWasNotLostBefore() {
        send("second");
        assertThat(receiver.receiveMessage().body()).isEqualTo("second");
        lose(1);
        LocalMessage real = Objects.requireNonNull(lastLost.get());
        Route toDecryptor = real.onwardRoute().step();
        for (int i = 0; i < 1_000; i++) {
            byte[] frame = real.payload().toArrayUnsafe().clone();
            ByteBuffer.wrap(frame).putLong(40 + 31L * i);
            scene.sendBytes(toDecryptor, ByteString.fromArray(frame));
            if (i % 50 == 0) {
                arrives("in between " + i);
            }
        }
        scene.eventuallyDropped(ChannelDropReason.FRAME_REFUSED, 1_000);
        arrives("afterwards");
    }
}
