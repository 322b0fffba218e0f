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
import ockam.identity.IdentityAndCredentials;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.SecureChannelKey;
import ockam.node.Mailbox;
import ockam.node.Routed;
import ockam.routing.SendResult;
import ockam.vault.AgreementKey;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Any;
import ockam.wire.CborWriter;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * A peer that sits at a mailbox and makes every message by hand. It is honest as long as the test makes it say only what is true.
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

    /** Somebody whose key for channels is this one, for all times. */
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

    /** What an honest one shows in the handshake. */
    static ByteString shown(Party party) {
        SecureChannelKey key = await(party.identities().secureChannelKey(party.identity()));
        return key.show(List.of()).encode();
    }

    // ---- handshakes ----

    /** Sends message 1. */
    static HandmadePeer calls(Mailbox mailbox, Route toListener, HandmadeNoise.KeyPair key) {
        HandmadePeer peer = new HandmadePeer(mailbox, HandmadeNoise.initiator(key));
        peer.tell(toListener, peer.noise.writeMessage1());
        return peer;
    }

    /** Takes message 2 and answers with message 3, in which it shows this. */
    HandmadePeer answers(ByteString shown) {
        Routed<Any> message2 = receive();
        shownByOther = ByteString.fromArray(
                noise.readMessage2(message2.message().payload().toArray()));
        remoteRoute = message2.returnRoute();
        tell(remoteRoute, noise.writeMessage3(shown.toArray()));
        return this;
    }

    /** Takes message 1, which is a call to its mailbox, and answers with message 2, in which it shows this. */
    static HandmadePeer isCalled(Mailbox mailbox, HandmadeNoise.KeyPair key, ByteString shown) {
        HandmadePeer peer = new HandmadePeer(mailbox, HandmadeNoise.responder(key));
        Routed<Any> message1 = peer.receive();
        peer.noise.readMessage1(message1.message().payload().toArray());
        peer.remoteRoute = message1.returnRoute();
        peer.tell(peer.remoteRoute, peer.noise.writeMessage2(shown.toArray()));
        return peer;
    }

    /** Takes message 3. */
    HandmadePeer isAnswered() {
        byte[] message3 = receive().message().payload().toArray();
        shownByOther = ByteString.fromArray(noise.readMessage3(message3));
        return this;
    }

    /** The static key of the other side. */
    byte[] remoteStatic() {
        return noise.remoteStatic();
    }

    /** What the other side showed in the handshake. */
    IdentityAndCredentials shownByOther() {
        return IdentityAndCredentials.decode(shownByOther).orElseThrow();
    }

    // ---- the open channel ----

    /** The way to the other side; the last address is its decryptor. */
    Route remoteRoute() {
        return remoteRoute;
    }

    /** The next frame with this in it. */
    ByteString frame(ByteString plaintext) {
        return ByteString.fromArray(noise.seal(plaintext.toArray()));
    }

    /** Sends the next frame with this in it. */
    void sends(ByteString plaintext) {
        sendsAsItIs(frame(plaintext));
    }

    /** Sends bytes as they are. */
    void sendsAsItIs(ByteString frame) {
        tell(remoteRoute, frame.toArray());
    }

    /** What is in the next frame. */
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

    /** A message for a worker, as secure channel, section 5.2 has it. */
    static ByteString payload(Route onward, Route back, ByteString payload, ByteString padding) {
        CborWriter writer = CborWriter.create(64).array(2).variant(0, 1).array(3);
        onward.writeTo(writer);
        back.writeTo(writer);
        return writer.bytes(payload).bytes(padding).toByteString();
    }

    /** The same for a text, without padding and way back. */
    static ByteString text(Route onward, String text) {
        return payload(onward, Route.empty(), Codec.string().encode(text), ByteString.emptyByteString());
    }

    /** A newer history, or what is said to be one. */
    static ByteString refresh(ChangeHistory history) {
        CborWriter writer = CborWriter.create(512).array(2).variant(1, 1).array(2);
        history.writeTo(writer);
        return writer.array(0).bytes(ByteString.emptyByteString()).toByteString();
    }
}
