// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.TrustPolicy;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The largest message that a channel carries: its frame has at most 16 MiB less 64 KiB. One byte more is refused where it is sent. */
@ExtendWith(ActorTestKitExtension.class)
class BodyLimitTest {
    private static final int LARGEST_FRAME = 16 * 1024 * 1024 - 64 * 1024;
    /** Nonce, tag, and what the frame's content has beside routes and payload: five heads, an empty padding, the head of the payload. */
    private static final int OVERHEAD = 8 + 16 + 6 + 5;

    private static final Route BACK = Route.of("app");

    private static int largestBody(Route onPeersNode) {
        return LARGEST_FRAME - OVERHEAD - onPeersNode.encodedSize() - BACK.encodedSize();
    }

    private static LocalMessage message(Route through, int size) {
        return LocalMessage.of(through, BACK, ByteString.fromArray(new byte[size]));
    }

    @Test
    void carriesTheLargestAndRefusesOneByteMore(ActorTestKit testKit) {
        try (Scene scene = Scene.create(testKit)) {
            scene.hops("h1");
            TestProbe<Routed<ByteString>> worker = scene.attached("worker", Codec.bytes());
            SecureChannelListener listener = scene.listen();
            scene.node().allow(Address.of("worker")).from(listener);
            scene.node().allow(scene.echoer("echoer")).from(listener);
            SecureChannel channel = scene.open("h1 => listener");
            int largest = largestBody(Route.of("worker"));

            assertThat(scene.app().send(message(channel.route("worker"), largest)))
                    .isEqualTo(SendResult.accepted());
            assertThat(worker.receiveMessage().body().size()).isEqualTo(largest);
            scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isZero());
            assertThat(scene.app().send(message(channel.route("worker"), largest + 1)))
                    .isEqualTo(SendResult.refused(RoutingDropReason.TOO_LARGE));

            assertThat(scene.node().dropped()).isZero();
            assertThat(scene.ask(channel, "echoer", "hello")).isEqualTo("hello");
        }
    }

    @Test
    void countsWhatIsTooLargeWhereTheChannelIsNotTheFirstHop(ActorTestKit testKit) {
        try (Scene scene = Scene.create(testKit)) {
            scene.hops("h1");
            scene.listen();
            SecureChannel channel = scene.open("listener");
            Route route = channel.route("worker").prepend(Address.of("h1"));

            assertThat(scene.app().send(message(route, largestBody(Route.of("worker")) + 1)))
                    .isEqualTo(SendResult.accepted());

            scene.eventuallyDropped(RoutingDropReason.TOO_LARGE, 1);
            scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isZero());
        }
    }

    /** The frame of the inner channel is a message of the outer one. */
    @Test
    void anOuterChannelRefusesTheLargestFrameOfAnInnerOne(ActorTestKit testKit) {
        try (Scene scene = Scene.create(testKit)) {
            TestProbe<Routed<ByteString>> worker = scene.attached("worker", Codec.bytes());
            SecureChannelListener outerListener = scene.listen();
            SecureChannel outer = scene.open("listener");
            SecureChannelListener innerListener = SecureChannelListener.create(
                    scene.node(),
                    Address.of("inner"),
                    scene.bob().identity(),
                    SecureChannelListenerOptions.trusting(
                                    TrustPolicy.identifier(scene.alice().identifier()))
                            .withOpenTo(outerListener));
            scene.node().allow(Address.of("worker")).from(innerListener);
            SecureChannel inner = await(SecureChannel.create(
                    scene.node(),
                    outer.route("inner"),
                    scene.alice().identity(),
                    SecureChannelOptions.trusting(
                            TrustPolicy.identifier(scene.bob().identifier()))));
            int largest = largestBody(Route.of("worker"));

            scene.app().send(message(inner.route("worker"), largest));
            scene.eventuallyDropped(RoutingDropReason.TOO_LARGE, 1);
            scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isZero());
            assertThat(scene.app().send(message(inner.route("worker"), largest - 200)))
                    .isEqualTo(SendResult.accepted());

            assertThat(worker.receiveMessage().body().size()).isEqualTo(largest - 200);
            assertThat(scene.node().dropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN))
                    .isZero();
        }
    }
}
