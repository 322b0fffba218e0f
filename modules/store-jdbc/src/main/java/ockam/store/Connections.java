// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Where transactions get their connection from; as many are out at a time as there are threads. */
interface Connections {
    /** Returns a connection for one transaction; may block. */
    Connection take() throws SQLException;

    /** Takes it back; a broken one is not used again. */
    void giveBack(Connection connection, boolean broken) throws SQLException;

    /** Closes all of them; none is out. */
    void close() throws SQLException;
}
