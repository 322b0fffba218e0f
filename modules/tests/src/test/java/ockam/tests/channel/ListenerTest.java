// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.fixtures.Stages;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The listener: many channels at the same time, and a bound on those that are half open (secure channel, sections 1.1 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class ListenerTest {
    private static final int MAX_HALF_OPEN = 8;

    private final Scene scene;
    private final Random random = new Random(7);
    private final TestProbe<Routed<Any>> flooder;

    ListenerTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        flooder = scene.attached("flooder", Codec.any());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SecureChannelListener listenBounded() {
        return SecureChannelListener.create(
                scene.node(),
                Scene.LISTENER,
                scene.bob().identity(),
                scene.alice().listenerOptions().withMaxHalfOpen(MAX_HALF_OPEN));
    }

    @Test
    void acceptsTwentyConcurrentChannels() {
        scene.hops("h1", "h2");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());

        List<CompletionStage<SecureChannel>> handshakes = IntStream.range(0, 20)
                .mapToObj(i -> scene.create("h1 => h2 => listener"))
                .toList();
        List<SecureChannel> channels = handshakes.stream().map(Stages::await).toList();

        Set<Address> addresses = new HashSet<>();
        for (SecureChannel channel : channels) {
            SecureChannel back = scene.otherEnd(channel);
            addresses.addAll(
                    List.of(channel.address(), channel.decryptorAddress(), back.address(), back.decryptorAddress()));
        }
        assertThat(addresses).hasSize(4 * 20);
        assertThat(channels.stream().map(SecureChannel::flowControlId)).doesNotHaveDuplicates();
        List<CompletionStage<Routed<String>>> answers = IntStream.range(0, 20)
                .mapToObj(i -> scene.node().ask(channels.get(i).route("echoer"), Codec.string(), "channel " + i))
                .toList();
        for (int i = 0; i < 20; i++) {
            assertThat(await(answers.get(i)).body()).isEqualTo("channel " + i);
        }
    }

    // ---- stopping ----

    @Test
    void stoppedListenerLeavesItsChannelsOpenAndAcceptsNoMore() {
        SecureChannelListener listener = scene.listen();
        scene.node().allow(scene.echoer("echoer")).from(listener);
        SecureChannel channel = scene.open("listener");
        scene.otherEnd(channel);

        await(listener.stop());

        assertThat(scene.ask(channel, "echoer", "still here")).isEqualTo("still here");
        assertThat(Scene.failureOf(scene.create("listener"))).isEqualTo("MESSAGE_1: NO_SUCH_ADDRESS");
        scene.eventually(inUse -> assertThat(inUse.actors("listener")).isZero());
        assertThatThrownBy(() -> await(listener.stop())).hasStackTraceContaining("NO_SUCH_ADDRESS");
    }

    @Test
    void handshakeThatIsUnderWayOutlivesTheListener() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        SecureChannelListener listener = scene.listen();
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        Routed<Any> message3 = hop.receiveMessage();

        await(listener.stop());
        message3.forward();

        scene.otherEnd(await(handshake));
    }

    @Test
    void addressOfAListenerIsTakenOnlyOnce() {
        scene.listen();
        Footprint before = scene.footprint();

        assertThatThrownBy(scene::listen)
                .isInstanceOfSatisfying(
                        RoutingException.class,
                        e -> assertThat(e.reason()).isEqualTo(RoutingException.Reason.ADDRESS_IN_USE));
        scene.eventually(before);
        scene.otherEnd(scene.open("listener"));
    }

    // ---- half-open handshakes ----

    @Test
    void oldestHalfOpenHandshakeGivesWayToANewOne() {
        listenBounded();

        List<Address> responders = LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: GAVE_WAY")
                .withOccurrences(100 - MAX_HALF_OPEN)
                .expect(
                        scene.system(),
                        () -> IntStream.range(0, 100).mapToObj(i -> floods()).toList());

        // Not exactly the oldest: the listener may learn a little later than this test that a responder has replied.
        List<Address> old = responders.subList(0, 100 - 2 * MAX_HALF_OPEN);
        scene.eventually(inUse -> {
            assertThat(inUse.actors("channel")).isEqualTo(MAX_HALF_OPEN);
            assertThat(old)
                    .allSatisfy(address ->
                            assertThat(scene.node().metadata(address)).isEmpty());
            assertThat(inUse.keys(scene.bob()).agreementKeys()).isEqualTo(1 + MAX_HALF_OPEN);
        });
        assertThat(scene.node().metadata(responders.get(99))).isPresent();
        assertThat(scene.node().dropped(ChannelDropReason.TOO_MANY_HANDSHAKES)).isZero();
    }

    /** Sends a first message and waits for the reply; returns the responder's address. */
    private Address floods() {
        flood("flooder");
        return flooder.receiveMessage().returnRoute().recipient();
    }

    private void flood(String from) {
        byte[] message1 = new byte[32];
        random.nextBytes(message1);
        assertThat(scene.app().send(LocalMessage.of(Scene.TO_LISTENER, Route.of(from), ByteString.fromArray(message1))))
                .isEqualTo(SendResult.accepted());
    }

    @Test
    void firstMessagesWithAWeakKeyTakeNoPlaceForLong() {
        listenBounded();
        await(scene.bob().identity().identities().secureChannelKey(scene.bob().identity()));
        Footprint before = scene.footprint();

        for (int i = 0; i < 2 * MAX_HALF_OPEN; i++) {
            LoggingTestKit.debug("as RESPONDER not made: MESSAGE_2: WEAK_KEY").expect(scene.system(), () -> {
                scene.sendBytes(Scene.TO_LISTENER, ByteString.fromArray(new byte[32]));
                return true;
            });
            scene.eventually(before);
        }

        scene.otherEnd(scene.open("listener"));
        assertThat(scene.node().dropped(ChannelDropReason.TOO_MANY_HANDSHAKES)).isZero();
    }

    @Test
    void burstIsAnsweredOrDroppedAndNeverHoldsMoreThanTheBound() {
        AtomicInteger answers = new AtomicInteger();
        scene.node().start(Address.of("counter"), Behaviors.receiveMessage(answer -> {
            answers.incrementAndGet();
            return Behaviors.same();
        }));
        listenBounded();

        IntStream.range(0, 500).forEach(i -> flood("counter"));

        scene.eventually(inUse -> {
            assertThat(answers.get() + scene.node().dropped(ChannelDropReason.TOO_MANY_HANDSHAKES))
                    .isEqualTo(500);
            assertThat(inUse.actors("channel")).isEqualTo(MAX_HALF_OPEN);
            assertThat(inUse.keys(scene.bob()).agreementKeys()).isEqualTo(1 + MAX_HALF_OPEN);
        });
        scene.otherEnd(scene.open("listener"));
    }

    @Test
    void honestHandshakeSucceedsInAFloodIfItsMessage3ArrivesInTime() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        listenBounded();
        IntStream.range(0, 50).forEach(i -> floods());
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        Routed<Any> message3 = hop.receiveMessage();
        IntStream.range(0, MAX_HALF_OPEN / 2).forEach(i -> floods());

        message3.forward();

        scene.otherEnd(await(handshake));
        IntStream.range(0, 50).forEach(i -> floods());
        assertThat(scene.channels()).as("open channels never give way").hasSize(2);
    }

    @Test
    void handshakeWhoseMessage3ArrivesTooLateFails() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.node().allow(scene.echoer("echoer")).from(listenBounded());
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        Routed<Any> message3 = hop.receiveMessage();
        Address responder = message3.onwardRoute().recipient();
        IntStream.range(0, 2 * MAX_HALF_OPEN).forEach(i -> floods());
        scene.eventually(() -> assertThat(scene.node().metadata(responder)).isEmpty());

        message3.forward();
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);

        SecureChannel channel = await(handshake);
        scene.send(channel.route("echoer"), "Hello");
        hop.receiveMessage().forward();
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 2);
        assertThat(scene.channels()).containsExactly(channel);
    }

    @Test
    void handshakesThatAreFinishedOrGivenUpMakeRoom() {
        listenBounded();
        for (int i = 0; i < 3 * MAX_HALF_OPEN; i++) {
            scene.otherEnd(scene.open("listener"));
        }
        List<Address> responders =
                IntStream.range(0, MAX_HALF_OPEN).mapToObj(i -> floods()).toList();

        assertThat(responders)
                .allSatisfy(
                        address -> assertThat(scene.node().metadata(address)).isPresent());
        responders.forEach(address -> await(scene.node().stop(address)));
        scene.otherEnd(scene.open("listener"));
    }
}
