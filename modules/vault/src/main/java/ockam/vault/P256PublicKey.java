// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * A P-256 public key: 65 bytes, the uncompressed point of SEC 1 ({@code 04 || x || y}), compared by content.
 *
 * <p>Whether the point lies on the curve is found out when a signature is verified, which is then {@code false}.
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
     * The key with these 65 bytes (copied). Another length is refused with {@code INVALID_LENGTH}, another first byte
     * than 04 (compressed and hybrid forms) with {@code INVALID_KEY}.
     */
    public static P256PublicKey of(byte[] bytes) {
        byte[] copy = ByteArrays.copyOf(bytes, LENGTH, "a P-256 public key");
        if (copy[0] != UNCOMPRESSED) {
            throw new VaultException(
                    VaultException.Reason.INVALID_KEY, "a P-256 public key is an uncompressed point, first byte 04");
        }
        return new P256PublicKey(copy);
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.P256;
    }
}
