// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.identity.Change;
import ockam.node.Mailbox;
import ockam.node.Routed;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Tap;
import ockam.vault.KeyCounts;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The handshake as seen by the hops along the route (secure channel, sections 3 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class HandshakeOverHopsTest {
    private static final Address H1 = Address.of("h1");
    private static final Address H2 = Address.of("h2");
    private static final Address H3 = Address.of("h3");

    private final Scene scene;

    HandshakeOverHopsTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void eachVaultHoldsTwoAeadKeysWhileTheChannelIsOpenAndNothingElseOfIt() {
        scene.hops("h1", "h2", "h3");
        scene.listen();
        SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
        scene.otherEnd(channel);

        KeyCounts whileOpen = new KeyCounts(1, 1, 0, 2);
        scene.eventually(() -> {
            assertThat(scene.alice().keys()).isEqualTo(whileOpen);
            assertThat(scene.bob().keys()).isEqualTo(whileOpen);
        });

        await(channel.close());
        KeyCounts afterwards = new KeyCounts(1, 1, 0, 0);
        scene.eventually(() -> {
            assertThat(scene.alice().keys()).isEqualTo(afterwards);
            assertThat(scene.bob().keys()).isEqualTo(afterwards);
        });
    }

    @Test
    void responderRepliesFromItsOwnAddressAndMessage3GoesThere() {
        Tap first = scene.tap("h1");
        scene.hops("h2");
        Tap last = scene.tap("h3");
        scene.listen();
        SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
        Address initiator = channel.decryptorAddress();
        Address responder = scene.otherEnd(channel).decryptorAddress();

        assertThat(responder).isNotEqualTo(Scene.LISTENER);
        assertThat(routes(last.messages().get(0)))
                .isEqualTo(routes(Route.of(H3, Scene.LISTENER), Route.of(H2, H1, initiator)));
        assertThat(routes(last.messages().get(1)))
                .isEqualTo(routes(Route.of(H3, H2, H1, initiator), Route.of(responder)));
        assertThat(routes(first.messages().get(1)))
                .isEqualTo(routes(Route.of(H1, initiator), Route.of(H2, H3, responder)));
        assertThat(routes(first.messages().get(2)))
                .isEqualTo(routes(Route.of(H1, H2, H3, responder), Route.of(initiator)));
        assertThat(routes(last.messages().get(2)))
                .isEqualTo(routes(Route.of(H3, responder), Route.of(H2, H1, initiator)));
    }

    @Test
    void handshakeMessagesCarryTheSendersDecryptorAndFramesNoReturnRoute() {
        Tap first = scene.tap("h1");
        Tap last = scene.tap("h3");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        SecureChannel channel = scene.open("h1 => h3 => listener");
        assertThat(scene.ask(channel, "echoer", "Hello")).isEqualTo("Hello");

        Address initiator = channel.decryptorAddress();
        Address responder = channel.peerDecryptorAddress();
        assertThat(first.messages().stream().map(HandshakeOverHopsTest::routes))
                .containsExactly(
                        routes(Route.of(H1, H3, Scene.LISTENER), Route.of(initiator)), // message 1
                        routes(Route.of(H1, initiator), Route.of(H3, responder)), // message 2
                        routes(Route.of(H1, H3, responder), Route.of(initiator)), // message 3
                        routes(Route.of(H1, H3, responder), Route.empty()), // the question
                        routes(Route.of(H1, initiator), Route.of(H3))); // the reply
        assertThat(routes(last.messages().get(3))).isEqualTo(routes(Route.of(H3, responder), Route.of(H1)));
        assertThat(routes(last.messages().get(4))).isEqualTo(routes(Route.of(H3, H1, initiator), Route.empty()));
    }

    @Test
    void garbageAtTheInitiatorDoesNotDisturbTheHandshake() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.listen();
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage().forward();
        Routed<Any> message2 = hop.receiveMessage();

        List<ByteString> garbage = garbageLike(message2);
        Route initiator = Route.of(message2.onwardRoute().recipient());
        garbage.forEach(bytes -> scene.sendBytes(initiator, bytes));
        scene.eventuallyDropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED, garbage.size());

        message2.forward();
        hop.receiveMessage().forward();
        scene.otherEnd(await(handshake));
    }

    @Test
    void garbageAtTheResponderDoesNotDisturbTheHandshake() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        Routed<Any> message3 = hop.receiveMessage();

        List<ByteString> garbage = garbageLike(message3);
        Route responder = Route.of(message3.onwardRoute().recipient());
        garbage.forEach(bytes -> scene.sendBytes(responder, bytes));
        message3.forward();

        SecureChannel channel = await(handshake);
        scene.otherEnd(channel);
        // Each of them might have been a frame that overtook message 3, and was treated as one.
        scene.eventuallyDropped(ChannelDropReason.FRAME_REFUSED, garbage.size());
        CompletionStage<Routed<String>> answer =
                scene.node().ask(channel.route("echoer"), Codec.string(), "still here");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        assertThat(await(answer).body()).isEqualTo("still here");
    }

    @Test
    void garbageAtTheListenerDoesNotDisturbAHandshake() {
        scene.listen();
        Footprint listening = scene.footprint();
        Stream.of(0, 1, 31, 65_536, 100_000).forEach(size -> scene.sendBytes(Scene.TO_LISTENER, random(size)));
        scene.eventuallyDropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED, 5);
        assertThat(scene.footprint().actors()).as("none was started").isEqualTo(listening.actors());

        scene.otherEnd(scene.open("listener"));
    }

    @Test
    void firstMessageMayBeLongerThanItsKey() {
        scene.listen();
        scene.sendBytes(Scene.TO_LISTENER, random(32));
        scene.sendBytes(Scene.TO_LISTENER, random(65_535));

        assertThat(scene.received().returnRoute().size()).isOne();
        assertThat(scene.received().returnRoute().size()).isOne();
        assertThat(scene.node().dropped(ChannelDropReason.HANDSHAKE_MESSAGE_REFUSED))
                .isZero();
    }

    @Test
    void identityMayOpenAChannelToItself() {
        SecureChannelListener own = SecureChannelListener.create(
                scene.node(),
                Scene.LISTENER,
                scene.alice().identity(),
                scene.alice().listenerOptions());
        scene.node().allow(scene.echoer("echoer")).from(own);

        SecureChannel channel = await(SecureChannel.create(
                scene.node(),
                Scene.TO_LISTENER,
                scene.alice().identity(),
                scene.alice().channelOptions()));

        assertThat(scene.ask(channel, "echoer", "Hello")).isEqualTo("Hello");
        assertThat(channel.peer().identifier()).isEqualTo(channel.me());
        assertThat(scene.alice().keys()).isEqualTo(new KeyCounts(1, 1, 0, 4));
    }

    @Test
    void fiftyRoundTripsInBothDirectionsWork() {
        scene.hops("h1", "h2", "h3");
        scene.node().allow(scene.echoer("bobs")).from(scene.listen());
        SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
        SecureChannel back = scene.otherEnd(channel);
        scene.node().allow(scene.echoer("alices")).from(channel);

        for (int i = 0; i < 50; i++) {
            assertThat(scene.ask(channel, "bobs", "from Alice " + i)).isEqualTo("from Alice " + i);
            assertThat(scene.ask(back, "alices", "from Bob " + i)).isEqualTo("from Bob " + i);
        }
    }

    @Test
    void noHopSeesContentSenderOrReceiver() {
        List<Tap> taps = List.of(scene.tap("h1"), scene.tap("h2"), scene.tap("h3"));
        scene.node().allow(scene.echoer("bobs-echoer")).from(scene.listen());
        SecureChannel channel = scene.open("h1 => h2 => h3 => listener");
        SecureChannel back = scene.otherEnd(channel);
        Mailbox app = scene.node().mailbox("alices-mailbox");
        scene.node().allow(app).from(channel);
        for (int i = 0; i < 70; i++) {
            app.send(channel.route("bobs-echoer"), Codec.string(), "attack at dawn");
            assertThat(await(app.receive(Codec.string())).body()).isEqualTo("attack at dawn");
        }
        await(channel.close());
        await(back.whenClosed());

        for (Tap tap : taps) {
            assertThat(tap.messages()).hasSizeGreaterThanOrEqualTo(3 + 2 * 70);
            // It does see what has to be visible.
            assertThat(tap.saw(Scene.LISTENER.value())).isTrue();
            assertThat(tap.saw(channel.peerDecryptorAddress().value())).isTrue();
            for (ByteString secret : secrets(channel, back)) {
                assertThat(tap.saw(secret)).as(secret.utf8String()).isFalse();
            }
            assertThat(tap.messages())
                    .allSatisfy(message -> assertThat(message.localInfo()).isEmpty());
        }
    }

    /** Returns what no hop along the route may see. */
    private List<ByteString> secrets(SecureChannel channel, SecureChannel back) {
        Stream<ByteString> said = Stream.of("attack", "bobs-echoer", "alices-mailbox", "echo", "mailbox")
                .map(ByteString::fromString);
        Stream<ByteString> encryptors =
                Stream.of(channel.address().value(), back.address().value());
        Stream<ByteString> people = Stream.of(scene.alice(), scene.bob())
                .flatMap(party -> Stream.concat(
                        Stream.of(
                                party.identifier().bytes(),
                                ByteString.fromString(
                                        party.identifier().toString().substring(1)),
                                ByteString.fromArray(
                                        await(party.identity().identities().secureChannelKey(party.identity()))
                                                .key()
                                                .publicKey()
                                                .toBytes())),
                        party.identity().changeHistory().changes().stream().flatMap(HandshakeOverHopsTest::parts)));
        return Stream.of(said, encryptors, people).flatMap(all -> all).toList();
    }

    private static Stream<ByteString> parts(Change change) {
        return Stream.of(
                change.data(),
                ByteString.fromArray(change.content().publicKey().toBytes()),
                ByteString.fromArray(change.signature().toBytes()));
    }

    @Test
    void twoChannelsShareNothingThatAHopCanSee() {
        Tap tap = scene.tap("hop");
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());

        Set<ByteString> once = blocksOfARun(tap);
        Set<ByteString> again = blocksOfARun(tap);

        assertThat(once).hasSizeGreaterThan(3000);
        again.retainAll(once);
        assertThat(again).isEmpty();
    }

    /** The same parties send the same messages; returns every 16 consecutive bytes in what the hop forwards. */
    private Set<ByteString> blocksOfARun(Tap tap) {
        tap.clear();
        SecureChannel channel = scene.open("hop => listener");
        assertThat(scene.ask(channel, "echoer", "a".repeat(1000))).hasSize(1000);
        assertThat(scene.ask(channel, "echoer", "a")).isEqualTo("a");
        Set<ByteString> blocks = new HashSet<>();
        for (LocalMessage message : tap.messages()) {
            ByteString payload = message.payload().compact();
            for (int i = 0; i + 16 <= payload.size(); i++) {
                blocks.add(payload.slice(i, i + 16));
            }
        }
        return blocks;
    }

    /** Returns what might arrive in place of a handshake message: nothing, noise of all sizes, and the message itself, damaged. */
    private static List<ByteString> garbageLike(Routed<Any> genuine) {
        ByteString message = genuine.message().payload();
        Stream<ByteString> noise = Stream.of(0, 1, 16, 31, 32, 47, 48, 63, 64, 79, 80, 95, 96, 500, 65_535, 65_536)
                .map(HandshakeOverHopsTest::random);
        Stream<ByteString> damaged = Stream.of(0, 31, 32, 47, 48, 79, 80, message.size() - 17, message.size() - 1)
                .map(at -> flipped(message, at));
        Stream<ByteString> cut = Stream.of(
                message.dropRight(1), message.drop(1), message.concat(ByteString.fromInts(0)), message.concat(message));
        return Stream.of(noise, damaged, cut).flatMap(all -> all).toList();
    }

    private static ByteString flipped(ByteString message, int at) {
        byte[] copy = message.toArray();
        copy[at] ^= 1;
        return ByteString.fromArray(copy);
    }

    private static ByteString random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return ByteString.fromArray(bytes);
    }

    private static LocalMessage routes(LocalMessage message) {
        return routes(message.onwardRoute(), message.returnRoute());
    }

    private static LocalMessage routes(Route onward, Route back) {
        return LocalMessage.of(onward, back, ByteString.emptyByteString());
    }
}
