// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static ockam.identity.IdentityException.Reason.*;
import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.assertRefused;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.fixtures.MutableClock;
import ockam.fixtures.Threads;
import ockam.vault.Ed25519Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.vault.VaultException;
import ockam.vault.VerifyingVault;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys that the identities of a node attest (secure channel, section 4.7). */
class PurposeKeysTest {
    private static final long FIVE_YEARS = 5L * 365 * 86_400;

    private final SoftwareVault vault = SoftwareVault.create(Runnable::run);
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final Identities identities = identitiesAt(NOW, vault, repository);

    private OwnIdentity record(Identity identity) {
        return done(repository.own(identity.identifier())).orElseThrow();
    }

    @Test
    void hasNoPurposeKeysAtFirstAndGeneratesTheTwoKindsIndependently() { // secure channel, section 9, item 27
        Identity identity = done(identities.create());
        assertThat(record(identity).secureChannelKey()).isEmpty();
        assertThat(record(identity).credentialKey()).isEmpty();

        AttestedKey<SigningKey> credentialKey = done(identities.credentialKey(identity));

        assertThat(record(identity).secureChannelKey()).isEmpty();
        assertThat(record(identity).credentialKey()).contains(credentialKey);

        SecureChannelKey channelKey = done(identities.secureChannelKey(identity));

        assertThat(record(identity).secureChannelKey())
                .contains(new AttestedKey<>(channelKey.key(), channelKey.attestation()));
        assertThat(record(identity).credentialKey()).contains(credentialKey);
    }

    @Test
    void reusesSecureChannelKey() { // secure channel, section 9, item 7
        Identity identity = done(identities.create());
        SecureChannelKey first = done(identities.secureChannelKey(identity));

        SecureChannelKey later =
                done(identitiesAt(NOW + FIVE_YEARS, vault, repository).secureChannelKey(identity));

        assertThat(later).isEqualTo(first);
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
        assertThat(vault.keyCounts().secrets()).isZero();
    }

    @Test
    void attestsForFiveYearsFromNow() {
        Identity identity = done(identities.create());

        PurposeKeyAttestationData content =
                done(identities.secureChannelKey(identity)).attestation().content();

        assertThat(content.createdAt()).isEqualTo(new Timestamp(NOW));
        assertThat(content.expiresAt()).isEqualTo(new Timestamp(NOW + FIVE_YEARS));
        assertThat(content.latestChange())
                .isEqualTo(identity.changeHistory().latest().hash());
    }

    @Test
    void renewsExpiredKeysAndDeletesThem() {
        Identity identity = done(identities.create());
        SecureChannelKey channelKey = done(identities.secureChannelKey(identity));
        AttestedKey<SigningKey> credentialKey = done(identities.credentialKey(identity));
        Identities later = identitiesAt(NOW + FIVE_YEARS + 1, vault, repository);

        assertThat(done(later.secureChannelKey(identity)).key()).isNotEqualTo(channelKey.key());
        assertThat(done(later.credentialKey(identity)).key()).isNotEqualTo(credentialKey.key());

        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(2);
    }

    @Test
    void attestationsFromBeforeRotationAreInvalidAndNewOnesAreValid() { // secure channel, section 9, item 26
        Identity identity = done(identities.create());
        SecureChannelKey channelKey = done(identities.secureChannelKey(identity));
        AttestedKey<SigningKey> credentialKey = done(identities.credentialKey(identity));
        done(identities.verifyAttestation(channelKey.attestation()));

        done(identities.rotate(identity));

        assertRefused(ATTESTATION_OUTDATED, identities.verifyAttestation(channelKey.attestation()));
        assertRefused(ATTESTATION_OUTDATED, identities.verifyAttestation(credentialKey.attestation()));
        SecureChannelKey renewed = done(identities.secureChannelKey(identity));
        done(identities.verifyAttestation(renewed.attestation()));
        done(identities.verifyAttestation(
                done(identities.credentialKey(identity)).attestation()));
        assertThat(renewed.key()).isNotEqualTo(channelKey.key());
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
    }

    @Test
    void showsTheHistoryThatFitsTheAttestationEvenThroughOldHandle() {
        Identity old = done(identities.create());
        Identity rotated = done(identities.rotate(old));

        SecureChannelKey key = done(identities.secureChannelKey(old));

        assertThat(key.changeHistory()).isEqualTo(rotated.changeHistory());
    }

    @Test
    void renewsKeyThatTheVaultHasLost() {
        Identity identity = done(identities.create());
        SecureChannelKey lost = done(identities.secureChannelKey(identity));
        done(vault.deleteAgreementKey(lost.key()));

        SecureChannelKey renewed = done(identities.secureChannelKey(identity));

        assertThat(renewed.key()).isNotEqualTo(lost.key());
        assertThat(done(identities.secureChannelKey(identity))).isEqualTo(renewed);
    }

