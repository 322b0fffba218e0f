// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.vault.VerifyingKey;
import ockam.vault.VerifyingVault;
import ockam.wire.Identifier;

/**
 * Verifies credentials by the rules of secure channel, section 4.9, the cheap ones first: those that need only the credential itself, then
 * those that need the authority's history, which may have to be fetched, then the signatures. So a credential that is invalid anyway costs
 * a stranger's victim next to nothing. Thread safe.
 */
final class CredentialVerifier {
    private final PeerHistories histories;
    private final AttestationVerifier attestations;

    CredentialVerifier(PeerHistories histories, AttestationVerifier attestations) {
        this.histories = histories;
        this.attestations = attestations;
    }

    /**
     * Completes with what the credential says about this subject, or fails with the first rule that is broken. The vault verifies one
     * signature after the other.
     */
    CompletionStage<AttestedAttributes> verify(
            CredentialAndPurposeKey presented,
            Identifier subject,
            Set<Identifier> authorities,
            Timestamp now,
            VerifyingVault vault) {
        PurposeKeyAttestation attestation = presented.purposeKey();
        PurposeKeyAttestationData attested = attestation.content();
        require(
                authorities.contains(attested.subject()),
                Reason.UNKNOWN_AUTHORITY,
                "the credential is by an identity whose credentials are not accepted");
        AttestationVerifier.requireTime(attested, now);
        VerifyingKey key = signingKey(attested);
        Credential credential = presented.credential();
        CredentialData content = requireRules(credential, attested, subject, now);
        HistoryVerifier.checkAlgorithm(key, credential.signature());
        return histories
                .known(attested.subject())
                .thenCompose(known -> {
                    AttestationVerifier.requireRules(attestation, known.history(), now);
                    return histories.verifyKnown(known, vault);
                })
                .thenCompose(authority -> attestations.verifyOnce(attestation, authority, now, vault))
                .thenCompose(valid -> vault.verify(key, VersionedData.hash(credential.data()), credential.signature()))
                .thenApply(valid -> {
                    require(
                            valid,
                            Reason.CREDENTIAL_SIGNATURE_INVALID,
                            "the credential is not signed with the authority's credential key");
                    return new AttestedAttributes(
                            subject,
                            attested.subject(),
                            attested.latestChange(),
                            content.schema(),
                            content.attributes(),
                            content.createdAt(),
                            content.expiresAt());
                });
    }

    private static VerifyingKey signingKey(PurposeKeyAttestationData attested) {
        if (attested.publicKey() instanceof PurposePublicKey.CredentialSigning signing) {
            return signing.key();
        }
        throw new IdentityException(Reason.WRONG_PURPOSE, "the attested key is not for credentials");
    }

    private static CredentialData requireRules(
            Credential credential, PurposeKeyAttestationData attested, Identifier subject, Timestamp now) {
        CredentialData content = credential.content();
        Identifier about = content.subject()
                .orElseThrow(() ->
                        new IdentityException(Reason.CREDENTIAL_WITHOUT_SUBJECT, "the credential is about nobody"));
        require(
                about.equals(subject),
                Reason.CREDENTIAL_OF_OTHER_SUBJECT,
                "the credential is not about " + subject + " but about another identity");
        require(
                !content.createdAt().isBefore(attested.createdAt()),
                Reason.CREDENTIAL_BEFORE_KEY,
                "the credential is older than the attestation of the key that signed it");
        require(
                !content.expiresAt().isAfter(attested.expiresAt()),
                Reason.CREDENTIAL_OUTLIVES_KEY,
                "the credential outlives the attestation of the key that signed it");
        require(
                !content.createdAt().isAfter(now.plus(AttestationVerifier.CLOCK_SKEW)),
                Reason.CREDENTIAL_FROM_FUTURE,
                "the credential was made in the future");
        require(!content.expiresAt().isBefore(now), Reason.CREDENTIAL_EXPIRED, "the credential has expired");
        return content;
    }

    private static void require(boolean rule, Reason otherwise, String message) {
        if (!rule) {
            throw new IdentityException(otherwise, message);
        }
    }
}
