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
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.P256Signature;
import ockam.vault.SigningKey;
import ockam.vault.X25519PublicKey;
import ockam.wire.CborWriter;
import org.junit.jupiter.api.Test;

/** The rules of secure channel, section 4.8, one by one. */
class AttestationVerificationTest {
    /** When the validity of the subject's key begins and ends. */
    private static final long FROM = NOW;

    private static final long UNTIL = NOW + Forge.LIFETIME;

    private final Forge forge = new Forge();
    private final SigningKey key = forge.ed25519(1);
    private final ChangeHistory subject = forge.history(forge.ed25519(9), key);
    private final PurposePublicKey attested = new PurposePublicKey.SecureChannelStatic(X25519PublicKey.of(filled(5)));
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();

    AttestationVerificationTest() {
        done(repository.update(subject, Retention.KEPT));
    }

    private Identities at(long seconds) {
        return identitiesAt(seconds, forge.vault, repository);
    }

    private PurposeKeyAttestation attestation(long createdAt, long expiresAt) {
        return forge.attestation(subject, key, attested, createdAt, expiresAt);
    }

    @Test
    void returnsTheContentOfAValidAttestation() {
        PurposeKeyAttestationData content = done(at(NOW).verifyAttestation(attestation(NOW, UNTIL)));

        assertThat(content.subject()).isEqualTo(subject.identifier());
        assertThat(content.publicKey()).isEqualTo(attested);
    }

    @Test
    void allowsOneMinuteOfClockSkew() { // secure channel, section 9, item 28
        PurposeKeyAttestation attestation = attestation(NOW + 60, UNTIL);

        done(at(NOW).verifyAttestation(attestation));
        assertRefused(ATTESTATION_FROM_FUTURE, at(NOW - 1).verifyAttestation(attestation));
    }

    @Test
    void refusesExpiredAttestation() { // secure channel, section 9, item 28
        PurposeKeyAttestation attestation = attestation(NOW, NOW + 100);

        done(at(NOW + 100).verifyAttestation(attestation));
        assertRefused(ATTESTATION_EXPIRED, at(NOW + 101).verifyAttestation(attestation));
    }

    @Test
    void refusesAttestationOutsideTheRangeOfTheIdentitysKey() { // secure channel, section 9, item 28
        done(at(NOW).verifyAttestation(attestation(FROM, UNTIL)));
        assertRefused(ATTESTATION_BEFORE_KEY, at(NOW).verifyAttestation(attestation(FROM - 1, UNTIL)));
        assertRefused(ATTESTATION_OUTLIVES_KEY, at(NOW).verifyAttestation(attestation(FROM, UNTIL + 1)));
    }

    @Test
    void comparesTimesAsUnsignedNumbers() {
        assertRefused(ATTESTATION_OUTLIVES_KEY, at(NOW).verifyAttestation(attestation(FROM, -1)));
        assertRefused(ATTESTATION_FROM_FUTURE, at(NOW).verifyAttestation(attestation(-1, UNTIL)));
    }

    @Test
    void refusesForgedSignature() { // secure channel, section 9, item 29
        PurposeKeyAttestation genuine = attestation(NOW, UNTIL);
        PurposeKeyAttestation byPreviousKey = forge.attestation(subject, forge.ed25519(9), attested, NOW, UNTIL);
        PurposeKeyAttestation otherData =
                new PurposeKeyAttestation(attestation(NOW, UNTIL - 1).data(), genuine.signature());

        assertRefused(ATTESTATION_SIGNATURE_INVALID, at(NOW).verifyAttestation(byPreviousKey));
        assertRefused(ATTESTATION_SIGNATURE_INVALID, at(NOW).verifyAttestation(otherData));
    }

    @Test
    void refusesSignatureOfAnotherAlgorithm() {
        PurposeKeyAttestation genuine = attestation(NOW, UNTIL);
        PurposeKeyAttestation relabelled = new PurposeKeyAttestation(
                genuine.data(), P256Signature.of(genuine.signature().toBytes()));

        assertRefused(KEY_AND_SIGNATURE_DIFFER, at(NOW).verifyAttestation(relabelled));
    }

    @Test
    void refusesAttestationOfUnknownSubject() {
        ChangeHistory unknown = forge.history(forge.ed25519(3));

        assertRefused(
                SUBJECT_UNKNOWN,
                at(NOW).verifyAttestation(forge.attestation(unknown, forge.ed25519(3), attested, NOW, UNTIL)));
    }

    @Test
    void refusesSubjectWhoseStoredHistoryDoesNotVerify() {
        SigningKey other = forge.ed25519(4);
        Change change = forge.first(other);
        ChangeHistory tampered = Forge.of(new Change(change.data(), forge.sign(key, change.data()), null));
        done(repository.update(tampered, Retention.KEPT));

        assertRefused(
                SIGNATURE_INVALID, at(NOW).verifyAttestation(forge.attestation(tampered, other, attested, NOW, UNTIL)));
    }

    @Test
    void refusesAttestationForAChangeOtherThanTheLatest() { // secure channel, section 9, item 26
        ChangeHistory before = Forge.of(subject.changes().get(0));
        PurposeKeyAttestation early = forge.attestation(before, forge.ed25519(9), attested, NOW, UNTIL);

        assertRefused(ATTESTATION_OUTDATED, at(NOW).verifyAttestation(early));
    }

    @Test
    void refusesKeysOfUnknownPurpose() {
        CborWriter content = CborWriter.create(256).array(5);
        subject.identifier().writeTo(content);
        subject.latest().hash().writeTo(content);
        content.variant(2, 1).bytes(new byte[32]).unsigned(FROM).unsigned(UNTIL);
        ByteString data = VersionedData.encode(VersionedData.Type.PURPOSE_KEY_ATTESTATION, content);

        assertRefused(MALFORMED, at(NOW).verifyAttestation(forge.signed(data, key)));
    }

    @Test
    void refusesOtherVersionsAndTypes() {
        ByteString data = attestation(NOW, UNTIL).data();

        assertRefused(UNKNOWN_VERSION, at(NOW).verifyAttestation(forge.signed(Forge.relabelled(data, 2, 2), key)));
        assertRefused(WRONG_DATA_TYPE, at(NOW).verifyAttestation(forge.signed(Forge.relabelled(data, 1, 1), key)));
        assertRefused(WRONG_DATA_TYPE, at(NOW).verifyAttestation(forge.signed(Forge.relabelled(data, 1, 3), key)));
        assertRefused(MALFORMED, at(NOW).verifyAttestation(forge.signed(ByteString.fromString("none"), key)));
    }
}
