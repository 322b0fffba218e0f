// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/** A public key for verifying signatures: one class for each algorithm, compared by content, immutable. */
public sealed interface VerifyingKey permits Ed25519PublicKey, P256PublicKey {
    /** Returns the only algorithm that this key is used with. */
    SignatureAlgorithm algorithm();

    /** Returns a copy of the key as it is sent on the wire: 32 bytes for Ed25519, 65 for P-256 (secure channel, section 4.2). */
    byte[] toBytes();
}
