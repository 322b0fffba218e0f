// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import ockam.wire.Identifier;

/** What an authority has so many of that nobody counts them for each new one. Whoever changes the number has locked the authority. */
enum Counted {
    MEMBERS("members", "ockam_member"),
    TOKENS("tokens", "ockam_token");

    private final String number;
    private final String table;

    Counted(String number, String table) {
        this.number = number;
        this.table = table;
    }

    int of(Sql sql, Identifier authority) {
        return sql.first(
                        "SELECT " + number + " FROM ockam_authority WHERE authority = ?",
                        row -> row.getInt(1),
                        authority.toString())
                .orElse(0);
    }

    void change(Sql sql, Identifier authority, int by) {
        if (by != 0) {
            sql.update(
                    "INSERT INTO ockam_authority (authority, " + number + ") VALUES (?, ?)"
                            + " ON CONFLICT (authority) DO UPDATE SET "
                            + number + " = ockam_authority." + number + " + excluded." + number,
                    authority.toString(),
                    by);
        }
    }

    /** For what was changed without counting, such as by SQL by hand, or by a process of an older version. */
    void again(Sql sql, Identifier authority) {
        sql.update(
                "INSERT INTO ockam_authority (authority, " + number + ")"
                        + " SELECT ?, COUNT(*) FROM " + table + " WHERE authority = ?"
                        + " ON CONFLICT (authority) DO UPDATE SET " + number + " = excluded." + number,
                authority.toString(),
                authority.toString());
    }
}
