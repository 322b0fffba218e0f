// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.node.Mailbox;
import ockam.node.Routed;
import ockam.routing.Peer;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Channels with a peer that was written from the specification alone: both sides derive the same keys, change them at the same
 * frames, and interpret bytes in the same way (secure channel, sections 2, 3 and 5).
 */
@ExtendWith(ActorTestKitExtension.class)
class IndependentPeerTest {
    private static final int MESSAGES = 100; // takes more than three keys

    private final HandmadeNoise.KeyPair key = HandmadeNoise.KeyPair.random();
    private final Scene scene;
    private final Mailbox mailbox;

    IndependentPeerTest(ActorTestKit testKit) {
        scene = Scene.create(
                testKit, HandmadePeer.party(testKit.system(), key, Clock.systemUTC()), Party.create(testKit.system()));
        mailbox = scene.node().mailbox("alice");
        scene.hops("hop");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void asksThroughAChannelThatItOpened() {
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        HandmadePeer alice = HandmadePeer.initiates(mailbox, Route.of(Address.of("hop"), Scene.LISTENER), key)
                .finishes(HandmadePeer.shown(scene.alice()));

        for (int i = 0; i < MESSAGES; i++) {
            ByteString text = Codec.string().encode("message " + i);
            alice.sends(message("echoer", "someone", text));

            assertThat(alice.receives()).isEqualTo(message("someone", "echoer", text));
        }
    }

    @Test
    void repliesThroughAChannelThatWasOpenedToIt() {
        CompletionStage<SecureChannel> handshake = SecureChannel.create(
                scene.node(),
                Route.of(Address.of("hop"), mailbox.address()),
                scene.bob().identity(),
                scene.alice().channelOptions());
        HandmadePeer alice = HandmadePeer.responds(mailbox, key, HandmadePeer.shown(scene.alice()))
                .receivesMessage3();
        SecureChannel channel = await(handshake);
        TestProbe<Routed<String>> bobs = scene.attached("bobs", Codec.string());
        scene.node().allow(Address.of("bobs")).from(channel);

        for (int i = 0; i < MESSAGES; i++) {
            scene.send(channel.route("alices"), "question " + i);
            assertThat(alice.receives())
                    .isEqualTo(message("alices", "app", Codec.string().encode("question " + i)));
            alice.sends(message("bobs", "alices", Codec.string().encode("answer " + i)));
            Routed<String> answer = bobs.receiveMessage();
            assertThat(answer.body()).isEqualTo("answer " + i);
            assertThat(answer.returnRoute()).isEqualTo(Route.of(channel.address(), Address.of("alices")));
            assertThat(answer.peer()).contains(new Peer(scene.alice().identifier()));
        }
        alice.sends(HandmadePeer.CLOSE);
        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
    }

    private static ByteString message(String to, String from, ByteString payload) {
        return HandmadePeer.payload(Route.of(to), Route.of(from), payload, ByteString.emptyByteString());
    }
}
