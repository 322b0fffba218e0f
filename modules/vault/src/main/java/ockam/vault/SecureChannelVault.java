// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.concurrent.CompletionStage;

/**
 * The keys and operations that a secure channel needs: X25519, the key derivation, and AES-256-GCM (secure channel, section 2).
 *
 * <p>Thread safe. Curve operations are asynchronous; derivation and ciphers work on the caller's thread, as they take
 * microseconds. Handles, secrets and keys only work with the vault that made them; others are refused with
 * {@link VaultException.Reason#UNKNOWN_KEY}. Everything that comes out of here is live until it is deleted or erased.
 */
public interface SecureChannelVault {

    /** Makes an X25519 key pair; the private key stays here. */
    CompletionStage<AgreementKey> generateAgreementKey();

    /** Whether the private key of this pair is here now, without using it. */
    CompletionStage<Boolean> hasAgreementKey(AgreementKey key);

    /** Erases the private key; {@code true} when it was there. An agreement under way finishes or fails. */
    CompletionStage<Boolean> deleteAgreementKey(AgreementKey key);

    /**
     * The X25519 shared secret of an own key and a peer's public key.
     *
     * <p>The stage fails with {@link VaultException.Reason#UNKNOWN_KEY} when {@code own} is not here, and with
     * {@link VaultException.Reason#WEAK_PUBLIC_KEY} when the result would be all zero. Rust computes on with zeros in the
     * second case, which only a malicious peer can bring about (secure channel, section 2.2).
     */
    CompletionStage<Secret> agree(AgreementKey own, X25519PublicKey peer);

    /**
     * A secret with the given 32 bytes (copied), for values that are public, such as the first chaining key, or imported.
     * Another length is refused with {@link VaultException.Reason#INVALID_LENGTH}.
     */
    Secret secretOf(byte[] bytes);

    /**
     * {@code HKDF2} of secure channel, section 2.2: HKDF of RFC 5869 with SHA-256, the chaining key as salt, empty info and 64 bytes of
     * output. The arguments stay as they are; erased ones fail with {@link VaultException.Reason#ERASED}.
     */
    DerivedSecrets derive(Secret chainingKey, Secret input);

    /** {@code Split} of secure channel, section 2.2: the same derivation with empty input. */
    DerivedSecrets derive(Secret chainingKey);

    /**
     * Turns a secret into a cipher key. The key takes the secret over: as a {@link Secret} it is erased afterwards. An
     * erased one fails with {@link VaultException.Reason#ERASED}.
     */
    AeadKey aeadKey(Secret secret);
}
