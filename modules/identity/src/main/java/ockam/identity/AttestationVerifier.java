// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import ockam.identity.IdentityException.Reason;
import ockam.vault.VerifyingVault;

/** Verifies attestations by the rules of secure channel, section 4.8. Thread safe. */
final class AttestationVerifier {
    /** How far an issuer's clock may be ahead of the local one. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(60);

    /** How many of this node's attestations are remembered, at about half a kilobyte each; if there are more, all are verified again. */
    private static final int MAX_REMEMBERED = 1_000;

    private final VerifyingVault vault;
    /** Attestations of this node's keys whose signature is valid. */
    private final Set<PurposeKeyAttestation> remembered = ConcurrentHashMap.newKeySet();

    AttestationVerifier(VerifyingVault vault) {
        this.vault = vault;
    }

    /**
     * Completes with the content of the attestation, verified with the latest change of an already verified history; or fails
     * with the first rule that is broken.
     */
    CompletionStage<PurposeKeyAttestationData> verify(
            PurposeKeyAttestation attestation, ChangeHistory subject, Timestamp now) {
        PurposeKeyAttestationData content = requireRules(attestation, subject, now);
        byte[] hash = VersionedData.hash(attestation.data());
        return vault.verify(subject.latest().content().publicKey(), hash, attestation.signature())
                .thenApply(valid -> {
                    require(
                            valid,
                            Reason.ATTESTATION_SIGNATURE_INVALID,
                            "the attestation is not signed by the identity that it is about");
                    return content;
                });
    }

    /**
     * Does the same for the attestation of this node's own key, which is verified before each channel: a signature that was valid
     * is not verified again, but all other rules are. The signed data name the signing key, so that cannot have changed.
     */
    CompletionStage<PurposeKeyAttestationData> verifyOwn(
            PurposeKeyAttestation attestation, ChangeHistory subject, Timestamp now) {
        if (remembered.contains(attestation)) {
            return CompletableFuture.completedFuture(requireRules(attestation, subject, now));
        }
        return verify(attestation, subject, now).thenApply(content -> {
            if (remembered.size() >= MAX_REMEMBERED) {
                remembered.clear();
            }
            remembered.add(attestation);
            return content;
        });
    }

    /** Returns the content of the attestation, if it breaks none of the rules that need no signature. */
    private static PurposeKeyAttestationData requireRules(
            PurposeKeyAttestation attestation, ChangeHistory subject, Timestamp now) {
        PurposeKeyAttestationData content = attestation.content();
        ChangeData latest = subject.latest().content();
        require(
                content.subject().equals(subject.identifier()),
                Reason.ATTESTATION_OF_OTHER_SUBJECT,
                "the attestation is by another identity");
        require(
                content.latestChange().equals(subject.latest().hash()),
                Reason.ATTESTATION_OUTDATED,
                "the attestation was not made with the identity's latest key");
        require(
                !content.expiresAt().isAfter(latest.validUntil()),
                Reason.ATTESTATION_OUTLIVES_KEY,
                "the attestation outlives the identity's key");
        require(
                !content.createdAt().isBefore(latest.validFrom()),
                Reason.ATTESTATION_BEFORE_KEY,
                "the attestation is older than the identity's key");
        require(
                !content.createdAt().isAfter(now.plus(CLOCK_SKEW)),
                Reason.ATTESTATION_FROM_FUTURE,
                "the attestation was made in the future");
        require(!content.expiresAt().isBefore(now), Reason.ATTESTATION_EXPIRED, "the attestation has expired");
        HistoryVerifier.checkAlgorithm(latest.publicKey(), attestation.signature());
        return content;
    }

    private static void require(boolean rule, Reason otherwise, String message) {
        if (!rule) {
            throw new IdentityException(otherwise, message);
        }
    }
}
