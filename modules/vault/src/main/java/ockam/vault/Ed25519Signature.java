// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An Ed25519 signature, 64 bytes as in RFC 8032, compared by content; not necessarily a valid one. Immutable. */
public final class Ed25519Signature implements Signature {
    /** Length in bytes. */
    public static final int LENGTH = 64;

    private final byte[] bytes;

    private Ed25519Signature(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The signature with these 64 bytes (copied); another length is refused with {@code INVALID_LENGTH}. */
    public static Ed25519Signature of(byte[] bytes) {
        return new Ed25519Signature(Bytes.copyOf(bytes, LENGTH, "an Ed25519 signature"));
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.ED25519;
    }

    /** A copy of the 64 bytes. */
    @Override
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ed25519Signature that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hex; they are public. */
    @Override
    public String toString() {
        return "Ed25519Signature(" + Bytes.hex(bytes) + ")";
    }
}
