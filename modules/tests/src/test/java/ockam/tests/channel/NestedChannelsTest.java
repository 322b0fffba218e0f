// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Relay;
import ockam.node.Routed;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Party;
import ockam.testkit.Tap;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels in channels (secure channel, sections 6.6 and 9): to the outer one, the inner one is payload. */
@ExtendWith(ActorTestKitExtension.class)
class NestedChannelsTest {
    private final Scene scene;

    NestedChannelsTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SecureChannelListener listenAt(String name, Party party, Party peer) {
        return SecureChannelListener.create(scene.node(), Address.of(name), party.identity(), peer.listenerOptions());
    }

    /** Starts a listener that can only be reached through the channels of another one. */
    private SecureChannelListener listenThrough(String name, SecureChannelListener outer) {
        return SecureChannelListener.create(
                scene.node(),
                Address.of(name),
                scene.bob().identity(),
                scene.alice().listenerOptions().withOpenTo(outer));
    }

    private SecureChannel open(Route route, Party initiator, Party responder) {
        return await(SecureChannel.create(scene.node(), route, initiator.identity(), responder.channelOptions()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7, 10})
    void channelsMayBeNested(int depth) {
        Tap tap = scene.tap("hop");
        List<SecureChannel> channels = new ArrayList<>();
        SecureChannelListener listener = scene.listen();
        Route route = Route.of("hop");
        Footprint before = scene.footprint();
        for (int level = 0; level <= depth; level++) {
            if (level > 0) {
                listener = listenThrough("inner-" + level, listener);
            }
            SecureChannel channel = open(route.append(listener.address()), scene.alice(), scene.bob());
            channels.add(channel);
            route = Route.of(channel.address());
        }
        SecureChannel innermost = channels.get(depth);
        scene.node().allow(scene.echoer("echoer")).from(listener);

        for (int i = 0; i < 40; i++) {
            assertThat(scene.ask(innermost, "echoer", "message " + i)).isEqualTo("message " + i);
        }

        assertThat(scene.channels()).hasSize(2 * (depth + 1));
        assertThat(tap.saw(innermost.peerDecryptorAddress().value())).isFalse();
        for (int level = depth; level >= 0; level--) {
            SecureChannel back = scene.otherEnd(channels.get(level));
            await(channels.get(level).close());
            assertThat(await(back.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        }
        IntStream.rangeClosed(1, depth).forEach(level -> await(scene.node().stop(Address.of("inner-" + level))));
        scene.eventually(inUse -> {
            assertThat(inUse.channels()).isZero();
            assertThat(inUse.actors())
                    .filteredOn(name -> !name.contains("-worker-"))
                    .isEqualTo(before.actors().stream()
                            .filter(name -> !name.contains("-worker-"))
                            .toList());
        });
    }

    @Test
    void innerListenerIsNotReachedThroughAChannelThatItWasNotOpenedTo() {
        scene.listen();
        SecureChannel outer = scene.open("listener");
        SecureChannelListener inner = listenAt("inner", scene.bob(), scene.alice());
        SecureChannel.create(
                scene.node(),
                outer.route("inner"),
                scene.alice().identity(),
                scene.bob().channelOptions());

        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);

        scene.node().allow(inner.address()).from(scene.otherEnd(outer));
        open(outer.route("inner"), scene.alice(), scene.bob());
    }

    @Test
    void messageCarriesThePeerOfTheInnermostChannelOnly() {
        Party carol = Party.create(scene.system());
        Party dave = Party.create(scene.system());
        SecureChannelListener outerListener = listenAt("outer", dave, carol);
        SecureChannelListener innerListener = listenThrough("inner", outerListener);
        TestProbe<Routed<String>> bobs = scene.attached("bobs", Codec.string());
        TestProbe<Routed<String>> alices = scene.attached("alices", Codec.string());
        SecureChannel outer = open(Route.of("outer"), carol, dave);
        SecureChannel inner = open(outer.route("inner"), scene.alice(), scene.bob());
        scene.node().allow(Address.of("bobs")).from(innerListener);
        scene.node().allow(Address.of("alices")).from(inner);
        // A tap after the outer channel shows that frames do arrive with its peer.
        Tap tap = scene.tap("tap");
        scene.node().allow(Address.of("tap")).from(outerListener);
        inner.updateRoute(outer.route("tap"));

        scene.send(inner.route("bobs"), "to Bob");
        scene.send(scene.otherEnd(inner).route("alices"), "to Alice");

        assertThat(bobs.receiveMessage().message().localInfo())
                .containsExactly(new Peer(scene.alice().identifier()));
        assertThat(alices.receiveMessage().message().localInfo())
                .containsExactly(new Peer(scene.bob().identifier()));
        assertThat(tap.messages().get(0).localInfo()).containsExactly(new Peer(carol.identifier()));
    }

    @Test
    void endOfTheOuterChannelCutsTheInnerOneOff() {
        SecureChannelListener outerListener = scene.listen();
        listenThrough("inner", outerListener);
        SecureChannel outer = scene.open("listener");
        SecureChannel inner = open(outer.route("inner"), scene.alice(), scene.bob());
        SecureChannel innerBack = scene.otherEnd(inner);
        SecureChannel outerBack = scene.otherEnd(outer);
        await(outer.close());
        await(outerBack.whenClosed());

        scene.send(inner.route("worker"), "into the void");
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        await(inner.close());
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 2);
        await(innerBack.close());

        assertThat(scene.channels()).isEmpty();
    }

    @Test
    void innerChannelMovesIntoAnotherOuterOne() {
        SecureChannelListener outerListener = scene.listen();
        SecureChannelListener innerListener = listenThrough("inner", outerListener);
        scene.node().allow(scene.echoer("echoer")).from(innerListener);
        SecureChannel first = scene.open("listener");
        SecureChannel inner = open(first.route("inner"), scene.alice(), scene.bob());
        assertThat(scene.ask(inner, "echoer", "0")).isEqualTo("0");
        SecureChannel firstBack = scene.otherEnd(first);
        await(first.close());
        await(firstBack.whenClosed());

        SecureChannel second = scene.open("listener");
        inner.updateRoute(second.route(Route.empty()));

        // Setting the new route also opened the inner channel to replies.
        assertThat(scene.ask(inner, "echoer", "1")).isEqualTo("1");
        assertThat(scene.ask(inner, "echoer", "2")).isEqualTo("2");
    }

    /** Alice and Bob are both connected to Carol, where a relay leads to Bob; Carol sees only ciphertext. */
    @Test
    void channelThroughARelayWithFlowControlEverywhere() {
        Party carol = Party.create(scene.system());
        SecureChannelListener ofCarolForAlice = listenAt("carol-for-alice", carol, scene.alice());
        SecureChannelListener ofCarolForBob = listenAt("carol-for-bob", carol, scene.bob());
        SecureChannel aliceToCarol = open(Route.of("carol-for-alice"), scene.alice(), carol);
        SecureChannel bobToCarol = open(Route.of("carol-for-bob"), scene.bob(), carol);
        SecureChannel carolToAlice = scene.otherEnd(aliceToCarol);
        SecureChannel carolToBob = scene.otherEnd(bobToCarol);
        scene.node().start(Address.of("relay"), Relay.create(scene.node(), Route.of(carolToBob.address())));
        SecureChannelListener ofBob = SecureChannelListener.create(
                scene.node(),
                Address.of("bobs-listener"),
                scene.bob().identity(),
                scene.alice().listenerOptions().withOpenTo(bobToCarol));
        scene.node().allow(scene.echoer("echoer")).from(ofBob);
        Route route = aliceToCarol.route(Route.of("relay", "bobs-listener"));

        // Carol allows nothing until she is told to.
        SecureChannel.create(
                scene.node(), route, scene.alice().identity(), scene.bob().channelOptions());
        scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
        scene.node().allow(Address.of("relay")).from(ofCarolForAlice);
        scene.node().allow(carolToBob).from(ofCarolForAlice); // once message 2 has arrived at its address
        scene.node().allow(carolToAlice).from(ofCarolForBob); // replies

        SecureChannel channel = open(route, scene.alice(), scene.bob());
        SecureChannel back = scene.otherEnd(channel);

        assertThat(channel.peer().identifier()).isEqualTo(scene.bob().identifier());
        assertThat(back.peer().identifier()).isEqualTo(scene.alice().identifier());
        for (int i = 0; i < 40; i++) {
            assertThat(scene.ask(channel, "echoer", "message " + i)).isEqualTo("message " + i);
        }
        await(channel.close());
        assertThat(await(back.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
    }
}