    @Test
    void renewsKeyThatIsNotTheAttestedOne() {
        Identity identity = done(identities.create());
        SecureChannelKey key = done(identities.secureChannelKey(identity));
        var other = new AttestedKey<>(done(vault.generateAgreementKey()), key.attestation());
        done(repository.storeOwn(record(identity).withSecureChannelKey(other)));

        SecureChannelKey renewed = done(identities.secureChannelKey(identity));

        assertThat(renewed.key()).isNotEqualTo(other.key()).isNotEqualTo(key.key());
    }

    @Test
    void verifiesTheSignatureOfAnAttestationOnceAndItsTimeAlways() {
        AtomicInteger verified = new AtomicInteger();
        VerifyingVault counting = (key, message, signature) -> {
            verified.incrementAndGet();
            return vault.verify(key, message, signature);
        };
        MutableClock clock = new MutableClock(Instant.ofEpochSecond(NOW));
        Identities counted = Identities.create(Vault.of(vault, vault, counting), repository, clock);
        Identity identity = done(counted.create());
        SecureChannelKey key = done(counted.secureChannelKey(identity));

        for (int i = 0; i < 3; i++) {
            assertThat(done(counted.secureChannelKey(identity))).isEqualTo(key);
        }

        assertThat(verified).hasValue(1);
        clock.goesOn(Duration.ofSeconds(FIVE_YEARS + 1));
        assertThat(done(counted.secureChannelKey(identity)).key()).isNotEqualTo(key.key());
    }

    @Test
    void renewsKeyWhoseAttestationWasVerifiedBeforeARotation() {
        Identity identity = done(identities.create());
        SecureChannelKey key = done(identities.secureChannelKey(identity));
        assertThat(done(identities.secureChannelKey(identity))).isEqualTo(key);

        done(identities.rotate(identity));

        assertThat(done(identities.secureChannelKey(identity)).key()).isNotEqualTo(key.key());
    }

