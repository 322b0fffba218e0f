// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/** An Ed25519 signature, 64 bytes as in RFC 8032, compared by content; not necessarily a valid one. Immutable. */
public final class Ed25519Signature extends PublicBytes implements Signature {
    /** Length in bytes. */
    public static final int LENGTH = 64;

    private Ed25519Signature(byte[] owned) {
        super(owned);
    }

    /** Returns the signature with these 64 bytes (copied); any other length is refused with {@code INVALID_LENGTH}. */
    public static Ed25519Signature of(byte[] bytes) {
        return new Ed25519Signature(ByteArrays.copyOf(bytes, LENGTH, "an Ed25519 signature"));
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.ED25519;
    }
}
