// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.Arrays;
import java.util.Optional;

/** Something sealed that tells whether a key is the one that the private keys of a store are sealed with. */
final class Probe {
    private static final String KIND = "probe";
    private static final String NAME = "1";
    private static final byte[] CONTENT = new byte[16];

    private Probe() {}

    static byte[] seal(Sealer sealer) {
        return sealer.seal(KIND, NAME, CONTENT);
    }

    static boolean isSealedBy(Sealer sealer, byte[] sealed) {
        return sealer.open(KIND, NAME, sealed)
                .filter(opened -> Arrays.equals(opened, CONTENT))
                .isPresent();
    }

    /** Returns the one that is in the store; if there is none, this one is from now on. */
    static byte[] keep(Sql sql, byte[] sealed) {
        sql.update("INSERT INTO ockam_sealing (id, probe) VALUES (1, ?) ON CONFLICT (id) DO NOTHING", sealed);
        return kept(sql).orElseThrow();
    }

    static Optional<byte[]> kept(Sql sql) {
        return sql.first("SELECT probe FROM ockam_sealing WHERE id = 1", row -> row.getBytes(1));
    }

    static void replace(Sql sql, byte[] sealed) {
        sql.update("UPDATE ockam_sealing SET probe = ? WHERE id = 1", sealed);
    }
}
