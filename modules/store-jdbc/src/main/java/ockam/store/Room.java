// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.List;

/** Makes room in a table of what peers have shown: what was not shown for the longest time gives way. */
final class Room {
    private static final int PER_STEP = 100;

    private record Row(String one, String other, long cost) {}

    private Room() {}

    /** Forgets histories of peers until the rest takes no more than this; those that a policy names last. */
    static void forHistories(Sql sql, long most) {
        long excess = sql.number("SELECT COALESCE(SUM(cost), 0) FROM ockam_history WHERE retention < 2") - most;
        while (excess > 0) {
            List<Row> oldest = sql.list(
                    "SELECT identifier, cost FROM ockam_history WHERE retention < 2 ORDER BY retention, used_at LIMIT "
                            + PER_STEP,
                    row -> new Row(row.getString(1), "", row.getLong(2)));
            for (int i = 0; i < oldest.size() && excess > 0; i++) {
                excess -= oldest.get(i).cost();
                sql.update(
                        "DELETE FROM ockam_history WHERE identifier = ?",
                        oldest.get(i).one());
            }
        }
    }

    /** Forgets statements about peers until the rest takes no more than this. */
    static void forStatements(Sql sql, long most) {
        long excess = sql.number("SELECT COALESCE(SUM(cost), 0) FROM ockam_statement") - most;
        while (excess > 0) {
            List<Row> oldest = sql.list(
                    "SELECT subject, authority, cost FROM ockam_statement ORDER BY used_at LIMIT " + PER_STEP,
                    row -> new Row(row.getString(1), row.getString(2), row.getLong(3)));
            for (int i = 0; i < oldest.size() && excess > 0; i++) {
                excess -= oldest.get(i).cost();
                sql.update(
                        "DELETE FROM ockam_statement WHERE subject = ? AND authority = ?",
                        oldest.get(i).one(),
                        oldest.get(i).other());
            }
        }
    }
}
