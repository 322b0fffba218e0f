// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import ockam.store.StoreException.Reason;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** Where connections to the databases come from. */
final class Databases {
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1); // for Hikari
    private static final int CONNECTIONS_TO_MIGRATE = 3;

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

    /** A file of SQLite of which only the locks are used, that waits so long for them. */
    static DataSource emptySqlite(Path file, Duration patience) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(Math.toIntExact(patience.toMillis()));
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /**
     * Creates the file of SQLite, for its owner only; one that is there must not be anybody else's, nor its log, which a process that was
     * killed leaves behind. Blocks. Returns its only name.
     */
    static Path createFile(JdbcStoreSettings settings) {
        try {
            FileModes.createPrivate(settings.file());
            Path file = settings.file().toRealPath();
            FileModes.requirePrivate(file, Path.of(file + "-wal"), Path.of(file + "-shm"));
            return file;
        } catch (IOException e) {
            throw new StoreException(
                    Reason.DATABASE_FAILED, "the file " + settings.file() + " cannot be created or looked at", e);
        }
    }

    /** A pool of connections to PostgreSQL, which has none before they are needed. */
    static HikariDataSource postgresql(JdbcStoreSettings settings) {
        return pool("ockam-store", settings, settings.server().connections());
    }

    /** Another one to create the tables, for which more than one is needed at the same time; there may be only one in the first. */
    static HikariDataSource postgresqlForMigration(JdbcStoreSettings settings) {
        return pool(
                "ockam-store-migration", settings.withBusyTimeout(settings.openingPatience()), CONNECTIONS_TO_MIGRATE);
    }

    /** What the address says comes before the properties, as the driver has it. */
    private static HikariDataSource pool(String name, JdbcStoreSettings settings, int connections) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setJdbcUrl(settings.url());
        JdbcStoreSettings.Server server = settings.server();
        if (!server.user().isEmpty()) {
            pool.setUsername(server.user());
            pool.setPassword(server.password());
        }
        pool.setMaximumPoolSize(connections);
        pool.setConnectionTimeout(
                Math.max(SHORTEST_WAIT.toMillis(), settings.busyTimeout().toMillis()));
        pool.addDataSourceProperty("connectTimeout", seconds(server.connectTimeout()));
        pool.addDataSourceProperty(
                "socketTimeout", seconds(settings.busyTimeout().plus(server.answerTimeout())));
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        return pool;
    }

    /** In whole ones, rounded up: the driver takes 0 for ever. */
    private static String seconds(Duration time) {
        return Long.toString(time.plusSeconds(1).minusNanos(1).toSeconds());
    }
}
