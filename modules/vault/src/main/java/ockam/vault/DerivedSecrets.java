// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

/**
 * The two outputs of one key derivation (secure channel, section 2.2), in order; the receiver must erase both.
 *
 * @param first the first 32 bytes: the next chaining key, or {@code k1} of a split
 * @param second the second 32 bytes: the cipher key, or {@code k2} of a split
 */
public record DerivedSecrets(Secret first, Secret second) {
    /** Erases both. */
    public void erase() {
        first.erase();
        second.erase();
    }
}
