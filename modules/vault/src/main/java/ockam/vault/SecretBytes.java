// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import java.util.Optional;

/**
 * Secret bytes that can be overwritten.
 *
 * <p>Thread safe: a copy is either complete or absent. The caller must overwrite the copy after use.
 */
final class SecretBytes {
    private final byte[] bytes;
    private boolean erased;

    /** Takes ownership of the array; no one else may keep it. */
    SecretBytes(byte[] owned) {
        this.bytes = owned;
    }

    synchronized Optional<byte[]> copy() {
        return erased ? Optional.empty() : Optional.of(bytes.clone());
    }

    /** Does {@link #copy()} and {@link #erase()} in one step, so that only one caller gets the bytes. */
    synchronized Optional<byte[]> take() {
        Optional<byte[]> copy = copy();
        erase();
        return copy;
    }

    /** Overwrites the bytes; returns {@code true} to the one call that did it. */
    synchronized boolean erase() {
        boolean first = !erased;
        erased = true;
        Arrays.fill(bytes, (byte) 0);
        return first;
    }

    synchronized boolean isErased() {
        return erased;
    }

    @Override
    public String toString() {
        return "SecretBytes";
    }
}
