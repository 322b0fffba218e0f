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

    /** How many attestations are remembered, at about half a kilobyte each; if there are more, all are verified again. */
    private static final int MAX_REMEMBERED = 1_000;

    private final VerifyingVault vault;
    /** Attestations of the keys of this node and of authorities whose signature is valid. */
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
        return verifySignature(attestation, subject, vault).thenApply(valid -> content);
    }

    /** Completes if the attestation is signed with the latest key of this history, which has been verified. */
    static CompletionStage<Void> verifySignature(
            PurposeKeyAttestation attestation, ChangeHistory subject, VerifyingVault vault) {
        byte[] hash = VersionedData.hash(attestation.data());
        return vault.verify(subject.latest().content().publicKey(), hash, attestation.signature())
                .thenAccept(valid -> require(
                        valid,
                        Reason.ATTESTATION_SIGNATURE_INVALID,
                        "the attestation is not signed by the identity that it is about"));
    }

    /**
     * Does the same for the attestation of a key of this node, which is verified before each channel, or of an authority, which is
     * verified with each credential: a signature that was valid is not verified again, but all other rules are. The signed data name
     * the signing key, so that cannot have changed.
     */
    CompletionStage<PurposeKeyAttestationData> verifyOnce(
            PurposeKeyAttestation attestation, ChangeHistory subject, Timestamp now) {
        return verifyOnce(attestation, subject, now, vault);
    }

    /** The same with another vault, which a stranger can make work. */
    CompletionStage<PurposeKeyAttestationData> verifyOnce(
            PurposeKeyAttestation attestation, ChangeHistory subject, Timestamp now, VerifyingVault signatures) {
        if (remembered.contains(attestation)) {
            return CompletableFuture.completedFuture(requireRules(attestation, subject, now));
        }
        PurposeKeyAttestationData content = requireRules(attestation, subject, now);
        return verifySignature(attestation, subject, signatures).thenApply(valid -> {
            if (remembered.size() >= MAX_REMEMBERED) {
                remembered.clear();
            }
            remembered.add(attestation.detached());
            return content;
        });
    }

    /** Returns the content of the attestation, if it breaks none of the rules that need no signature. */
    static PurposeKeyAttestationData requireRules(
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
        requireTime(content, now);
        HistoryVerifier.checkAlgorithm(latest.publicKey(), attestation.signature());
        return content;
    }

    /** Checks the rules that need nothing but the attestation itself. */
    static void requireTime(PurposeKeyAttestationData content, Timestamp now) {
        require(
                !content.createdAt().isAfter(now.plus(CLOCK_SKEW)),
                Reason.ATTESTATION_FROM_FUTURE,
                "the attestation was made in the future");
        require(!content.expiresAt().isBefore(now), Reason.ATTESTATION_EXPIRED, "the attestation has expired");
    }

    private static void require(boolean rule, Reason otherwise, String message) {
        if (!rule) {
            throw new IdentityException(otherwise, message);
        }
    }
}
