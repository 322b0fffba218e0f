// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.fixtures.MutableClock;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.PurposeKeyAttestation;
import ockam.node.Mailbox;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Party;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Bob accepts from a peer that proves and shows anything it likes, on either side (secure channel, sections 3.3 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class PeerVerificationTest {
    private final MutableClock clock = new MutableClock();
    private final HandmadeNoise.KeyPair key = HandmadeNoise.KeyPair.random();
    private final Scene scene;
    private final Party alice;
    private final Party bob;
    private final Mailbox mailbox;

    PeerVerificationTest(ActorTestKit testKit) {
        alice = HandmadePeer.party(testKit.system(), key, clock);
        bob = Party.create(testKit.system(), clock);
        scene = Scene.create(testKit, alice, bob);
        mailbox = scene.node().mailbox("alice");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void acceptsTrueStatements() {
        ByteString shown = HandmadePeer.shown(alice);
        CompletionStage<SecureChannel> handshake = bobOpens();
        HandmadePeer.responds(mailbox, key, shown).receivesMessage3();
        assertThat(await(handshake).peer().identifier()).isEqualTo(alice.identifier());

        scene.listen();
        HandmadePeer.initiates(mailbox, Scene.TO_LISTENER, key).finishes(shown);
        scene.eventually(() -> assertThat(scene.channels())
                .hasSize(2)
                .allSatisfy(end -> assertThat(end.peer().identifier()).isEqualTo(alice.identifier())));
    }

    @Test
    void refusesAnAttestationOfAKeyOtherThanTheProvedOne() {
        refuses(HandmadeNoise.KeyPair.random(), HandmadePeer.shown(alice), "KEY_MISMATCH");
    }

    @Test
    void refusesAnAttestationOfAKeyThatSignsCredentials() {
        PurposeKeyAttestation ofCredentialKey = await(
                        alice.identity().identities().credentialKey(alice.identity()))
                .attestation();

        refuses(key, shown(ofCredentialKey), "ATTESTATION_INVALID");
    }

    @Test
    void refusesAnAttestationByAnotherIdentity() {
        Party carol = HandmadePeer.party(scene.system(), key, clock);
        PurposeKeyAttestation byCarol = await(carol.identity().identities().secureChannelKey(carol.identity()))
                .attestation();

        refuses(key, shown(byCarol), "ATTESTATION_INVALID");
    }

    @Test
    void refusesAnExpiredAttestation() {
        ByteString shown = HandmadePeer.shown(alice);
        clock.goesOn(Duration.ofDays(5 * 365 + 1));

        refuses(key, shown, "ATTESTATION_INVALID");
    }

    @Test
    void refusesAnAttestationFromBeforeARotation() {
        PurposeKeyAttestation before = await(alice.identity().identities().secureChannelKey(alice.identity()))
                .attestation();
        ByteString shown = new IdentityAndCredentials(
                        await(alice.identity().identities().rotate(alice.identity()))
                                .changeHistory(),
                        before,
                        List.of())
                .encode();

        refuses(key, shown, "ATTESTATION_INVALID");
    }

    @Test
    void refusesAHistoryWithAForgedSignature() {
        byte[] shown = HandmadePeer.shown(alice).toArray();
        ByteString signature = ByteString.fromArray(
                alice.identity().changeHistory().latest().signature().toBytes());
        shown[ByteString.fromArray(shown).indexOfSlice(signature)] ^= 1;

        refuses(key, ByteString.fromArray(shown), "IDENTITY_INVALID");
    }

    @Test
    void refusesInputThatIsNotAnIdentity() {
        refuses(key, ByteString.fromString("I am Alice"), "PAYLOAD_MALFORMED");
        refuses(key, ByteString.emptyByteString(), "PAYLOAD_MALFORMED");
        refuses(key, HandmadePeer.shown(alice).dropRight(1), "PAYLOAD_MALFORMED");
    }

    /** Shows this to Bob, who is first the initiator, then the responder; he refuses twice for the same reason, and keeps nothing. */
    private void refuses(HandmadeNoise.KeyPair proved, ByteString shown, String reason) {
        await(bob.identity().identities().secureChannelKey(bob.identity()));
        Footprint before = scene.footprint();
        CompletionStage<SecureChannel> handshake = bobOpens();
        HandmadePeer.responds(mailbox, proved, shown);
        assertThat(Scene.failureOf(handshake)).isEqualTo("MESSAGE_2: " + reason);
        scene.eventually(before);

        SecureChannelListener listener = scene.listen();
        Footprint listening = scene.footprint();
        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: " + reason)
                .expect(
                        scene.system(),
                        () -> HandmadePeer.initiates(mailbox, Scene.TO_LISTENER, proved)
                                .finishes(shown));
        scene.eventually(listening);
        await(listener.stop());
        scene.eventually(before);
    }

    private CompletionStage<SecureChannel> bobOpens() {
        return SecureChannel.create(scene.node(), Route.of(mailbox.address()), bob.identity(), alice.channelOptions());
    }

    private ByteString shown(PurposeKeyAttestation attestation) {
        return new IdentityAndCredentials(alice.identity().changeHistory(), attestation, List.of()).encode();
    }
}
