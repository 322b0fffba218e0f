// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.List;
import ockam.vault.Ed25519Signature;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.X25519PublicKey;
import org.junit.jupiter.api.Test;

/** What the handshake verifies about a peer (secure channel, section 3.3, steps 2 and 3). */
class PeerVerificationTest {
    private final InMemoryIdentityRepository alicesRepository = InMemoryIdentityRepository.create();
    private final SoftwareVault alicesVault = SoftwareVault.create(Runnable::run);
    private final Identities alices = identitiesAt(NOW, alicesVault, alicesRepository);
    private final Identity alice = done(alices.create());
    private final SecureChannelKey key = done(alices.secureChannelKey(alice));
    private final X25519PublicKey proved = key.key().publicKey();

    private final InMemoryIdentityRepository bobsRepository = InMemoryIdentityRepository.create();
    private final Identities bobs = identitiesAt(NOW, SoftwareVault.create(Runnable::run), bobsRepository);

    private final Forge forge = new Forge();

    private static IdentityAndCredentials overTheWire(IdentityAndCredentials shown) {
        return IdentityAndCredentials.decode(shown.encode()).orElseThrow();
    }

    private IdentityAndCredentials shown(ChangeHistory history, PurposeKeyAttestation attestation) {
        return overTheWire(new IdentityAndCredentials(history, attestation, List.of()));
    }

    @Test
    void identifiesPeerAndRemembersItsHistory() {
        assertThat(done(bobs.verifyPeer(overTheWire(key.show(List.of())), proved)))
                .isEqualTo(alice.identifier());

        assertThat(done(bobs.history(alice.identifier()))).contains(alice.changeHistory());
        assertThat(bobsRepository.peerCount()).isEqualTo(1);
    }

    @Test
    void refusesKeyThatIsNotTheProvedOne() { // secure channel, section 9, item 8
        X25519PublicKey other = X25519PublicKey.of(filled(1));

        assertRefused(KEY_MISMATCH, bobs.verifyPeer(key.show(List.of()), other));
    }

    @Test
    void refusesAttestationOfTheCredentialKind() { // secure channel, section 9, item 9
        AttestedKey<SigningKey> credentialKey = done(alices.credentialKey(alice));
        X25519PublicKey sameBytes =
                X25519PublicKey.of(credentialKey.key().publicKey().toBytes());

        assertRefused(
                WRONG_PURPOSE, bobs.verifyPeer(shown(alice.changeHistory(), credentialKey.attestation()), sameBytes));
    }

    @Test
    void refusesAttestationOfAnotherIdentity() {
        Identity mallory = done(alices.create());

        assertRefused(
                ATTESTATION_OF_OTHER_SUBJECT,
                bobs.verifyPeer(shown(mallory.changeHistory(), key.attestation()), proved));
    }

