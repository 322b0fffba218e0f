// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Makes room in a table of what peers have shown: what was not shown for the longest time gives way. */
final class Room {
    private static final int PER_STEP = 100;

    private record Row(String one, String other, long usedAt, long cost) {}

    private Room() {}

    /** Forgets histories of peers until the rest takes no more than this; those that a policy names last. */
    static void forHistories(Sql sql, long most) {
        make(
                () -> sql.number("SELECT COALESCE(SUM(cost), 0) FROM ockam_history WHERE retention < 2") - most,
                () -> sql.list(
                        "SELECT identifier, used_at, cost FROM ockam_history WHERE retention < 2"
                                + " ORDER BY retention, used_at LIMIT " + PER_STEP,
                        row -> new Row(row.getString(1), "", row.getLong(2), row.getLong(3))),
                row -> sql.update(
                        "DELETE FROM ockam_history WHERE identifier = ? AND retention < 2 AND used_at = ?",
                        row.one(),
                        row.usedAt()));
    }

    /** Forgets statements about peers until the rest takes no more than this. */
    static void forStatements(Sql sql, long most) {
        make(
                () -> sql.number("SELECT COALESCE(SUM(cost), 0) FROM ockam_statement") - most,
                () -> sql.list(
                        "SELECT subject, authority, used_at, cost FROM ockam_statement ORDER BY used_at LIMIT "
                                + PER_STEP,
                        row -> new Row(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4))),
                row -> sql.update(
                        "DELETE FROM ockam_statement WHERE subject = ? AND authority = ? AND used_at = ?",
                        row.one(),
                        row.other(),
                        row.usedAt()));
    }

    /**
     * Others may show again, keep or delete a row in between, which is left as it is then. So what is too much is looked at again after each
     * step.
     */
    private static void make(LongSupplier tooMuch, Supplier<List<Row>> oldestOnes, Consumer<Row> delete) {
        for (long excess = tooMuch.getAsLong(); excess > 0; excess = tooMuch.getAsLong()) {
            List<Row> oldest = oldestOnes.get();
            if (oldest.isEmpty()) {
                return;
            }
            for (int i = 0; i < oldest.size() && excess > 0; i++) {
                excess -= oldest.get(i).cost();
                delete.accept(oldest.get(i));
            }
        }
    }
}
