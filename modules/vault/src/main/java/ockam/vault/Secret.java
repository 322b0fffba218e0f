// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * Thirty-two secret bytes inside a vault, such as a chaining key or a shared secret.
 *
 * <p>They cannot be read; they go into {@link SecureChannelVault#derive(Secret, Secret)} or become an {@link AeadKey}. A secret
 * prints as {@code Secret(id)} and is compared by identity. It lives until it is erased: the receiver of a secret must erase it
 * or hand it over.
 *
 * <p>Thread safe. When {@link #erase()} races with a use, the use either sees the whole secret or fails with
 * {@link VaultException.Reason#ERASED}.
 */
public interface Secret {
    /** Returns the name of this secret in its vault. */
    KeyId id();

    /** Overwrites the bytes; may be called again. Every later use fails with {@link VaultException.Reason#ERASED}. */
    void erase();

    /** Returns whether the secret was erased, or taken over by {@link SecureChannelVault#aeadKey}. */
    boolean isErased();
}
