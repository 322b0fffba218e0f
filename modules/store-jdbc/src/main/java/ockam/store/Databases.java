// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.time.Duration;
import javax.sql.DataSource;
import ockam.store.StoreException.Reason;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Where connections to the databases come from. */
final class Databases {
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1); // for Hikari

    private Databases() {}

    /**
     * A file of SQLite: with a write-ahead log, so that a process that is killed leaves nothing half-written; a commit is on the disk when
     * it returns; and what is deleted is overwritten.
     */
    static DataSource sqlite(JdbcStoreSettings settings) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(Math.toIntExact(settings.busyTimeout().toMillis())); // at most 20 days
        config.enforceForeignKeys(true);
        config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl(settings.url());
        return source;
    }

    /** Creates the file of SQLite, for its owner only; one that is there must not be anybody else's. Blocks. */
    static void createFile(JdbcStoreSettings settings) {
        try {
            FileModes.createPrivate(settings.file());
        } catch (IOException e) {
            throw new StoreException(
                    Reason.DATABASE_FAILED, "the file " + settings.file() + " cannot be created or looked at", e);
        }
    }

    /** A pool of connections to PostgreSQL, which has none before they are needed. */
    static HikariDataSource postgresql(JdbcStoreSettings settings) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName("ockam-store");
        pool.setJdbcUrl(settings.url());
        if (!settings.user().isEmpty()) {
            pool.setUsername(settings.user());
            pool.setPassword(settings.password());
        }
        pool.setMaximumPoolSize(settings.connections());
        pool.setConnectionTimeout(
                Math.max(SHORTEST_WAIT.toMillis(), settings.busyTimeout().toMillis()));
        return pool;
    }
}
