// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.Optional;
import ockam.vault.KeyId;

/** The private keys in the database. */
final class KeyTable {
    private KeyTable() {}

    static Optional<SealedKey> find(Sql sql, KeyId id) {
        return sql.first(
                "SELECT kind, sealed FROM ockam_private_key WHERE key_id = ?",
                row -> new SealedKey(id, KeyKind.valueOf(row.getString(1)), row.getBytes(2)),
                id.value());
    }

    /** Does nothing if it is there. */
    static void insert(Sql sql, SealedKey key) {
        sql.update(
                "INSERT INTO ockam_private_key (key_id, kind, sealed) VALUES (?, ?, ?) ON CONFLICT (key_id) DO NOTHING",
                key.id().value(),
                key.kind().name(),
                key.sealed());
    }

    static boolean delete(Sql sql, KeyId id) {
        return sql.update("DELETE FROM ockam_private_key WHERE key_id = ?", id.value()) > 0;
    }
}
