// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * An ECDSA P-256 signature in the fixed form of IEEE P1363, not DER: {@code r || s}, 32 bytes each, compared by content.
 *
 * <p>Neither number is checked here: a signature with a number out of range never verifies. Immutable.
 */
public final class P256Signature extends PublicBytes implements Signature {
    /** Length in bytes. */
    public static final int LENGTH = 64;

    private P256Signature(byte[] owned) {
        super(owned);
    }

    /** Returns the signature with these 64 bytes (copied); any other length is refused with {@code INVALID_LENGTH}. */
    public static P256Signature of(byte[] bytes) {
        return new P256Signature(ByteArrays.copyOf(bytes, LENGTH, "a P-256 signature"));
    }

    /**
     * Returns the signature of these bytes of DER, the sequence of r and s that most services give away. Any other form is refused with
     * {@code INVALID_SIGNATURE}: longer encodings of the same numbers, and numbers that are not above 0 and below the group order.
     */
    public static P256Signature ofDer(byte[] der) {
        return EcdsaP256.decodeDer(der);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.P256;
    }
}
