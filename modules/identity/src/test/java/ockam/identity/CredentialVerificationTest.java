// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static java.util.Map.entry;
import static ockam.fixtures.ExampleIdentities.filled;
import static ockam.fixtures.Stages.done;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.P256Signature;
import ockam.vault.SigningKey;
import ockam.vault.Vault;
import ockam.vault.X25519PublicKey;
import ockam.wire.Attributes;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules of secure channel, section 4.9, one by one (secure channel, section 9, item 30). */
class CredentialVerificationTest {
    /** When the attestation of the credential key begins and ends. */
    private static final long FROM = NOW - 1_000;

    private static final long UNTIL = NOW + 1_000;
    private static final Attributes MEMBER = Attributes.ofTexts(Map.of("role", "member", "trust", "x"));
    private static final Identifier SUBJECT = Identifier.parse("I" + "0a".repeat(32));
    private static final Identifier SOMEBODY_ELSE = Identifier.parse("I" + "0b".repeat(32));

    private final Forge forge = new Forge();
    private final SigningKey identityKey = forge.ed25519(1);
    private final SigningKey credentialKey = forge.p256(2);
    private final ChangeHistory authority = history(identityKey);
    private final PurposeKeyAttestation attestation = attestation(FROM, UNTIL);
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();

    CredentialVerificationTest() {
        done(repository.update(authority, Retention.KEPT));
    }

    private ChangeHistory history(SigningKey key) {
        return Forge.of(forge.signed(Forge.data(null, key, FROM), key, null));
    }

    private PurposeKeyAttestation attestation(long createdAt, long expiresAt) {
        return forge.attestation(
                authority,
                identityKey,
                new PurposePublicKey.CredentialSigning(credentialKey.publicKey()),
                createdAt,
                expiresAt);
    }

    private static CredentialData content(@Nullable Identifier subject, long createdAt, long expiresAt) {
        return new CredentialData(subject, null, 7, MEMBER, new Timestamp(createdAt), new Timestamp(expiresAt));
    }

    private CredentialAndPurposeKey credential(@Nullable Identifier subject, long createdAt, long expiresAt) {
        return presented(forge.credential(content(subject, createdAt, expiresAt), credentialKey));
    }

    private CredentialAndPurposeKey presented(Credential credential) {
        return new CredentialAndPurposeKey(credential, attestation);
    }

    private CredentialAndPurposeKey signed(ByteString data) {
        return presented(forge.credential(data, credentialKey));
    }

    private CompletionStage<AttestedAttributes> verifiedAt(long seconds, CredentialAndPurposeKey presented) {
        return identitiesAt(seconds, forge.vault, repository)
                .verifyCredential(presented, SUBJECT, Set.of(authority.identifier(), SOMEBODY_ELSE));
    }

    private CompletionStage<AttestedAttributes> verified(CredentialAndPurposeKey presented) {
        return verifiedAt(NOW, presented);
    }

    @Test
    void saysWhatTheAuthoritySays() {
        assertThat(done(verified(credential(SUBJECT, NOW, UNTIL))))
                .isEqualTo(new AttestedAttributes(
                        SUBJECT,
                        authority.identifier(),
                        authority.latest().hash(),
                        7,
                        MEMBER,
                        new Timestamp(NOW),
                        new Timestamp(UNTIL)));
    }

    @Test
    void refusesAnAuthorityThatIsNotAccepted() {
        CredentialAndPurposeKey genuine = credential(SUBJECT, NOW, UNTIL);
        Identities identities = identitiesAt(NOW, forge.vault, repository);

        assertRefused(UNKNOWN_AUTHORITY, identities.verifyCredential(genuine, SUBJECT, Set.of(SOMEBODY_ELSE)));
        assertRefused(UNKNOWN_AUTHORITY, identities.verifyCredential(genuine, SUBJECT, Set.of()));
    }

    @Test
    void refusesAnAcceptedAuthorityWhoseHistoryIsNotKnown() {
        Identities elsewhere = identitiesAt(NOW, forge.vault, InMemoryIdentityRepository.create());

        assertRefused(
                SUBJECT_UNKNOWN,
                elsewhere.verifyCredential(credential(SUBJECT, NOW, UNTIL), SUBJECT, Set.of(authority.identifier())));
    }

