// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One connection that stays open, for the one thread that uses it. */
final class OneConnection implements Connections {
    private final DataSource source;
    private @Nullable Connection open;

    OneConnection(DataSource source) {
        this.source = source;
    }

    @Override
    public synchronized Taken take() throws SQLException {
        Connection connection = open;
        if (connection == null) {
            connection = source.getConnection();
            open = connection;
        }
        return new Taken(connection, true); // transactions begin and end by hand
    }

    @Override
    public synchronized void giveBack(Taken taken, boolean broken) throws SQLException {
        if (broken) {
            close();
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        Connection connection = open;
        open = null;
        if (connection != null) {
            connection.close();
        }
    }
}
