// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * An Ed25519 public key: 32 bytes, compared by content.
 *
 * <p>Whether the bytes are a usable point is only checked when a signature is verified; the result is {@code false} if they are not.
 * Immutable.
 */
public final class Ed25519PublicKey extends PublicBytes implements VerifyingKey {
    /** Length in bytes. */
    public static final int LENGTH = 32;

    private Ed25519PublicKey(byte[] owned) {
        super(owned);
    }

    /** Returns the key with these 32 bytes (copied); any other length is refused with {@code INVALID_LENGTH}. */
    public static Ed25519PublicKey of(byte[] bytes) {
        return new Ed25519PublicKey(ByteArrays.copyOf(bytes, LENGTH, "an Ed25519 public key"));
    }

    @Override
    public SignatureAlgorithm algorithm() {
        return SignatureAlgorithm.ED25519;
    }
}