    @Test
    void refusesForgedAttestation() {
        var forged = new PurposeKeyAttestation(
                key.attestation().data(), Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]));

        assertRefused(ATTESTATION_SIGNATURE_INVALID, bobs.verifyPeer(shown(alice.changeHistory(), forged), proved));
    }

    @Test
    void refusesForgedHistoryAndRemembersNothing() {
        Change change = alice.changeHistory().latest();
        ChangeHistory forged =
                Forge.of(new Change(change.data(), Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]), null));

        assertRefused(SIGNATURE_INVALID, bobs.verifyPeer(shown(forged, key.attestation()), proved));

        assertThat(done(bobs.history(alice.identifier()))).isEmpty();
    }

    @Test
    void storesNewerHistoryAndRefusesTheOlderOneAfterwards() { // secure channel, section 9, item 23
        done(bobs.verifyPeer(key.show(List.of()), proved));
        Identity rotated = done(alices.rotate(alice));
        SecureChannelKey newKey = done(alices.secureChannelKey(rotated));

        done(bobs.verifyPeer(newKey.show(List.of()), newKey.key().publicKey()));

        assertThat(done(bobs.history(alice.identifier()))).contains(rotated.changeHistory());
        assertRefused(HISTORY_OLDER, bobs.verifyPeer(key.show(List.of()), proved));
    }

    @Test
    void refusesConflictingHistory() { // secure channel, section 9, item 23
        SigningKey first = forge.ed25519(1);
        ChangeHistory one = forge.history(first, forge.ed25519(2));
        ChangeHistory other = forge.history(first, forge.ed25519(3));
        var attested = new PurposePublicKey.SecureChannelStatic(proved);
        done(bobs.verifyPeer(shown(one, forge.attestation(one, forge.ed25519(2), attested, NOW, NOW + 1)), proved));

        assertRefused(
                HISTORY_CONFLICT,
                bobs.verifyPeer(
                        shown(other, forge.attestation(other, forge.ed25519(3), attested, NOW, NOW + 1)), proved));
    }

    @Test
    void refusesAttestationFromBeforeRotationThatIsShownWithTheNewHistory() {
        Identity rotated = done(alices.rotate(alice));

        assertRefused(ATTESTATION_OUTDATED, bobs.verifyPeer(shown(rotated.changeHistory(), key.attestation()), proved));
    }

    @Test
    void remembersHistoryOfPeerWhoseAttestationIsRefused() { // step 2 comes before step 3
        var outdated = new PurposePublicKey.SecureChannelStatic(proved);
        ChangeHistory history = forge.history(forge.ed25519(1));

        assertRefused(
                ATTESTATION_EXPIRED,
                bobs.verifyPeer(
                        shown(history, forge.attestation(history, forge.ed25519(1), outdated, NOW, NOW - 1)), proved));

        assertThat(done(bobs.history(history.identifier()))).contains(history);
    }

    @Test
    void acceptsNewerHistoryOfPeerWhoseChannelIsOpen() {
        done(bobs.verifyPeer(key.show(List.of()), proved));
        ChangeHistory rotated = done(alices.rotate(alice)).changeHistory();
        Identity mallory = done(alices.create());

        assertThat(done(bobs.refreshPeer(rotated, alice.identifier()))).isEqualTo(alice.identifier());

        assertThat(done(bobs.history(alice.identifier()))).contains(rotated);
        assertThat(bobsRepository.peerCount()).isEqualTo(1);
        assertRefused(HISTORY_OLDER, bobs.refreshPeer(alice.changeHistory(), alice.identifier()));
        assertRefused(UNEXPECTED_IDENTIFIER, bobs.refreshPeer(mallory.changeHistory(), alice.identifier()));
        assertThat(done(bobs.history(mallory.identifier()))).isEmpty();
    }

    @Test
    void ignoresCredentials() {
        var nonsense = new Credential(
                ByteString.fromString("nonsense"), key.attestation().signature());

        assertThat(done(bobs.verifyPeer(
                        overTheWire(key.show(List.of(new CredentialAndPurposeKey(nonsense, key.attestation())))),
                        proved)))
                .isEqualTo(alice.identifier());
    }

    @Test
    void acceptsPeerThatIsOneOfItsOwnIdentities() {
        assertThat(done(alices.verifyPeer(key.show(List.of()), proved))).isEqualTo(alice.identifier());
        assertThat(alicesRepository.peerCount()).isZero();
    }

    @Test
    void importedHistoryIsKeptWhenThePeerShowsNewerOne() {
        done(bobs.importHistory(alice.export()));
        Identity rotated = done(alices.rotate(alice));
        SecureChannelKey newKey = done(alices.secureChannelKey(rotated));

        done(bobs.verifyPeer(newKey.show(List.of()), newKey.key().publicKey()));

        assertThat(bobsRepository.peerCount()).isZero();
        assertThat(done(bobs.history(alice.identifier()))).contains(rotated.changeHistory());
    }
}
