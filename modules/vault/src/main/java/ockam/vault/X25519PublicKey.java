// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * An X25519 public key: 32 bytes, compared by content.
 *
 * <p>Any 32 bytes are accepted, as RFC 7748 requires; a key that leads to an all-zero shared secret is refused when it is used,
 * see {@link SecureChannelVault#agree}. Immutable.
 */
public final class X25519PublicKey extends PublicBytes {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private X25519PublicKey(byte[] owned) {
        super(owned);
    }

    /** Returns the key with these 32 bytes (copied); any other length is refused with {@code INVALID_LENGTH}. */
    public static X25519PublicKey of(byte[] bytes) {
        return new X25519PublicKey(ByteArrays.copyOf(bytes, LENGTH, "an X25519 public key"));
    }
}
