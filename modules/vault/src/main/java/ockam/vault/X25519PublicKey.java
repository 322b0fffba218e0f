// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An X25519 public key: 32 bytes, compared by content.
 *
 * <p>Any 32 bytes are accepted, as RFC 7748 demands; a key that leads to an all-zero shared secret is refused when it
 * is used, see {@link SecureChannelVault#agree}. Immutable.
 */
public final class X25519PublicKey {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private final byte[] bytes;

    private X25519PublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The key with these 32 bytes (copied); another length is refused with {@code INVALID_LENGTH}. */
    public static X25519PublicKey of(byte[] bytes) {
        return new X25519PublicKey(Bytes.copyOf(bytes, LENGTH, "an X25519 public key"));
    }

    /** A copy of the 32 bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof X25519PublicKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The bytes in hex; they are public. */
    @Override
    public String toString() {
        return "X25519PublicKey(" + Bytes.hex(bytes) + ")";
    }
}
