// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** What differs between the databases. All other SQL is the same for both. */
enum Dialect {
    /** One process writes at a time: a transaction takes the whole database at its beginning, or waits for it. */
    SQLITE("ockam/store/sqlite") {
        @Override
        void begin(Connection connection, Duration patience) throws SQLException {
            // By hand: the driver would begin the next transaction, and so lock out others, as soon as one ends.
            execute(connection, "BEGIN IMMEDIATE");
        }

        @Override
        void commit(Connection connection) throws SQLException {
            execute(connection, "COMMIT");
        }

        @Override
        void rollBack(Connection connection) throws SQLException {
            execute(connection, "ROLLBACK");
        }

        @Override
        boolean isBusy(SQLException failure) {
            return (failure.getErrorCode() & 0xff) == SQLITE_BUSY;
        }

        @Override
        boolean isWorthAnotherTry(SQLException failure) {
            return false; // it has waited already
        }

        @Override
        void lock(Sql sql, long number) {
            // The transaction has the whole database.
        }

        @Override
        void lockShared(Sql sql, long number) {
            // The transaction has the whole database.
        }
    },

    /** Transactions see what is committed, and lock what they are about, which need not be a row yet. */
    POSTGRESQL("ockam/store/postgresql") {
        /** All of it is over with the transaction: the connection may be a caller's, with settings of its own. */
        @Override
        void begin(Connection connection, Duration patience) throws SQLException {
            execute(
                    connection,
                    "SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE; SET LOCAL lock_timeout = "
                            + Math.max(1, patience.toMillis()));
        }

        @Override
        void commit(Connection connection) throws SQLException {
            connection.commit();
        }

        @Override
        void rollBack(Connection connection) throws SQLException {
            connection.rollback();
        }

        @Override
        boolean isBusy(SQLException failure) {
            return LOCK_NOT_AVAILABLE.equals(failure.getSQLState()) || isWorthAnotherTry(failure);
        }

        /** Two transactions have locked in the opposite order. */
        @Override
        boolean isWorthAnotherTry(SQLException failure) {
            String state = failure.getSQLState();
            return state != null && state.startsWith("40");
        }

        @Override
        void lock(Sql sql, long number) {
            sql.list("SELECT pg_advisory_xact_lock(?)", row -> true, number); // until the end of the transaction
        }

        @Override
        void lockShared(Sql sql, long number) {
            sql.list("SELECT pg_advisory_xact_lock_shared(?)", row -> true, number);
        }
    };

    private static final int SQLITE_BUSY = 5;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final String location;

    Dialect(String location) {
        this.location = location;
    }

    /** Where the SQL for its tables is on the class path. */
    String location() {
        return location;
    }

    /** Begins a transaction on a connection that commits when it is told to; it waits so long for locks of others. */
    abstract void begin(Connection connection, Duration patience) throws SQLException;

    abstract void commit(Connection connection) throws SQLException;

    abstract void rollBack(Connection connection) throws SQLException;

    /** Whether others kept the database busy. */
    abstract boolean isBusy(SQLException failure);

    /** Whether the transaction may succeed when it is run again. */
    abstract boolean isWorthAnotherTry(SQLException failure);

    /** Waits until no other transaction has the lock of this number, and has it until this one ends. */
    abstract void lock(Sql sql, long number);

    /** Waits until no other transaction has the lock of this number, and keeps all from it until this one ends that do not share it. */
    abstract void lockShared(Sql sql, long number);

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
