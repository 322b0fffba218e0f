// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An ECDSA P-256 signature in the fixed form of IEEE P1363, not DER: {@code r || s}, 32 bytes each, compared by content.
 *
 * <p>Neither number is checked here: a signature with one out of range never verifies. Immutable.
 */
public final class P256Signature implements Signature {
    /** Length in bytes. */
    public static final int LENGTH = 64;

    private final byte[] bytes;

    private P256Signature(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The signature with these 64 bytes (copied); another length is refused with {@code INVALID_LENGTH}. */
    public static P256Signature of(byte[] bytes) {
        return new P256Signature(Bytes.copyOf(bytes, LENGTH, "a P-256 signature"));
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.P256;
    }

    /** A copy of the 64 bytes. */
    @Override
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof P256Signature that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hex; they are public. */
    @Override
    public String toString() {
        return "P256Signature(" + Bytes.hex(bytes) + ")";
    }
}