    @Test
    void refusesAnAuthorityWhoseStoredHistoryDoesNotVerify() {
        SigningKey other = forge.ed25519(4);
        Change change = forge.first(other);
        ChangeHistory tampered = Forge.of(new Change(change.data(), forge.sign(identityKey, change.data()), null));
        done(repository.update(tampered, Retention.KEPT));
        PurposeKeyAttestation attested = forge.attestation(
                tampered, other, new PurposePublicKey.CredentialSigning(credentialKey.publicKey()), NOW, UNTIL);
        Identities identities = identitiesAt(NOW, forge.vault, repository);

        assertRefused(
                SIGNATURE_INVALID,
                identities.verifyCredential(
                        new CredentialAndPurposeKey(
                                forge.credential(content(SUBJECT, NOW, UNTIL), credentialKey), attested),
                        SUBJECT,
                        Set.of(tampered.identifier())));
    }

    @Test
    void refusesAKeyOfAnotherPurpose() {
        PurposeKeyAttestation forChannels = forge.attestation(
                authority,
                identityKey,
                new PurposePublicKey.SecureChannelStatic(X25519PublicKey.of(filled(5))),
                FROM,
                UNTIL);
        Credential credential = forge.credential(content(SUBJECT, NOW, UNTIL), credentialKey);

        assertRefused(WRONG_PURPOSE, verified(new CredentialAndPurposeKey(credential, forChannels)));
    }

    @Test
    void refusesWhatTheAttestedKeyDidNotSign() {
        CredentialData content = content(SUBJECT, NOW, UNTIL);
        CredentialAndPurposeKey genuine = presented(forge.credential(content, credentialKey));
        Credential otherContent = new Credential(
                content(SUBJECT, NOW, UNTIL - 1).encodeSigned(),
                genuine.credential().signature());

        assertRefused(CREDENTIAL_SIGNATURE_INVALID, verified(presented(forge.credential(content, forge.p256(3)))));
        assertRefused(CREDENTIAL_SIGNATURE_INVALID, verified(presented(otherContent)));
        assertRefused(KEY_AND_SIGNATURE_DIFFER, verified(presented(forge.credential(content, identityKey))));
    }

    @Test
    void refusesASignatureOfAnotherAlgorithm() {
        SigningKey ed25519 = forge.ed25519(6);
        PurposeKeyAttestation attested = forge.attestation(
                authority, identityKey, new PurposePublicKey.CredentialSigning(ed25519.publicKey()), FROM, UNTIL);
        Credential genuine = forge.credential(content(SUBJECT, NOW, UNTIL), ed25519);
        Credential relabelled = new Credential(
                genuine.data(), P256Signature.of(genuine.signature().toBytes()));

        done(verified(new CredentialAndPurposeKey(genuine, attested)));
        assertRefused(KEY_AND_SIGNATURE_DIFFER, verified(new CredentialAndPurposeKey(relabelled, attested)));
    }

    @Test
    void refusesOtherSubjectsAndNone() { // authority, section 10, item 25
        assertRefused(CREDENTIAL_OF_OTHER_SUBJECT, verified(credential(SOMEBODY_ELSE, NOW, UNTIL)));
        assertRefused(CREDENTIAL_WITHOUT_SUBJECT, verified(credential(null, NOW, UNTIL)));
    }

    @Test
    void liesWithinTheAttestationOfItsKey() { // authority, section 10, item 23
        done(verified(credential(SUBJECT, FROM, UNTIL)));
        assertRefused(CREDENTIAL_BEFORE_KEY, verified(credential(SUBJECT, FROM - 1, UNTIL)));
        assertRefused(CREDENTIAL_OUTLIVES_KEY, verified(credential(SUBJECT, FROM, UNTIL + 1)));
        assertRefused(CREDENTIAL_OUTLIVES_KEY, verified(credential(SUBJECT, FROM, -1)));
    }

    @Test
    void allowsOneMinuteOfClockSkew() { // authority, section 10, item 22
        done(verified(credential(SUBJECT, NOW + 60, UNTIL)));
        assertRefused(CREDENTIAL_FROM_FUTURE, verified(credential(SUBJECT, NOW + 61, UNTIL)));
        assertRefused(CREDENTIAL_FROM_FUTURE, verified(credential(SUBJECT, -1, UNTIL)));
    }

    @Test
    void isValidToItsLastSecond() { // authority, section 10, item 22
        CredentialAndPurposeKey credential = credential(SUBJECT, FROM, NOW);

        AttestedAttributes said = done(verified(credential));
        assertRefused(CREDENTIAL_EXPIRED, verifiedAt(NOW + 1, credential));
        assertThat(said.isValidAt(new Timestamp(NOW - 1).toInstant())).isTrue();
        assertThat(said.isValidAt(new Timestamp(NOW).toInstant())).isFalse();
    }

