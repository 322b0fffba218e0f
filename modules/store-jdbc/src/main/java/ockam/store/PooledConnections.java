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
    public Connection take() throws SQLException {
        return pool.getConnection();
    }

    @Override
    public void giveBack(Connection connection, boolean broken) throws SQLException {
        connection.close(); // a pool finds out by itself whether it can be used again
    }

    @Override
    public void close() {
        close.run();
    }
}
