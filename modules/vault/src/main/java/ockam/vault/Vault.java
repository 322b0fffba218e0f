// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * The three roles of a vault in one place, so that each can have its own implementation: for example signing keys
 * in a key management service, and channel keys in memory.
 */
public interface Vault {
    /** Keys of secure channels. */
    SecureChannelVault secureChannels();

    /** Signing keys of identities. */
    SigningVault signing();

    /** Verification of signatures. */
    VerifyingVault verifying();

    /** Returns a vault made of three parts, which may be the same object. */
    static Vault of(SecureChannelVault secureChannels, SigningVault signing, VerifyingVault verifying) {
        return new ComposedVault(secureChannels, signing, verifying);
    }
}
