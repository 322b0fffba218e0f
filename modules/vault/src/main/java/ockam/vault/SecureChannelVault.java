// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.concurrent.CompletionStage;

/**
 * The keys and operations that a secure channel needs: X25519, the key derivation, and AES-256-GCM (secure channel, section 2).
 *
 * <p>Thread safe. Curve operations are asynchronous; derivation and ciphers run on the caller's thread, as they take
 * microseconds. Handles, secrets and keys only work with the vault that created them; others are refused with
 * {@link VaultException.Reason#UNKNOWN_KEY}. Everything that a vault returns is live until it is deleted or erased.
 */
public interface SecureChannelVault {

    /** Generates an X25519 key pair; the private key never leaves the vault. */
    CompletionStage<AgreementKey> generateAgreementKey();

    /** Returns whether the vault holds the private key of this pair now, without using it. */
    CompletionStage<Boolean> hasAgreementKey(AgreementKey key);

    /** Erases the private key; {@code true} if it was there. An agreement under way finishes or fails. */
    CompletionStage<Boolean> deleteAgreementKey(AgreementKey key);

    /**
     * Computes the X25519 shared secret of a key of this vault and a peer's public key.
     *
     * <p>The stage fails with {@link VaultException.Reason#UNKNOWN_KEY} when the vault does not hold {@code own}, and with
     * {@link VaultException.Reason#WEAK_PUBLIC_KEY} when the result would be all zero. Rust continues with zeros in the second
     * case, which only a malicious peer can cause (secure channel, section 2.2).
     */
    CompletionStage<Secret> agree(AgreementKey own, X25519PublicKey peer);

    /**
     * Returns a secret with the given 32 bytes (copied), for values that are public, such as the first chaining key, or imported.
     * Any other length is refused with {@link VaultException.Reason#INVALID_LENGTH}.
     */
    Secret secretOf(byte[] bytes);

    /**
     * Computes {@code HKDF2} (secure channel, section 2.2): HKDF of RFC 5869 with SHA-256, the chaining key as salt, empty info
     * and 64 bytes of output. The arguments are not changed; erased ones fail with {@link VaultException.Reason#ERASED}.
     */
    DerivedSecrets derive(Secret chainingKey, Secret input);

    /** Computes {@code Split} (secure channel, section 2.2): the same derivation with empty input. */
    DerivedSecrets derive(Secret chainingKey);

    /**
     * Turns a secret into a cipher key. The key takes the secret over: the {@link Secret} itself is erased afterwards. An erased
     * one fails with {@link VaultException.Reason#ERASED}.
     */
    AeadKey aeadKey(Secret secret);
}
