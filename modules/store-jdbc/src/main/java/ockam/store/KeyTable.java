// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.List;
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

    static List<SealedKey> all(Sql sql) {
        return sql.list(
                "SELECT key_id, kind, sealed FROM ockam_private_key",
                row -> new SealedKey(new KeyId(row.getString(1)), KeyKind.valueOf(row.getString(2)), row.getBytes(3)));
    }

    static void replace(Sql sql, SealedKey key) {
        sql.update(
                "UPDATE ockam_private_key SET sealed = ? WHERE key_id = ?",
                key.sealed(),
                key.id().value());
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
