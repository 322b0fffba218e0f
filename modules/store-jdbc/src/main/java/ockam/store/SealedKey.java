// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import ockam.store.StoreException.Reason;
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

    /** Returns the private key, which the caller must overwrite. */
    byte[] opened(Sealer sealer) {
        return sealer.open(kind.name(), id.value(), sealed)
                .orElseThrow(() -> new StoreException(
                        Reason.CORRUPT, "the private key " + id + " was changed, or sealed with another key"));
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
