// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import java.util.HexFormat;

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

    /** All that comes before the point: a sequence, the algorithm with its curve, and the head of a bit string. */
    private static final byte[] X509_PREFIX =
            HexFormat.of().parseHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");

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

    /**
     * Returns the key of a {@code SubjectPublicKeyInfo} of X.509 (RFC 5480), as the Java platform and most services give it away: the
     * named curve P-256 and an uncompressed point, in 91 bytes of DER. Anything else is refused with {@code INVALID_KEY}.
     */
    public static P256PublicKey ofX509(byte[] der) {
        if (der.length != X509_PREFIX.length + LENGTH
                || !Arrays.equals(der, 0, X509_PREFIX.length, X509_PREFIX, 0, X509_PREFIX.length)) {
            throw new VaultException(
                    VaultException.Reason.INVALID_KEY, "not the X.509 form of an uncompressed P-256 public key");
        }
        return of(Arrays.copyOfRange(der, X509_PREFIX.length, der.length));
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.P256;
    }
}
