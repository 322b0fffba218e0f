// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/** A signature, not necessarily a valid one: one class for each algorithm, compared by content, immutable. */
public sealed interface Signature permits Ed25519Signature, P256Signature {
    /** Returns the algorithm that made it. */
    SignatureAlgorithm algorithm();

    /** Returns a copy of the 64 bytes as they are sent on the wire (secure channel, section 4.2). */
    byte[] toBytes();
}
