// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import ockam.channel.ChannelEvent;
import ockam.channel.ChannelStateChanged;
import ockam.channel.Role;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.TrustPolicy;
import ockam.node.NodeAccess;
import ockam.routing.spi.Form;
import ockam.routing.spi.Observer;
import ockam.routing.spi.RoutingEvent;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an observer sees of a channel: the handshake step by step, what is a frame and what is not, and how it goes on and ends. */
@ExtendWith(ActorTestKitExtension.class)
class ChannelEventsTest {
    private final List<Observer.Event> events = new CopyOnWriteArrayList<>();
    private final Scene scene;

    ChannelEventsTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        scene.hops("h1");
        NodeAccess.router(scene.node()).addObserver(events::add);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private <T> Stream<T> seen(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }

    private ChannelEvent.Started started(Role role) {
        return seen(ChannelEvent.Started.class)
                .filter(event -> event.role() == role)
                .findFirst()
                .orElseThrow();
    }

    private List<String> steps(Role role) {
        return seen(ChannelEvent.class)
                .filter(event -> role.name().equals(event.attributes().get("role")))
                .map(event -> event.name() + new TreeMap<>(event.attributes()))
                .toList();
    }

    @Test
    void handshakeIsSeenStepByStepOnBothSides() {
        scene.listen();
        SecureChannel channel = scene.open("h1 => listener");
        scene.otherEnd(channel);

        assertThat(steps(Role.INITIATOR))
                .containsExactly(
                        "channel-started{role=INITIATOR}",
                        "handshake-message-sent{role=INITIATOR, step=MESSAGE_1}",
                        "handshake-message-received{role=INITIATOR, step=MESSAGE_2}",
                        "handshake-message-sent{role=INITIATOR, step=MESSAGE_3}");
        assertThat(steps(Role.RESPONDER))
                .containsExactly(
                        "channel-started{role=RESPONDER}",
                        "handshake-message-received{role=RESPONDER, step=MESSAGE_1}",
                        "handshake-message-sent{role=RESPONDER, step=MESSAGE_2}",
                        "handshake-message-received{role=RESPONDER, step=MESSAGE_3}");
        assertThat(started(Role.INITIATOR).addresses()).startsWith(channel.address(), channel.decryptorAddress());
        assertThat(seen(ChannelEvent.HandshakeMessageSent.class).flatMap(event -> event.addresses().stream()))
                .containsExactly(
                        channel.decryptorAddress(), channel.peerDecryptorAddress(), channel.decryptorAddress());
    }

    @Test
    void initiatorBeginsOnTheThreadOfTheOneWhoCreatesIt() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        NodeAccess.router(scene.node()).addObserver(event -> {
            if (event instanceof ChannelEvent.Started started && started.role() == Role.INITIATOR) {
                threads.add(Thread.currentThread());
            }
        });
        scene.listen();
        scene.open("h1 => listener");

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void whatBeginsOnANodeThatHasStoppedFails() {
        scene.listen();
        await(scene.node().stop());
        events.clear();
        assertThat(Scene.failureOf(scene.create("h1 => listener"))).isEqualTo("PREPARE: STOPPED");

        assertThat(steps(Role.INITIATOR))
                .containsExactly(
                        "channel-started{role=INITIATOR}",
                        "channel-handshake-failed{reason=STOPPED, role=INITIATOR, step=PREPARE}");
    }

    @Test
    void everyMessageSaysWhatItIsWhereItWasMade() {
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        SecureChannel channel = scene.open("h1 => listener");
        scene.ask(channel, "echoer", "secret");

        assertThat(seen(RoutingEvent.MessageDelivered.class)
                        .filter(event -> event.form() == Form.HANDSHAKE)
                        .map(RoutingEvent.MessageDelivered::source))
                .containsExactly(
                        channel.decryptorAddress(), channel.peerDecryptorAddress(), channel.decryptorAddress());
        assertThat(seen(RoutingEvent.MessageDelivered.class)
                        .filter(event -> event.form() == Form.FRAME)
                        .map(RoutingEvent.MessageDelivered::source))
                .containsExactly(channel.address(), started(Role.RESPONDER).channel());
        assertThat(seen(RoutingEvent.MessageDelivered.class)
                        .filter(event -> event.form() == Form.OPENED)
                        .map(RoutingEvent.MessageDelivered::source))
                .containsExactly(
                        started(Role.RESPONDER).internal(),
                        started(Role.INITIATOR).internal());
        assertThat(seen(RoutingEvent.MessageDelivered.class)
                        .filter(event -> event.source().equals(Address.of("h1")))
                        .map(Observer.Event::attributes))
                .as("a hop does not know what it passes on")
                .isNotEmpty()
                .allMatch(attributes -> attributes.isEmpty());
        assertThat(events.toString()).doesNotContain("secret");
    }

    @Test
    void openAndClosedAreSeenWithTheReason() {
        scene.listen();
        SecureChannel channel = scene.open("h1 => listener");
        scene.otherEnd(channel);
        await(channel.close());

        scene.eventually(() -> assertThat(seen(ChannelStateChanged.class)
                        .map(event -> event.channel().equals(channel.address()) + " "
                                + event.attributes().get("state") + " "
                                + event.attributes().get("reason")))
                .containsExactlyInAnyOrder(
                        "true UP null", "false UP null", "true CLOSED CLOSED", "false CLOSED CLOSED_BY_PEER"));
        assertThat(seen(ChannelStateChanged.class)
                        .filter(event -> event.channel().equals(channel.address())))
                .allSatisfy(event -> {
                    assertThat(event.name()).isEqualTo("channel-state-changed");
                    assertThat(event.addresses()).containsExactly(channel.address());
                    assertThat(event.attributes())
                            .containsEntry("peer", channel.peer().identifier().toString());
                });
    }

    @Test
    void failureIsSeenWithItsStepAndReason() {
        scene.listen(SecureChannelListenerOptions.trusting(TrustPolicy.anyOf()));
        scene.open("h1 => listener");

        scene.eventually(() -> assertThat(steps(Role.RESPONDER))
                .endsWith("channel-handshake-failed{reason=POLICY_REFUSED, role=RESPONDER, step=MESSAGE_3}"));
    }
}