    @Test
    void renewsKeyWhoseAttestationHasAnotherSignature() {
        Identity identity = done(identities.create());
        SecureChannelKey key = done(identities.secureChannelKey(identity));
        assertThat(done(identities.secureChannelKey(identity))).isEqualTo(key);
        var forged = new PurposeKeyAttestation(
                key.attestation().data(), Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]));
        done(repository.storeOwn(record(identity).withSecureChannelKey(new AttestedKey<>(key.key(), forged))));

        SecureChannelKey renewed = done(identities.secureChannelKey(identity));

        assertThat(renewed.key()).isNotEqualTo(key.key());
        done(identities.verifyAttestation(renewed.attestation()));
    }

    @Test
    void replacesTheKeyForChannelsAtACall() {
        Identity identity = done(identities.create());
        SecureChannelKey before = done(identities.secureChannelKey(identity));
        AttestedKey<SigningKey> credentialKey = done(identities.credentialKey(identity));

        SecureChannelKey after = done(identities.rotateSecureChannelKey(identity));

        assertThat(after.key()).isNotEqualTo(before.key());
        assertThat(done(identities.secureChannelKey(identity))).isEqualTo(after);
        assertThat(after.changeHistory()).isEqualTo(before.changeHistory());
        assertThat(done(vault.hasAgreementKey(before.key()))).isFalse();
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
        assertThat(done(identities.credentialKey(identity))).isEqualTo(credentialKey);
    }

    @Test
    void replacesTheKeyForCredentialsAtACallAndWhatItHasSignedStaysValid() {
        Identity authority = done(identities.create());
        Identifier subject = Identifier.parse("I" + "0a".repeat(32));
        CredentialOptions options = CredentialOptions.of(subject, Attributes.none(), Duration.ofDays(1));
        CredentialAndPurposeKey before = done(identities.issueCredential(authority, options));
        SigningKey old = done(identities.credentialKey(authority)).key();

        AttestedKey<SigningKey> after = done(identities.rotateCredentialKey(authority));

        assertThat(after.key()).isNotEqualTo(old);
        assertThat(vault.keyCounts().signingKeys())
                .as("its own and the new one")
                .isEqualTo(2);
        assertThat(failureOf(vault.sign(old, new byte[32]))).isInstanceOf(VaultException.class);
        CredentialAndPurposeKey next = done(identities.issueCredential(authority, options));
        assertThat(next.purposeKey()).isEqualTo(after.attestation());
        for (CredentialAndPurposeKey each : List.of(before, next)) {
            done(identities.verifyCredential(each, subject, Set.of(authority.identifier())));
        }
    }

    @Test
    void aFirstKeyAtACallIsOneKey() {
        Identity identity = done(identities.create());

        SecureChannelKey first = done(identities.rotateSecureChannelKey(identity));

        assertThat(done(identities.secureChannelKey(identity))).isEqualTo(first);
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
    }

    @Test
    void replacementsAtTheSameTimeMakeOneKeyAndLeaveNone() {
        Identity identity = done(identities.create());
        done(identities.secureChannelKey(identity));

        Threads.race(3, thread -> {
            for (int i = 0; i < 25; i++) {
                done(thread == 0 ? identities.secureChannelKey(identity) : identities.rotateSecureChannelKey(identity));
            }
        });

        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
    }

    @Test
    void replacesKeysThatAreOldAndSaysWhenTheNextOneIs() {
        MutableClock clock = new MutableClock(Instant.ofEpochSecond(NOW));
        Identities aging = Identities.create(vault, repository, clock);
        Identity identity = done(aging.create());
        Duration age = Duration.ofDays(30);
        assertThat(done(aging.rotatePurposeKeys(identity, age))).isEqualTo(age);
        assertThat(record(identity).secureChannelKey())
                .as("nobody has needed one")
                .isEmpty();

        SecureChannelKey channelKey = done(aging.secureChannelKey(identity));
        clock.goesOn(Duration.ofDays(10));
        AttestedKey<SigningKey> credentialKey = done(aging.credentialKey(identity));
        clock.goesOn(Duration.ofDays(20).minusSeconds(1));
        assertThat(done(aging.rotatePurposeKeys(identity, age))).isEqualTo(Duration.ofSeconds(1));
        assertThat(done(aging.secureChannelKey(identity))).isEqualTo(channelKey);

        clock.goesOn(Duration.ofSeconds(1));
        assertThat(done(aging.rotatePurposeKeys(identity, age))).isEqualTo(Duration.ofDays(10));
        SecureChannelKey renewed = done(aging.secureChannelKey(identity));
        assertThat(renewed.key()).isNotEqualTo(channelKey.key());
        assertThat(done(aging.credentialKey(identity))).isEqualTo(credentialKey);

        clock.goesOn(Duration.ofDays(10));
        assertThat(done(aging.rotatePurposeKeys(identity, age))).isEqualTo(Duration.ofDays(20));
        assertThat(done(aging.secureChannelKey(identity))).isEqualTo(renewed);
        assertThat(done(aging.credentialKey(identity)).key()).isNotEqualTo(credentialKey.key());
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(2);
    }

    @Test
    void noKeyIsOldInLessThanASecond() {
        Identity identity = done(identities.create());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> identities.rotatePurposeKeys(identity, Duration.ofMillis(999)));
    }

    @Test
    void replacesWithTheOthersAKeyFromBeforeARotation() {
        Identity identity = done(identities.create());
        SecureChannelKey outdated = done(identities.secureChannelKey(identity));
        done(identities.rotate(identity));

        done(identities.rotatePurposeKeys(identity, Duration.ofDays(1)));

        assertThat(done(vault.hasAgreementKey(outdated.key()))).isFalse();
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"ED25519,ED25519", "ED25519,P256", "P256,ED25519", "P256,P256"})
    void mixesAlgorithmsOfIdentityAndCredentialKey(
            SignatureAlgorithm own, SignatureAlgorithm credential) { // secure channel, section 9, item 24
        IdentityOptions options =
                IdentityOptions.defaults().withSignatureAlgorithm(own).withCredentialKeyAlgorithm(credential);
        Identity identity = done(identities.create(options));

        AttestedKey<SigningKey> key = done(identities.credentialKey(identity));

        assertThat(done(identities.verifyAttestation(key.attestation())).publicKey())
                .isEqualTo(new PurposePublicKey.CredentialSigning(key.key().publicKey()));
        assertThat(key.key().publicKey().algorithm()).isEqualTo(credential);
        assertThat(key.attestation().signature().algorithm()).isEqualTo(own);
        assertThat(done(identities.credentialKey(identity))).isEqualTo(key);
    }

    @Test
    void attestationNeverOutlivesTheIdentitysKey() {
        IdentityOptions options = IdentityOptions.defaults().withKeyLifetime(Duration.ofDays(1));
        Identity identity = done(identities.create(options));

        SecureChannelKey key = done(identities.secureChannelKey(identity));

        assertThat(key.attestation().content().expiresAt()).isEqualTo(new Timestamp(NOW + 86_400));
        done(identities.verifyAttestation(key.attestation()));
    }

    @Test
    void attestsForAsLongAsTheOptionsSay() {
        IdentityOptions options = IdentityOptions.defaults().withAttestationLifetime(Duration.ofHours(1));
        Identity identity = done(identities.create(options));

        SecureChannelKey key = done(identities.secureChannelKey(identity));

        assertThat(key.attestation().content().expiresAt()).isEqualTo(new Timestamp(NOW + 3600));
    }

    @Test
    void attestsNothingWithKeyOutsideItsValidity() {
        IdentityOptions options = IdentityOptions.defaults().withKeyLifetime(Duration.ofDays(1));
        Identity identity = done(identities.create(options));
        Identities tooLate = identitiesAt(NOW + 86_401, vault, repository);
        Identities tooEarly = identitiesAt(NOW - 61, vault, repository);
        Identities justInTime = identitiesAt(NOW - 60, vault, repository);

        assertRefused(KEY_NOT_VALID_NOW, tooLate.secureChannelKey(identity));
        assertRefused(KEY_NOT_VALID_NOW, tooEarly.credentialKey(identity));
        assertThat(vault.keyCounts().agreementKeys()).isZero();
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(1);

        done(justInTime.secureChannelKey(identity));
        Identity rotated = done(tooLate.rotate(identity));
        done(tooLate.secureChannelKey(rotated));
    }
}
