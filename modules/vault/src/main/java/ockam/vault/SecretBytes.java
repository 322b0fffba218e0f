// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.Arrays;
import java.util.Optional;

/**
 * Secret bytes that can be overwritten.
 *
 * <p>Thread safe: a copy is whole or not there. Whoever takes a copy overwrites it after use.
 */
final class SecretBytes {
    private final byte[] bytes;
    private boolean erased;

    /** Takes the array over; nobody else may keep it. */
    SecretBytes(byte[] owned) {
        this.bytes = owned;
    }

    synchronized Optional<byte[]> copy() {
        return erased ? Optional.empty() : Optional.of(bytes.clone());
    }

    /** {@link #copy()} and {@link #erase()} in one step, so that only one caller gets the bytes. */
    synchronized Optional<byte[]> take() {
        Optional<byte[]> copy = copy();
        erase();
        return copy;
    }

    /** Overwrites the bytes; {@code true} for the one call that did it. */
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
