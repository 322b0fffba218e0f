// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import ockam.vault.SignatureAlgorithm;

/** Kinds of private keys, as the table has them. Each has 32 bytes. */
enum KeyKind {
    X25519,
    ED25519,
    P256;

    static KeyKind of(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case ED25519 -> ED25519;
            case P256 -> P256;
        };
    }
}
