// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.time.Duration;
import javax.sql.DataSource;
import ockam.store.StoreException.Reason;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Creates and updates the tables. Flyway's record of it has a name of its own, as the database may have tables of others. */
final class Schema {
    /** Where Flyway remembers what it has done. */
    static final String HISTORY_TABLE = "ockam_schema_history";

    private Schema() {}

    /** Fails in the database if one of the scripts has not been run: looks for something from each; the first is needed by the others. */
    static void requireLatest(Sql sql) {
        sql.number("SELECT COUNT(*) FROM ockam_credential WHERE subject = ''");
        sql.number("SELECT COUNT(*) FROM ockam_authority WHERE authority = ''");
        sql.number("SELECT COUNT(authority_change) FROM ockam_statement WHERE subject = ''");
    }

    /**
     * Does so in a PostgreSQL database, one process after the other: Flyway's own lock does not cover the table in which it remembers. Needs
     * three connections at the same time.
     *
     * @param patience how long to wait for others
     */
    static void migrateAlone(DataSource postgresql, Duration patience) {
        Connections connections = new PooledConnections(postgresql, () -> {});
        new Transactions(connections, Dialect.POSTGRESQL, patience).run(sql -> {
            new Locks(sql, Dialect.POSTGRESQL).tables();
            migrate(postgresql, Dialect.POSTGRESQL);
            return true;
        });
    }

    static void migrate(DataSource source, Dialect dialect) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .table(HISTORY_TABLE)
                    .locations("classpath:" + dialect.location())
                    .baselineOnMigrate(true) // beside tables of others
                    .baselineVersion("0")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreException(Reason.NO_SCHEMA, "the tables of the store cannot be created or updated", e);
        }
    }
}
