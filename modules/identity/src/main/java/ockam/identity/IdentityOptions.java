// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Duration;
import ockam.vault.SignatureAlgorithm;

/**
 * The options of an identity of this node: algorithms and lifetimes (secure channel, sections 4.4 and 4.7). They are stored with
 * the identity and also apply when it is rotated.
 *
 * <p>An attestation never outlives the key that signs it: it is cut short, regardless of its lifetime.
 *
 * @param signatureAlgorithm the algorithm of the identity's own keys
 * @param credentialKeyAlgorithm the algorithm of the key that signs credentials
 * @param keyLifetime how long the identity's own key may attest, at least a second
 * @param attestationLifetime how long an attestation is valid, at least a second
 */
public record IdentityOptions(
        SignatureAlgorithm signatureAlgorithm,
        SignatureAlgorithm credentialKeyAlgorithm,
        Duration keyLifetime,
        Duration attestationLifetime) {
    private static final int DAYS_OF_A_YEAR = 365;
    private static final IdentityOptions DEFAULTS = new IdentityOptions(
            SignatureAlgorithm.ED25519,
            SignatureAlgorithm.ED25519,
            Duration.ofDays(10 * DAYS_OF_A_YEAR),
            Duration.ofDays(5 * DAYS_OF_A_YEAR));

    /** Checks the lifetimes; throws {@link IllegalArgumentException} when one is shorter than a second. */
    public IdentityOptions {
        requireLifetime(keyLifetime);
        requireLifetime(attestationLifetime);
    }

    private static void requireLifetime(Duration lifetime) {
        if (lifetime.toSeconds() < 1) {
            throw new IllegalArgumentException("a lifetime of " + lifetime + " is too short");
        }
    }

    /** Returns the defaults: Ed25519 throughout; keys for ten years of 365 days, attestations for five, as everywhere in Ockam. */
    public static IdentityOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns for how long a credential by this identity may be valid: for nine tenths of the {@link #attestationLifetime}. So the key that
     * signs it is not replaced before a tenth has passed, however many credentials there are.
     */
    public Duration maxCredentialValidity() {
        return attestationLifetime.dividedBy(10).multipliedBy(9);
    }

    /** Returns the same options with a different algorithm for the identity's own keys. */
    public IdentityOptions withSignatureAlgorithm(SignatureAlgorithm algorithm) {
        return new IdentityOptions(algorithm, credentialKeyAlgorithm, keyLifetime, attestationLifetime);
    }

    /** Returns the same options with a different algorithm for the key that signs credentials. */
    public IdentityOptions withCredentialKeyAlgorithm(SignatureAlgorithm algorithm) {
        return new IdentityOptions(signatureAlgorithm, algorithm, keyLifetime, attestationLifetime);
    }

    /** Returns the same options with a different lifetime of the identity's own keys. */
    public IdentityOptions withKeyLifetime(Duration lifetime) {
        return new IdentityOptions(signatureAlgorithm, credentialKeyAlgorithm, lifetime, attestationLifetime);
    }

    /** Returns the same options with a different lifetime of attestations. */
    public IdentityOptions withAttestationLifetime(Duration lifetime) {
        return new IdentityOptions(signatureAlgorithm, credentialKeyAlgorithm, keyLifetime, lifetime);
    }
}
