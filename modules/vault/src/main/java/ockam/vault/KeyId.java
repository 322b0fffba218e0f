// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import ockam.vault.VaultException.Reason;

/**
 * The name of a key inside a vault: opaque and not secret. Handles print it instead of the key.
 *
 * <p>The software vault names a key pair by the lower-case hex SHA-256 of its public key (secure channel, section 4.11) and
 * numbers everything else. Other vaults may use any text that is not empty.
 *
 * @param value the name, not empty
 */
public record KeyId(String value) {

    /** Refuses an empty name with {@link Reason#INVALID_KEY}. */
    public KeyId {
        if (value.isEmpty()) {
            throw new VaultException(Reason.INVALID_KEY, "a key id must not be empty");
        }
    }

    /** Returns the bare name. */
    @Override
    public String toString() {
        return value;
    }
}
