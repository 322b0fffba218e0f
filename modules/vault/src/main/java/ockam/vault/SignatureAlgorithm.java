// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/** The algorithms with which identities and their attestations are signed (secure channel, section 4.2). */
public enum SignatureAlgorithm {
    /** Pure Ed25519 of RFC 8032, not prehashed: 32-byte keys, 64-byte signatures. */
    ED25519,
    /** ECDSA on P-256 with SHA-256: 65-byte keys (uncompressed point), 64-byte signatures {@code r || s}. */
    P256
}
