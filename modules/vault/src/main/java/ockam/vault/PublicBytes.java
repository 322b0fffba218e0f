// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A public key or a signature, as the bytes sent on the wire: compared by kind and content, printed in hex, and handed out only
 * as copies. Immutable.
 */
public abstract sealed class PublicBytes
        permits X25519PublicKey, Ed25519PublicKey, Ed25519Signature, P256PublicKey, P256Signature {
    private final byte[] bytes;

    /** Takes ownership of the array; no one else may keep it. */
    PublicBytes(byte[] owned) {
        this.bytes = owned;
    }

    /** Returns a copy of the bytes; the length is the same for all of a kind. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PublicBytes that && getClass() == that.getClass() && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the kind and the bytes in hex. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + ByteArrays.hex(bytes) + ")";
    }
}
