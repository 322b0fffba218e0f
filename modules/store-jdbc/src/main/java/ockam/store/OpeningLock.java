// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import ockam.store.StoreException.Reason;

/**
 * Lets one after the other open a file of SQLite. Two that turn a new file into a database at the same time, or create the same tables, get in
 * each other's way: SQLite's own locks do not cover the change to a write-ahead log, and Flyway has none for SQLite. So the lock is on a
 * database beside it, without a table or a write-ahead log, which stays there; a process that ends gives it back.
 */
final class OpeningLock {
    private static final String SUFFIX = ".lock";

    private OpeningLock() {}

    /** Opens it, when it is this one's turn. Blocks, for its turn no longer than this. */
    static void open(Path database, Duration patience, Runnable opening) {
        Path file = database.resolveSibling(database.getFileName() + SUFFIX);
        OneConnection connection = new OneConnection(Databases.emptySqlite(file, patience));
        try {
            FileModes.createPrivate(file);
            FileModes.requirePrivate(file);
            try {
                new Transactions(connection, Dialect.SQLITE, patience).run(sql -> {
                    opening.run();
                    return true;
                });
            } finally {
                connection.close();
            }
        } catch (IOException | SQLException e) {
            throw new StoreException(Reason.DATABASE_FAILED, "the file " + file + " cannot be used as a lock", e);
        }
    }
}
