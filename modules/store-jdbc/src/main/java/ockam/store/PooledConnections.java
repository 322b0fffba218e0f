// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Connections of a pool, ours or the caller's. */
final class PooledConnections implements Connections {
    private final DataSource pool;
    private final Runnable close;

    PooledConnections(DataSource pool, Runnable close) {
        this.pool = pool;
        this.close = close;
    }

    @Override
    public Taken take() throws SQLException {
        Connection connection = connected();
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            return new Taken(connection, autoCommit);
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** A pool throws anything, such as when the driver is not on the class path. */
    private Connection connected() throws SQLException {
        try {
            return pool.getConnection();
        } catch (RuntimeException e) {
            throw new SQLException("no connection, such as for want of a driver: " + e.getMessage(), e);
        }
    }

    /** A pool finds out by itself whether it can be used again; not every pool sets it back. */
    @Override
    public void giveBack(Taken taken, boolean broken) throws SQLException {
        try (Connection connection = taken.connection()) {
            if (!broken) {
                connection.setAutoCommit(taken.autoCommit());
            }
        }
    }

    @Override
    public void close() {
        close.run();
    }
}
