// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import ockam.vault.VaultException.Reason;

/**
 * The name of a key inside a vault: opaque, not secret, and what handles print instead of the key.
 *
 * <p>The software vault names a key pair by the lower-case hex SHA-256 of its public key (secure channel, section 4.11) and
 * counts everything else. Other vaults may use any text that is not empty.
 *
 * @param value the name, not empty
 */
public record KeyId(String value) {

    /** Refuses the empty name with {@link Reason#INVALID_KEY}. */
    public KeyId {
        if (value.isEmpty()) {
            throw new VaultException(Reason.INVALID_KEY, "a key id is not empty");
        }
    }

    /** The bare name. */
    @Override
    public String toString() {
        return value;
    }
}
