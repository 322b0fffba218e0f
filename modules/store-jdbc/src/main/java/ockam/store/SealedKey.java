// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.Optional;
import ockam.vault.KeyId;

/** A private key as it is stored. Not a record, as it has an array; nobody changes that. */
final class SealedKey {
    private final KeyId id;
    private final KeyKind kind;
    private final byte[] sealed;

    SealedKey(KeyId id, KeyKind kind, byte[] sealed) {
        this.id = id;
        this.kind = kind;
        this.sealed = sealed;
    }

    static SealedKey seal(Sealer sealer, KeyId id, KeyKind kind, byte[] privateKey) {
        return new SealedKey(id, kind, sealer.seal(kind.name(), id.value(), privateKey));
    }

    /** Returns the private key, which the caller must overwrite; empty if it was sealed otherwise. */
    Optional<byte[]> open(Sealer sealer) {
        return sealer.open(kind.name(), id.value(), sealed);
    }

    KeyId id() {
        return id;
    }

    KeyKind kind() {
        return kind;
    }

    byte[] sealed() {
        return sealed;
    }
}
