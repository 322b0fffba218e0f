// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An Ed25519 public key: 32 bytes, compared by content.
 *
 * <p>Whether the bytes are a usable point is found out when a signature is verified, which is then {@code false}.
 * Immutable.
 */
public final class Ed25519PublicKey implements VerifyingKey {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private Ed25519PublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The key with these 32 bytes (copied); another length is refused with {@code INVALID_LENGTH}. */
    public static Ed25519PublicKey of(byte[] bytes) {
        return new Ed25519PublicKey(Bytes.copyOf(bytes, LENGTH, "an Ed25519 public key"));
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.ED25519;
    }

    /** A copy of the 32 bytes. */
    @Override
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Ed25519PublicKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hex; they are public. */
    @Override
    public String toString() {
        return "Ed25519PublicKey(" + Bytes.hex(bytes) + ")";
    }
}
