// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/** The three roles as they were given. */
record ComposedVault(SecureChannelVault secureChannels, SigningVault signing, VerifyingVault verifying)
        implements Vault {}
