// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.fixtures.MutableClock;
import ockam.identity.PurposePublicKey;
import ockam.node.Mailbox;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.vault.X25519PublicKey;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The static key of a channel, as seen by a peer that looks into its own handshake (secure channel, sections 2.1, 4.7 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class StaticKeyTest {
    private static final Duration BEYOND_AN_ATTESTATION = Duration.ofDays(5 * 365 + 1);

    private final MutableClock clock = new MutableClock();
    private final HandmadeNoise.KeyPair key = HandmadeNoise.KeyPair.random();
    private final Scene scene;
    private final Party honest;
    private final Party handmade;

    StaticKeyTest(ActorTestKit testKit) {
        honest = Party.create(testKit.system(), clock);
        handmade = HandmadePeer.party(testKit.system(), key, clock);
        scene = Scene.create(testKit, handmade, honest);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void respondersKeyIsItsAttestedKeyAndTheSameInEveryChannel() {
        scene.listen();

        ByteString first = keyOfResponder();

        assertThat(keyOfResponder()).isEqualTo(first);
        assertThat(first).isEqualTo(purposeKey());
        scene.eventually(() -> assertThat(honest.keys().agreementKeys()).isOne());
    }

    @Test
    void initiatorsKeyIsItsAttestedKeyAndTheSameInEveryChannel() {
        Mailbox mailbox = scene.node().mailbox("handmade");

        ByteString first = keyOfInitiator(mailbox);

        assertThat(keyOfInitiator(mailbox)).isEqualTo(first);
        assertThat(first).isEqualTo(purposeKey());
    }

    @Test
    void isNewAfterARotationOfTheIdentity() {
        scene.listen();
        ByteString before = keyOfResponder();

        await(honest.identity().identities().rotate(honest.identity()));

        ByteString after = keyOfResponder();
        assertThat(after).isNotEqualTo(before).isEqualTo(purposeKey());
        scene.eventually(() -> assertThat(honest.keys().agreementKeys()).isOne());
    }

    @Test
    void isNewWhenItsAttestationHasExpired() {
        scene.listen();
        ByteString before = keyOfResponder();

        clock.goesOn(BEYOND_AN_ATTESTATION);

        ByteString after = keyOfResponder();
        assertThat(after).isNotEqualTo(before).isEqualTo(purposeKey());
        scene.eventually(() -> assertThat(honest.keys().agreementKeys()).isOne());
    }

    @Test
    void openChannelSurvivesTheRotationOfBothIdentities() {
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        SecureChannel channel = scene.open("listener");
        assertThat(scene.ask(channel, "echoer", "before")).isEqualTo("before");

        await(honest.identity().identities().rotate(honest.identity()));
        await(handmade.identity().identities().rotate(handmade.identity()));

        assertThat(scene.ask(channel, "echoer", "after")).isEqualTo("after");
        assertThat(scene.ask(scene.open("listener"), "echoer", "again")).isEqualTo("again");
    }

    /** Returns the key that the listener's side proves to hold, which is the one that it shows. */
    private ByteString keyOfResponder() {
        try (Closing mailbox = new Closing(scene.node().mailbox("handmade"))) {
            return provedAndShown(HandmadePeer.initiates(mailbox.mailbox(), Scene.TO_LISTENER, key)
                    .finishes(HandmadePeer.shown(handmade)));
        }
    }

    private record Closing(Mailbox mailbox) implements AutoCloseable {
        @Override
        public void close() {
            mailbox.close();
        }
    }

    private ByteString keyOfInitiator(Mailbox mailbox) {
        CompletionStage<SecureChannel> handshake = SecureChannel.create(
                scene.node(), Route.of(mailbox.address()), honest.identity(), handmade.channelOptions());
        HandmadePeer peer = HandmadePeer.responds(mailbox, key, HandmadePeer.shown(handmade))
                .receivesMessage3();
        await(handshake);
        return provedAndShown(peer);
    }

    private static ByteString provedAndShown(HandmadePeer peer) {
        byte[] proved = peer.remoteStatic();
        assertThat(peer.shownByOther().attestation().content().publicKey())
                .isEqualTo(new PurposePublicKey.SecureChannelStatic(X25519PublicKey.of(proved)));
        return ByteString.fromArray(proved);
    }

    /** Returns the key that the identity says is its own. */
    private ByteString purposeKey() {
        return ByteString.fromArray(await(honest.identity().identities().secureChannelKey(honest.identity()))
                .key()
                .publicKey()
                .toBytes());
    }
}
