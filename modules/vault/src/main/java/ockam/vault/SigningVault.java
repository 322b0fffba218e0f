// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.concurrent.CompletionStage;

/**
 * Private signing keys and what they sign (secure channel, sections 4.2 and 4.3); thread safe, and asynchronous because the vault
 * may be a remote service.
 */
public interface SigningVault {

    /** Generates a key pair; the private key never leaves the vault. */
    CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm);

    /**
     * Signs a message, which is copied immediately. P-256 hashes it with SHA-256 first; the signature may have high S.
     *
     * <p>The stage fails with {@link VaultException.Reason#UNKNOWN_KEY} when the vault does not hold the key.
     */
    CompletionStage<Signature> sign(SigningKey key, byte[] message);

    /** Erases the private key; {@code true} if it was there. A signature under way is finished or fails. */
    CompletionStage<Boolean> deleteSigningKey(SigningKey key);
}