    @Test
    void refusesItWhenTheAttestationHasExpired() { // authority, section 10, item 23
        CredentialAndPurposeKey credential = new CredentialAndPurposeKey(
                forge.credential(content(SUBJECT, FROM, NOW - 1), credentialKey), attestation(FROM, NOW - 1));

        assertRefused(ATTESTATION_EXPIRED, verified(credential));
    }

    @Test
    void refusesItAfterTheAuthorityWasRotated() {
        CredentialAndPurposeKey credential = credential(SUBJECT, NOW, UNTIL);
        Change first = authority.changes().get(0);
        done(repository.update(Forge.of(first, forge.next(first, identityKey, forge.ed25519(9))), Retention.KEPT));

        assertRefused(ATTESTATION_OUTDATED, verified(credential));
    }

    @Test
    void refusesOtherVersionsTypesAndStructures() {
        ByteString data = content(SUBJECT, NOW, UNTIL).encodeSigned();

        assertRefused(UNKNOWN_VERSION, verified(signed(Forge.relabelled(data, 2, 3))));
        assertRefused(UNKNOWN_VERSION, verified(signed(Forge.relabelled(data, 0, 3))));
        assertRefused(WRONG_DATA_TYPE, verified(signed(Forge.relabelled(data, 1, 2))));
        assertRefused(MALFORMED, verified(signed(ByteString.fromString("none"))));
        assertRefused(MALFORMED, verified(signed(ByteString.emptyByteString())));
        assertRefused(MALFORMED, verified(signed(data.dropRight(1))));
    }

    @Test
    void refusesMoreAttributesThanAreKept() {
        CborWriter content = CborWriter.create(4096).array(5);
        SUBJECT.writeTo(content);
        content.optional((ChangeHash) null, ChangeHash::writeTo).array(2).unsigned(1);
        content.map(Attributes.MAX_ENTRIES + 1);
        for (int i = 0; i <= Attributes.MAX_ENTRIES; i++) {
            content.bytes(new byte[] {(byte) (i >> 8), (byte) i}).bytes(new byte[0]);
        }
        content.unsigned(NOW).unsigned(UNTIL);

        assertRefused(MALFORMED, verified(signed(VersionedData.encode(VersionedData.Type.CREDENTIAL, content))));
    }

    private Identities counting(AtomicInteger verifications, IdentityRepository known) {
        return identitiesAt(
                NOW,
                Vault.of(forge.vault.secureChannels(), forge.vault.signing(), (key, message, signature) -> {
                    verifications.incrementAndGet();
                    return forge.vault.verifying().verify(key, message, signature);
                }),
                known);
    }

    @Test
    void aCredentialThatIsInvalidByItselfCostsNeitherALookUpNorASignature() {
        AtomicInteger verifications = new AtomicInteger();
        LookUps known = new LookUps(repository);
        Identities identities = counting(verifications, known);
        Credential genuine = forge.credential(content(SUBJECT, NOW, UNTIL), credentialKey);
        PurposeKeyAttestation forChannels = forge.attestation(
                authority,
                identityKey,
                new PurposePublicKey.SecureChannelStatic(X25519PublicKey.of(filled(5))),
                FROM,
                UNTIL);
        Map<CredentialAndPurposeKey, IdentityException.Reason> cheap = Map.ofEntries(
                entry(new CredentialAndPurposeKey(genuine, attestation(FROM, NOW - 1)), ATTESTATION_EXPIRED),
                entry(new CredentialAndPurposeKey(genuine, attestation(NOW + 61, UNTIL)), ATTESTATION_FROM_FUTURE),
                entry(new CredentialAndPurposeKey(genuine, forChannels), WRONG_PURPOSE),
                entry(signed(ByteString.fromString("none")), MALFORMED),
                entry(credential(null, NOW, UNTIL), CREDENTIAL_WITHOUT_SUBJECT),
                entry(credential(SOMEBODY_ELSE, NOW, UNTIL), CREDENTIAL_OF_OTHER_SUBJECT),
                entry(credential(SUBJECT, FROM - 1, UNTIL), CREDENTIAL_BEFORE_KEY),
                entry(credential(SUBJECT, NOW, UNTIL + 1), CREDENTIAL_OUTLIVES_KEY),
                entry(credential(SUBJECT, NOW + 61, UNTIL), CREDENTIAL_FROM_FUTURE),
                entry(credential(SUBJECT, FROM, NOW - 1), CREDENTIAL_EXPIRED),
                entry(
                        presented(forge.credential(content(SUBJECT, NOW, UNTIL), identityKey)),
                        KEY_AND_SIGNATURE_DIFFER));

        cheap.forEach((presented, reason) ->
                assertRefused(reason, identities.verifyCredential(presented, SUBJECT, Set.of(authority.identifier()))));
        assertRefused(
                UNKNOWN_AUTHORITY, identities.verifyCredential(presented(genuine), SUBJECT, Set.of(SOMEBODY_ELSE)));

        assertThat(known.count).hasValue(0);
        assertThat(verifications).hasValue(0);
    }

