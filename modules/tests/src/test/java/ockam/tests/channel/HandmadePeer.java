// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorSystem;
import akka.util.ByteString;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.ForwardingVault;
import ockam.identity.ChangeHistory;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.IdentityAndCredentials;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.SecureChannelKey;
import ockam.node.Mailbox;
import ockam.node.Routed;
import ockam.routing.SendResult;
import ockam.testkit.Party;
import ockam.vault.AgreementKey;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Any;
import ockam.wire.CborWriter;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * A peer at a mailbox that makes every message by hand. It is honest as long as the test lets it send only true statements.
 */
final class HandmadePeer {
    /** What it sends to close a channel. */
    static final ByteString CLOSE = ByteString.fromInts(0x82, 0x82, 0x02, 0x80, 0x40);

    private final Mailbox mailbox;
    private final HandmadeNoise noise;
    private Route remoteRoute = Route.empty();
    private ByteString shownByOther = ByteString.emptyByteString();

    private HandmadePeer(Mailbox mailbox, HandmadeNoise noise) {
        this.mailbox = mailbox;
        this.noise = noise;
    }

    // ---- who it is ----

    /** Returns a party whose channel key is always this one. */
    static Party party(ActorSystem<?> system, HandmadeNoise.KeyPair key, Clock clock) {
        SoftwareVault vault = Party.vault(system);
        Vault seen = new ForwardingVault(vault) {
            @Override
            public CompletionStage<AgreementKey> generateAgreementKey() {
                return CompletableFuture.completedFuture(vault.importAgreementKey(key.secret()));
            }
        };
        return Party.create(vault, seen, InMemoryIdentityRepository.create(), clock);
    }

    /** Returns what an honest peer shows in the handshake. */
    static ByteString shown(Party party) {
        SecureChannelKey key = await(party.identity().identities().secureChannelKey(party.identity()));
        return key.show(List.of()).encode();
    }

    // ---- handshakes ----

    /** Sends message 1. */
    static HandmadePeer initiates(Mailbox mailbox, Route toListener, HandmadeNoise.KeyPair key) {
        HandmadePeer peer = new HandmadePeer(mailbox, HandmadeNoise.initiator(key));
        peer.tell(toListener, peer.noise.writeMessage1());
        return peer;
    }

    /** Receives message 2 and replies with message 3, in which it shows this. */
    HandmadePeer finishes(ByteString shown) {
        Routed<Any> message2 = receive();
        shownByOther = ByteString.fromArray(
                noise.readMessage2(message2.message().payload().toArray()));
        remoteRoute = message2.returnRoute();
        tell(remoteRoute, noise.writeMessage3(shown.toArray()));
        return this;
    }

    /** Receives message 1 at its mailbox and replies with message 2, in which it shows this. */
    static HandmadePeer responds(Mailbox mailbox, HandmadeNoise.KeyPair key, ByteString shown) {
        HandmadePeer peer = new HandmadePeer(mailbox, HandmadeNoise.responder(key));
        Routed<Any> message1 = peer.receive();
        peer.noise.readMessage1(message1.message().payload().toArray());
        peer.remoteRoute = message1.returnRoute();
        peer.tell(peer.remoteRoute, peer.noise.writeMessage2(shown.toArray()));
        return peer;
    }

    /** Receives message 3. */
    HandmadePeer receivesMessage3() {
        byte[] message3 = receive().message().payload().toArray();
        shownByOther = ByteString.fromArray(noise.readMessage3(message3));
        return this;
    }

    /** Returns the static key of the other side. */
    byte[] remoteStatic() {
        return noise.remoteStatic();
    }

    /** Returns what the other side showed in the handshake. */
    IdentityAndCredentials shownByOther() {
        return IdentityAndCredentials.decode(shownByOther).orElseThrow();
    }

    // ---- the open channel ----

    /** Returns the route to the other side; the last address is its decryptor. */
    Route remoteRoute() {
        return remoteRoute;
    }

    /** Returns the next frame, with this plaintext. */
    ByteString frame(ByteString plaintext) {
        return ByteString.fromArray(noise.seal(plaintext.toArray()));
    }

    /** Sends the next frame, with this plaintext. */
    void sends(ByteString plaintext) {
        sendsUnchanged(frame(plaintext));
    }

    /** Sends bytes as they are. */
    void sendsUnchanged(ByteString frame) {
        tell(remoteRoute, frame.toArray());
    }

    /** Returns the plaintext of the next frame. */
    ByteString receives() {
        return ByteString.fromArray(noise.open(receive().message().payload().toArray()));
    }

    private Routed<Any> receive() {
        return await(mailbox.receive(Codec.any()));
    }

    private void tell(Route route, byte[] payload) {
        assertThat(mailbox.send(LocalMessage.of(route, Route.of(mailbox.address()), ByteString.fromArray(payload))))
                .isEqualTo(SendResult.accepted());
    }

    // ---- what frames carry ----

    /** Returns a message for a worker (secure channel, section 5.2). */
    static ByteString payload(Route onward, Route back, ByteString payload, ByteString padding) {
        CborWriter writer = CborWriter.create(64).array(2).variant(0, 1).array(3);
        onward.writeTo(writer);
        back.writeTo(writer);
        return writer.bytes(payload).bytes(padding).toByteString();
    }

    /** Does the same for a text, without padding and without a return route. */
    static ByteString text(Route onward, String text) {
        return payload(onward, Route.empty(), Codec.string().encode(text), ByteString.emptyByteString());
    }

    /** Returns a message with a newer history, or one that claims to be newer, and with credentials. */
    static ByteString refresh(ChangeHistory history, CredentialAndPurposeKey... credentials) {
        CborWriter writer = CborWriter.create(512).array(2).variant(1, 1).array(2);
        history.writeTo(writer);
        return writer.list(List.of(credentials), CredentialAndPurposeKey::writeTo)
                .bytes(ByteString.emptyByteString())
                .toByteString();
    }
}
