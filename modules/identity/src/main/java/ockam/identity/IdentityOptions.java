// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Duration;
import ockam.vault.SignatureAlgorithm;

/**
 * How an own identity is made: algorithms and lifetimes (secure channel, sections 4.4 and 4.7). They stay with the identity and also hold
 * when it is rotated.
 *
 * <p>An attestation never outlives the key that signs it: it is cut short, however long its lifetime.
 *
 * @param signatureAlgorithm of the identity's own keys
 * @param credentialKeyAlgorithm of the key that signs credentials
 * @param keyLifetime for how long an own key may attest, at least a second
 * @param attestationLifetime for how long an attestation counts, at least a second
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

    /** Ed25519 throughout; keys for ten years of 365 days, attestations for five, as everywhere in Ockam. */
    public static IdentityOptions defaults() {
        return DEFAULTS;
    }

    /** The same options with another algorithm for the identity's own keys. */
    public IdentityOptions withSignatureAlgorithm(SignatureAlgorithm algorithm) {
        return new IdentityOptions(algorithm, credentialKeyAlgorithm, keyLifetime, attestationLifetime);
    }

    /** The same options with another algorithm for the key that signs credentials. */
    public IdentityOptions withCredentialKeyAlgorithm(SignatureAlgorithm algorithm) {
        return new IdentityOptions(signatureAlgorithm, algorithm, keyLifetime, attestationLifetime);
    }

    /** The same options with another lifetime of the identity's own keys. */
    public IdentityOptions withKeyLifetime(Duration lifetime) {
        return new IdentityOptions(signatureAlgorithm, credentialKeyAlgorithm, lifetime, attestationLifetime);
    }

    /** The same options with another lifetime of attestations. */
    public IdentityOptions withAttestationLifetime(Duration lifetime) {
        return new IdentityOptions(signatureAlgorithm, credentialKeyAlgorithm, keyLifetime, lifetime);
    }
}
