// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import ockam.channel.ChannelDropReason;
import ockam.channel.Role;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.node.Routed;
import ockam.routing.Metadata;
import ockam.routing.Peer;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.testkit.Tap;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Messages through an open channel, and the routes that they take (secure channel, sections 3.5, 6 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class ChannelRoutingTest {
    private static final Address BOBS_WORKER = Address.of("bobs");
    private static final Address ALICES_WORKER = Address.of("alices");

    private final Scene scene;
    private final SecureChannelListener listener;
    private final TestProbe<Routed<String>> bobs;
    private final TestProbe<Routed<String>> alices;

    ChannelRoutingTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        listener = scene.listen();
        bobs = scene.attached("bobs", Codec.string());
        alices = scene.attached("alices", Codec.string());
        scene.node().allow(BOBS_WORKER).from(listener);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** Returns Alice's end of a new channel; Bob's is also open, and Alice's worker can be reached. */
    private SecureChannel openBothWays(String route) {
        SecureChannel channel = scene.open(route);
        scene.otherEnd(channel);
        scene.node().allow(ALICES_WORKER).from(channel);
        return channel;
    }

    /** Does the same over a hop named hop whose messages the test forwards. */
    private SecureChannel openOver(TestProbe<Routed<Any>> hop) {
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        for (int message = 1; message <= 3; message++) {
            hop.receiveMessage().forward();
        }
        SecureChannel channel = await(handshake);
        scene.otherEnd(channel);
        scene.node().allow(ALICES_WORKER).from(channel);
        return channel;
    }

    // ---- return routes ----

    @Test
    void returnRouteBeginsWithTheReceivingEncryptorAndLeadsBack() {
        scene.hops("h1", "h2", "h3", "inner");
        SecureChannel channel = openBothWays("h1 => h2 => h3 => listener");
        SecureChannel back = scene.otherEnd(channel);
        scene.node().allow(Address.of("inner")).from(listener);
        scene.node().allow(scene.app()).from(channel);

        scene.send(channel.route(Route.of("inner", "bobs")), "question");

        Routed<String> question = bobs.receiveMessage();
        assertThat(question.body()).isEqualTo("question");
        assertThat(question.onwardRoute()).isEqualTo(Route.of(BOBS_WORKER));
        assertThat(question.returnRoute())
                .isEqualTo(Route.of(
                        Address.of("inner"), back.address(), scene.app().address()));
        question.reply("answer");
        Routed<String> answer = await(scene.app().receive(Codec.string()));
        assertThat(answer.body()).isEqualTo("answer");
        assertThat(answer.returnRoute()).isEqualTo(Route.of(channel.address(), Address.of("inner"), BOBS_WORKER));
    }

    @Test
    void replyToAReplyReachesTheWorkerAgain() {
        SecureChannel channel = openBothWays("listener");
        scene.node().allow(scene.app()).from(channel);
        scene.send(channel.route("bobs"), "one");
        bobs.receiveMessage().reply("two");
        Routed<String> two = await(scene.app().receive(Codec.string()));

        two.reply("three");

        assertThat(bobs.receiveMessage().body()).isEqualTo("three");
    }

    @Test
    void manyMaySendAtTheSameTimeAndEachKeepsItsOrder() {
        SecureChannel channel = openBothWays("listener");
        int senders = 4;
        int messages = 500;

        CompletableFuture<?>[] all = IntStream.range(0, senders)
                .mapToObj(sender -> CompletableFuture.runAsync(() ->
                        IntStream.range(0, messages).forEach(i -> scene.send(channel.route("bobs"), sender + ":" + i))))
                .toArray(CompletableFuture[]::new);
        await(CompletableFuture.allOf(all));

        Map<String, List<String>> received = bobs.receiveSeveralMessages(senders * messages).stream()
                .map(message -> message.body().split(":", 2))
                .collect(Collectors.groupingBy(
                        text -> text[0], Collectors.mapping(text -> text[1], Collectors.toList())));
        assertThat(received).hasSize(senders);
        assertThat(received.values())
                .containsOnly(
                        IntStream.range(0, messages).mapToObj(Integer::toString).toList());
    }

    // ---- registry and metadata ----

    @Test
    void registryFindsBothEndsByTheirEncryptorsWithRolesAndIdentifiers() {
        SecureChannel channel = openBothWays("listener");
        SecureChannel back = scene.otherEnd(channel);
        SecureChannels registry = SecureChannels.get(scene.system());

        assertThat(registry.list(scene.node())).containsExactlyInAnyOrder(channel, back);
        assertThat(registry.find(scene.node(), channel.address())).contains(channel);
        assertThat(registry.find(scene.node(), back.address())).contains(back);
        assertThat(registry.find(scene.node(), channel.decryptorAddress())).isEmpty();
        assertThat(channel.role()).isEqualTo(Role.INITIATOR);
        assertThat(channel.me()).isEqualTo(scene.alice().identifier());
        assertThat(channel.peer().identifier()).isEqualTo(scene.bob().identifier());
        assertThat(channel.peerDecryptorAddress()).isEqualTo(back.decryptorAddress());
        assertThat(back.role()).isEqualTo(Role.RESPONDER);
        assertThat(back.me()).isEqualTo(scene.bob().identifier());
        assertThat(back.peer().identifier()).isEqualTo(scene.alice().identifier());
        assertThat(back.peerDecryptorAddress()).isEqualTo(channel.decryptorAddress());
    }

    @Test
    void encryptorIsTerminalWithThePeersIdentifier() {
        scene.hops("h1", "h2");
        SecureChannel channel = openBothWays("h1 => listener");
        SecureChannel back = scene.otherEnd(channel);

        assertThat(scene.node().metadata(channel.address())).contains(terminal(scene.bob()));
        assertThat(scene.node().metadata(back.address())).contains(terminal(scene.alice()));
        assertThat(scene.node().metadata(channel.decryptorAddress())).contains(Metadata.none());
        assertThat(scene.node()
                        .findTerminalAddress(
                                Route.of(Address.of("h1"), Address.of("h2"), channel.address(), BOBS_WORKER)))
                .contains(channel.address());
        assertThat(scene.node().findTerminalAddress(Route.of("h1", "h2", "bobs")))
                .isEmpty();
    }

    private static Metadata terminal(Party peer) {
        String hex = peer.identifier().toString().substring(1);
        assertThat(hex).matches("[0-9a-f]{64}");
        return Metadata.terminal(Map.of("SECURE_CHANNEL_IDENTIFIER", hex));
    }

    @Test
    void messagesCarryThePeerAndNothingElseInBothDirections() {
        SecureChannel channel = openBothWays("listener");
        SecureChannel back = scene.otherEnd(channel);

        scene.send(channel.route("bobs"), "to Bob");
        scene.send(back.route("alices"), "to Alice");

        Routed<String> toBob = bobs.receiveMessage();
        assertThat(toBob.message().localInfo())
                .containsExactly(new Peer(scene.alice().identifier()));
        assertThat(toBob.peer()).contains(new Peer(scene.alice().identifier()));
        Routed<String> toAlice = alices.receiveMessage();
        assertThat(toAlice.message().localInfo())
                .containsExactly(new Peer(scene.bob().identifier()));
        assertThat(toAlice.peer()).contains(new Peer(scene.bob().identifier()));
    }

    // ---- routes that change ----

    @Test
    void initiatorMovesToAnotherRouteAndTheResponderFollows() {
        Tap oldRoute = Tap.create();
        for (String hop : new String[] {"h1", "h2", "h3"}) {
            scene.node().start(Address.of(hop), oldRoute.behavior());
        }
        Tap newRoute = scene.tap("g1");
        scene.node().allow(scene.echoer("echoer")).from(listener);
        SecureChannel channel = openBothWays("h1 => h2 => h3 => listener");
        SecureChannel back = scene.otherEnd(channel);
        assertThat(scene.ask(channel, "echoer", "over three hops")).isEqualTo("over three hops");

        int framesOnOldRoute = oldRoute.messages().size();
        channel.updateRoute(Route.of("g1"));
        assertThat(scene.ask(channel, "echoer", "over one hop")).isEqualTo("over one hop");
        assertThat(newRoute.messages()).as("question and reply").hasSize(2);
        sendBack(back, "over back over one hop");
        assertThat(newRoute.messages()).hasSize(3);

        channel.updateRoute(Route.empty());
        assertThat(scene.ask(channel, "echoer", "over none")).isEqualTo("over none");
        sendBack(back, "back over none");
        assertThat(newRoute.messages()).hasSize(3);
        assertThat(oldRoute.messages()).hasSize(framesOnOldRoute);

        await(channel.close());
        await(back.whenClosed());
    }

    private void sendBack(SecureChannel back, String text) {
        scene.send(back.route("alices"), text);
        assertThat(alices.receiveMessage().body()).isEqualTo(text);
    }

    @Test
    void veryFirstFrameDoesNotMoveTheResponder() {
        Tap oldRoute = scene.tap("old");
        Tap newRoute = scene.tap("new");
        SecureChannel channel = openBothWays("old => listener");
        SecureChannel back = scene.otherEnd(channel);
        oldRoute.clear();

        channel.updateRoute(Route.of("new"));
        scene.send(channel.route("bobs"), "with nonce 0");
        bobs.receiveMessage();
        sendBack(back, "the old route");
        assertThat(oldRoute.messages()).hasSize(1);

        scene.send(channel.route("bobs"), "with nonce 1");
        bobs.receiveMessage();
        sendBack(back, "the new route");
        assertThat(oldRoute.messages()).hasSize(1);
        assertThat(newRoute.messages()).hasSize(3);
    }

    @Test
    void lateFrameDoesNotMoveTheResponderBack() {
        TestProbe<Routed<Any>> oldRoute = scene.hand("hop");
        Tap newRoute = scene.tap("new");
        SecureChannel channel = openOver(oldRoute);
        SecureChannel back = scene.otherEnd(channel);
        scene.send(channel.route("bobs"), "0");
        oldRoute.receiveMessage().forward();
        scene.send(channel.route("bobs"), "1");
        Routed<Any> late = oldRoute.receiveMessage();

        channel.updateRoute(Route.of("new"));
        scene.send(channel.route("bobs"), "2");
        assertThat(bobs.receiveMessage().body()).isEqualTo("0");
        assertThat(bobs.receiveMessage().body()).isEqualTo("2");
        late.forward();
        assertThat(bobs.receiveMessage().body()).isEqualTo("1");

        sendBack(back, "the new route");
        assertThat(newRoute.messages()).hasSize(2);
        oldRoute.expectNoMessage(Duration.ZERO);
    }

    @Test
    void frameThatIsRefusedDoesNotMoveTheResponder() {
        Tap oldRoute = scene.tap("old");
        scene.hops("new");
        SecureChannel channel = openBothWays("old => listener");
        SecureChannel back = scene.otherEnd(channel);
        for (String text : new String[] {"0", "1"}) {
            scene.send(channel.route("bobs"), text);
            bobs.receiveMessage();
        }
        ByteString replayed =
                oldRoute.messages().get(oldRoute.messages().size() - 1).payload();
        oldRoute.clear();

        scene.sendBytes(Route.of(Address.of("new"), back.decryptorAddress()), replayed);
        scene.eventuallyDropped(ChannelDropReason.FRAME_REFUSED, 1);

        sendBack(back, "the old route");
        assertThat(oldRoute.messages()).hasSize(1);
    }

    @Test
    void initiatorDoesNotFollowItsPeer() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.hops("detour");
        SecureChannel channel = openOver(hop);
        SecureChannel back = scene.otherEnd(channel);
        scene.send(back.route("alices"), "0");
        hop.receiveMessage().forward();
        scene.send(back.route("alices"), "1");
        ByteString frame = hop.receiveMessage().message().payload();
        scene.sendBytes(Route.of(Address.of("detour"), channel.decryptorAddress()), frame);
        assertThat(alices.receiveMessage().body()).isEqualTo("0");
        assertThat(alices.receiveMessage().body()).isEqualTo("1");

        scene.send(channel.route("bobs"), "the old route");
        hop.receiveMessage().forward();

        assertThat(bobs.receiveMessage().body()).isEqualTo("the old route");
    }

    @Test
    void responderRefusesToBeMoved() {
        SecureChannel back = scene.otherEnd(openBothWays("listener"));

        assertThatThrownBy(() -> back.updateRoute(Route.empty()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("follows");
    }
}
