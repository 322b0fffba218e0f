// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The room in a table of what peers have shown: what was not shown for the longest time gives way. To add up the table takes long, and peers
 * can cause each write; so it is done at the first one, and then when this process has written another {@value #PARTS}th of the most. So there
 * may be as much more than the most, for each process, and what is being written. Thread safe.
 */
final class Room {
    static final int PARTS = 64;

    private static final int PER_STEP = 100;

    private final Table table;
    private final long most;
    private final AtomicLong written = new AtomicLong();
    /** How much of that was there when the table was added up. */
    private final AtomicLong addedUp;

    private record Row(String one, String other, long usedAt, long cost) {}

    /** Where the rows are that give way, and how they are found, the first to go first. A row has two names, of which one may be empty. */
    private enum Table {
        HISTORIES(
                "SELECT COALESCE(SUM(cost), 0) FROM ockam_history WHERE retention < 2",
                "SELECT identifier, '', used_at, cost FROM ockam_history WHERE retention < 2 ORDER BY retention, used_at",
                "DELETE FROM ockam_history WHERE identifier = ? AND '' = ? AND retention < 2 AND used_at = ?"),
        STATEMENTS(
                "SELECT COALESCE(SUM(cost), 0) FROM ockam_statement",
                "SELECT subject, authority, used_at, cost FROM ockam_statement ORDER BY used_at",
                "DELETE FROM ockam_statement WHERE subject = ? AND authority = ? AND used_at = ?");

        private final String sum;
        private final String oldest;
        private final String delete;

        Table(String sum, String oldest, String delete) {
            this.sum = sum;
            this.oldest = oldest + " LIMIT " + PER_STEP;
            this.delete = delete;
        }
    }

    private Room(Table table, long most) {
        this.table = table;
        this.most = most;
        this.addedUp = new AtomicLong(-most / PARTS - 1);
    }

    /** For histories of peers; those that a policy names give way last. */
    static Room forHistories(long most) {
        return new Room(Table.HISTORIES, most);
    }

    /** For statements about peers. */
    static Room forStatements(long most) {
        return new Room(Table.STATEMENTS, most);
    }

    /**
     * Is called in the transaction that has written a row, and makes room if it is time.
     *
     * @param cost of the row
     * @param afterCommit runs something when the transaction is committed; if it is not, the next one makes room
     */
    void wrote(Sql sql, long cost, Consumer<Runnable> afterCommit) {
        long now = written.addAndGet(cost);
        if (now - addedUp.get() > most / PARTS) {
            make(sql);
            afterCommit.accept(() -> addedUp.accumulateAndGet(now, Math::max));
        }
    }

    /**
     * Others may show again, keep or delete a row in between, which is left as it is then. So what is too much is looked at again after each
     * step.
     */
    private void make(Sql sql) {
        for (long excess = excess(sql); excess > 0; excess = excess(sql)) {
            List<Row> oldest = sql.list(
                    table.oldest, row -> new Row(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)));
            if (oldest.isEmpty()) {
                return;
            }
            for (int i = 0; i < oldest.size() && excess > 0; i++) {
                Row row = oldest.get(i);
                excess -= row.cost();
                sql.update(table.delete, row.one(), row.other(), row.usedAt());
            }
        }
    }

    private long excess(Sql sql) {
        return sql.number(table.sum) - most;
    }
}
