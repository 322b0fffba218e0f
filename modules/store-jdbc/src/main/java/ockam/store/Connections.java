// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Where transactions get their connection from; as many are out at a time as there are threads. */
interface Connections {
    /**
     * A connection that is out.
     *
     * @param connection for one transaction
     * @param autoCommit what it was set to before
     */
    record Taken(Connection connection, boolean autoCommit) {}

    /** Returns a connection for one transaction; may block. */
    Taken take() throws SQLException;

    /** Takes it back, after its transaction; a broken one is not used again. */
    void giveBack(Taken taken, boolean broken) throws SQLException;

    /** Closes all of them; none is out. */
    void close() throws SQLException;
}