    @Test
    void aCredentialThatDoesNotFitTheHistoryCostsNoSignature() {
        AtomicInteger verifications = new AtomicInteger();
        Identities identities = counting(verifications, repository);
        CredentialAndPurposeKey beforeTheKey = new CredentialAndPurposeKey(
                forge.credential(content(SUBJECT, NOW, UNTIL), credentialKey), attestation(FROM - 1, UNTIL));
        CredentialAndPurposeKey outdated = credential(SUBJECT, NOW, UNTIL);

        Set<Identifier> authorities = Set.of(authority.identifier());
        assertRefused(ATTESTATION_BEFORE_KEY, identities.verifyCredential(beforeTheKey, SUBJECT, authorities));
        Change first = authority.changes().get(0);
        done(repository.update(Forge.of(first, forge.next(first, identityKey, forge.ed25519(9))), Retention.KEPT));
        assertRefused(ATTESTATION_OUTDATED, identities.verifyCredential(outdated, SUBJECT, authorities));

        assertThat(verifications).hasValue(0);
    }

    @Test
    void verifiesTheStoredHistoryOfAnAuthorityOnce() {
        AtomicInteger verifications = new AtomicInteger();
        Identities identities = counting(verifications, repository); // which has the history from an earlier run
        Set<Identifier> authorities = Set.of(authority.identifier());

        done(identities.verifyCredential(credential(SUBJECT, NOW, UNTIL), SUBJECT, authorities));
        assertThat(verifications).as("history, attestation, credential").hasValue(3);
        done(identities.verifyCredential(credential(SUBJECT, NOW, UNTIL - 1), SUBJECT, authorities));
        assertThat(verifications).as("and the other credential").hasValue(4);
    }

    @Test
    void verifiesTheSignaturesOfTheAuthorityOnce() {
        AtomicInteger verifications = new AtomicInteger();
        Identities identities = counting(verifications, repository);
        done(identities.importHistory(authority.export()));
        Set<Identifier> authorities = Set.of(authority.identifier());
        CredentialAndPurposeKey refused = credential(SOMEBODY_ELSE, NOW, UNTIL);
        verifications.set(0);

        assertRefused(CREDENTIAL_OF_OTHER_SUBJECT, identities.verifyCredential(refused, SUBJECT, authorities));
        assertThat(verifications).hasValue(0);
        done(identities.verifyCredential(credential(SUBJECT, NOW, UNTIL), SUBJECT, authorities));
        assertThat(verifications).hasValue(2);
        done(identities.verifyCredential(credential(SUBJECT, NOW, UNTIL - 1), SUBJECT, authorities));
        assertThat(verifications).hasValue(3);
    }

    /** If the bytes are accepted, everything signed must be unchanged. */
    private boolean isRefusedOrUnchanged(ByteString received, CredentialAndPurposeKey genuine) {
        if (!(CredentialAndPurposeKey.decode(received) instanceof Decoded.Value<CredentialAndPurposeKey> decoded)) {
            return true;
        }
        return done(verified(decoded.value()).handle((said, failure) -> {
            if (failure != null) {
                assertThat(failure).isInstanceOf(IdentityException.class);
                return true;
            }
            return decoded.value()
                            .credential()
                            .data()
                            .equals(genuine.credential().data())
                    && decoded.value()
                            .purposeKey()
                            .data()
                            .equals(genuine.purposeKey().data());
        }));
    }

    @Test
    void nothingSignedCanBeAltered() {
        CredentialAndPurposeKey genuine = credential(SUBJECT, NOW, UNTIL);
        ByteString encoded = genuine.encode();

        assertThat(done(verified(CredentialAndPurposeKey.decode(encoded).orElseThrow())))
                .isNotNull();
        for (int index = 0; index < encoded.length(); index++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] altered = encoded.toArray();
                altered[index] ^= (byte) (1 << bit);
                assertThat(isRefusedOrUnchanged(ByteString.fromArray(altered), genuine))
                        .as("bit %s of byte %s", bit, index)
                        .isTrue();
            }
        }
    }

    @Test
    void isRefusedWhereverItsDataAreCut() {
        ByteString data = content(SUBJECT, NOW, UNTIL).encodeSigned();
        for (int length = 0; length < data.length(); length++) {
            assertRefused(MALFORMED, verified(signed(data.take(length))));
        }
    }
}
