// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannels;
import ockam.node.Ockam;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two actor systems in one JVM share nothing, although everything in them has the same names. */
class TwoActorSystemsTest {
    private final ActorTestKit oneKit = ActorTestKit.create("same-name");
    private final ActorTestKit otherKit = ActorTestKit.create("same-name");
    private final Scene one = Scene.create(oneKit);
    private final Scene other = Scene.create(otherKit);

    @AfterEach
    void end() {
        oneKit.shutdownTestKit();
        otherKit.shutdownTestKit();
    }

    private static SecureChannel channelToAnEchoer(Scene scene) {
        scene.hops("hop");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        SecureChannel channel = scene.open("hop => listener");
        scene.otherEnd(channel);
        return channel;
    }

    @Test
    void haveTheirOwnChannels() {
        SecureChannel ofOne = channelToAnEchoer(one);
        SecureChannel ofOther = channelToAnEchoer(other);

        assertThat(one.ask(ofOne, "echoer", "one")).isEqualTo("one");
        assertThat(other.ask(ofOther, "echoer", "other")).isEqualTo("other");

        assertThat(one.channels()).hasSize(2).contains(ofOne).doesNotContain(ofOther);
        assertThat(other.channels()).hasSize(2).contains(ofOther).doesNotContain(ofOne);
        assertThat(SecureChannels.get(one.system())).isNotSameAs(SecureChannels.get(other.system()));
        assertThat(SecureChannels.get(one.system()).find(other.node(), ofOther.address()))
                .isEmpty();
        assertThat(SecureChannels.get(one.system()).list(other.node())).isEmpty();
        one.close();
        other.close();
    }

    @Test
    void channelOfOneIsUnknownToTheOther() {
        SecureChannel ofOne = channelToAnEchoer(one);
        other.hops("hop");

        assertThat(other.app().send(ofOne.route("echoer"), Codec.string(), "Hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        other.send(Route.of(Route.of("hop").next(), ofOne.peerDecryptorAddress()), "a frame, perhaps");
        other.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        assertThat(one.node().dropped(ChannelDropReason.FRAME_REFUSED)).isZero();
    }

    @Test
    void endOfOneDoesNotAffectTheOther() {
        SecureChannel ofOne = channelToAnEchoer(one);
        SecureChannel ofOther = channelToAnEchoer(other);

        oneKit.shutdownTestKit();

        await(ofOne.whenClosed());
        assertThat(one.alice().keys().aeadKeys()).isZero();
        assertThat(one.bob().keys().aeadKeys()).isZero();
        assertThat(other.ask(ofOther, "echoer", "still here")).isEqualTo("still here");
        other.otherEnd(other.open("hop => listener"));
        other.close();
    }

    @Test
    void terminatedSystemCreatesNoChannel() {
        one.listen();
        oneKit.shutdownTestKit();

        assertThat(Ockam.get(one.system()).node(one.node().name())).isEmpty();
        assertThat(Scene.failureOf(one.create("listener"))).isEqualTo("PREPARE: STOPPED");
    }
}
