// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelOptions;
import ockam.channel.SecureChannels;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.wire.Any;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Handshakes without a reply end in time, and leave nothing (secure channel, sections 3.4 and 9). */
class HandshakeTimeoutTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create().withManualTime();

    private static final Duration TIMEOUT = Duration.ofMinutes(3);
    private static final Duration INSTANT = Duration.ofMillis(20);

    private final Scene scene;
    private final ManualTime time;
    private final TestProbe<Routed<Any>> hop;

    HandshakeTimeoutTest(ActorTestKit testKit, ManualTime time) {
        this.time = time;
        scene = Scene.create(testKit);
        hop = scene.hand("hop");
        await(scene.alice()
                .identity()
                .identities()
                .secureChannelKey(scene.alice().identity()));
        await(scene.bob().identity().identities().secureChannelKey(scene.bob().identity()));
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SecureChannelListener listenWithTimeout() {
        return SecureChannelListener.create(
                scene.node(),
                Scene.LISTENER,
                scene.bob().identity(),
                scene.alice().listenerOptions().withHandshakeTimeout(TIMEOUT));
    }

    private CompletionStage<SecureChannel> create(SecureChannelOptions options) {
        return SecureChannel.create(
                scene.node(), Route.parse("hop => listener"), scene.alice().identity(), options);
    }

    @Test
    void initiatorGivesUpWithoutMessage2InTheTimeOfItsOptions() {
        Footprint before = scene.footprint();
        CompletionStage<SecureChannel> handshake =
                create(scene.bob().channelOptions().withHandshakeTimeout(TIMEOUT));
        Routed<Any> message1 = hop.receiveMessage();

        time.timePasses(TIMEOUT.minus(INSTANT));
        stillThere(message1.returnRoute());
        time.timePasses(INSTANT);

        assertThat(Scene.failureOf(handshake)).isEqualTo("MESSAGE_2: TIMED_OUT");
        scene.eventually(before);
    }

    /** Asserts that a handshake is still there: it counts messages that it does not understand. */
    private void stillThere(Route handshake) {
        long before = scene.node().dropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED);
        scene.sendBytes(handshake, ByteString.fromString("garbage"));
        scene.eventuallyDropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED, before + 1);
    }

    @Test
    void initiatorGivesUpInTheTimeOfTheSettingsWhenTheOptionsHaveNone() {
        Footprint before = scene.footprint();
        Duration ofSettings = SecureChannels.get(scene.system()).settings().handshakeTimeout();
        CompletionStage<SecureChannel> handshake = create(scene.bob().channelOptions());
        Routed<Any> message1 = hop.receiveMessage();

        time.timePasses(ofSettings.minus(INSTANT));
        stillThere(message1.returnRoute());
        time.timePasses(INSTANT);

        assertThat(Scene.failureOf(handshake)).isEqualTo("MESSAGE_2: TIMED_OUT");
        scene.eventually(before);
    }

    @Test
    void message2ThatArrivesTooLateFindsNothing() {
        listenWithTimeout();
        CompletionStage<SecureChannel> handshake = create(scene.bob().channelOptions());
        hop.receiveMessage().forward();
        Routed<Any> message2 = hop.receiveMessage();
        time.timePasses(SecureChannels.get(scene.system()).settings().handshakeTimeout());
        assertThat(Scene.failureOf(handshake)).isEqualTo("MESSAGE_2: TIMED_OUT");

        message2.forward();

        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        assertThat(scene.channels()).isEmpty();
    }

    @Test
    void responderGivesUpWithoutMessage3() {
        listenWithTimeout();
        Footprint before = scene.footprint();
        CompletionStage<SecureChannel> handshake = create(scene.bob().channelOptions());
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        Routed<Any> message3 = hop.receiveMessage();
        SecureChannel channel = await(handshake);

        time.timePasses(TIMEOUT.minus(INSTANT));
        assertThat(scene.node().metadata(message3.onwardRoute().recipient())).isPresent();
        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: TIMED_OUT").expect(scene.system(), () -> {
            time.timePasses(INSTANT);
            return true;
        });

        scene.eventually(inUse -> assertThat(inUse.keys(scene.bob())).isEqualTo(before.keys(scene.bob())));
        message3.forward();
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        CompletionStage<Done> closed = channel.close();
        hop.receiveMessage();
        await(closed);
        scene.eventually(before);
    }

    @Test
    void openChannelIsNotClosedByTheTimeoutOfItsHandshake() {
        scene.node().allow(scene.echoer("echoer")).from(listenWithTimeout());
        SecureChannel channel = scene.open("listener");
        scene.otherEnd(channel);

        time.timePasses(TIMEOUT.multipliedBy(10));

        assertThat(scene.ask(channel, "echoer", "still here")).isEqualTo("still here");
    }

    @Test
    void handshakeOverHopsToAListenerThatHasStoppedTimesOut() {
        scene.hops("h1");
        Footprint before = scene.footprint();
        await(listenWithTimeout().stop());
        CompletionStage<SecureChannel> handshake = scene.create("h1 => listener");
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);

        time.timePasses(SecureChannels.get(scene.system()).settings().handshakeTimeout());

        assertThat(Scene.failureOf(handshake)).isEqualTo("MESSAGE_2: TIMED_OUT");
        scene.eventually(before);
    }
}
