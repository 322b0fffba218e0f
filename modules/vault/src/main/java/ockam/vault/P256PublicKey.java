// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * A P-256 public key: 65 bytes, the uncompressed point of SEC 1 ({@code 04 || x || y}), compared by content.
 *
 * <p>Whether the point is on the curve is only checked when a signature is verified; the result is {@code false} if it is not.
 * Immutable.
 */
public final class P256PublicKey extends PublicBytes implements VerifyingKey {
    /** Length in bytes. */
    public static final int LENGTH = 65;

    private static final byte UNCOMPRESSED = 4;

    private P256PublicKey(byte[] owned) {
        super(owned);
    }

    /**
     * Returns the key with these 65 bytes (copied). Any other length is refused with {@code INVALID_LENGTH}, a first byte other
     * than 04 (compressed and hybrid forms) with {@code INVALID_KEY}.
     */
    public static P256PublicKey of(byte[] bytes) {
        byte[] copy = ByteArrays.copyOf(bytes, LENGTH, "a P-256 public key");
        if (copy[0] != UNCOMPRESSED) {
            throw new VaultException(
                    VaultException.Reason.INVALID_KEY,
                    "a P-256 public key is an uncompressed point and begins with 04");
        }
        return new P256PublicKey(copy);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.P256;
    }
}
