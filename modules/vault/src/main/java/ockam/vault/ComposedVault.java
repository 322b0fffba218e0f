// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/** A vault made of three given parts. */
record ComposedVault(SecureChannelVault secureChannels, SigningVault signing, VerifyingVault verifying)
        implements Vault {}
