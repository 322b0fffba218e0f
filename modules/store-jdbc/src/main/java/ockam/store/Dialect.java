// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.nio.LongBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import ockam.wire.Identifier;

/** What differs between the databases. All other SQL is the same for both. */
enum Dialect {
    /** One process writes at a time: a transaction takes the whole database at its beginning, or waits for it. */
    SQLITE("ockam/store/sqlite") {
        @Override
        void begin(Connection connection) throws SQLException {
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
        void lock(Sql sql, Lock what, Identifier whose) {
            // The transaction has the whole database.
        }
    },

    /** Transactions see what is committed, and lock what they are about, which need not be a row yet. */
    POSTGRESQL("ockam/store/postgresql") {
        @Override
        void begin(Connection connection) throws SQLException {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
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
            return isWorthAnotherTry(failure);
        }

        /** Two transactions have locked in the opposite order, or a caller's data source has a stricter isolation. */
        @Override
        boolean isWorthAnotherTry(SQLException failure) {
            String state = failure.getSQLState();
            return state != null && state.startsWith("40");
        }

        @Override
        void lock(Sql sql, Lock what, Identifier whose) {
            LongBuffer parts = whose.bytes().asByteBuffer().asLongBuffer();
            long number = parts.get(0) ^ parts.get(1) ^ parts.get(2) ^ parts.get(3) ^ what.tag;
            sql.list("SELECT pg_advisory_xact_lock(?)", row -> true, number); // until the end of the transaction
        }
    };

    /** What a unit of work changes, and others must not at the same time. */
    enum Lock {
        /** The history and the record of an identity. */
        IDENTITY(0x6f636b616d2d6964L),
        /** Members and tokens of an authority. */
        AUTHORITY(0x6f636b616d2d6175L);

        /** Locks of PostgreSQL have numbers, which are one for all who use the database. */
        private final long tag;

        Lock(long tag) {
            this.tag = tag;
        }
    }

    private static final int SQLITE_BUSY = 5;

    private final String location;

    Dialect(String location) {
        this.location = location;
    }

    /** Where the SQL for its tables is on the class path. */
    String location() {
        return location;
    }

    abstract void begin(Connection connection) throws SQLException;

    abstract void commit(Connection connection) throws SQLException;

    abstract void rollBack(Connection connection) throws SQLException;

    /** Whether others kept the database busy. */
    abstract boolean isBusy(SQLException failure);

    /** Whether the transaction may succeed when it is run again. */
    abstract boolean isWorthAnotherTry(SQLException failure);

    /** Waits until no other transaction changes this, and keeps others from it until this one ends. */
    abstract void lock(Sql sql, Lock what, Identifier whose);

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
