// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Statements of one transaction; a failure of the database is thrown as {@link SqlFailure}. After that there are no more, even if somebody
 * has caught it: databases do not agree on what is left of a transaction then. Values are texts, longs and arrays of bytes.
 */
final class Sql {
    private final Connection connection;
    private boolean ended;
    private @Nullable SqlFailure failed;

    /** Makes something of a row. */
    interface Mapping<T> {
        T of(ResultSet row) throws SQLException;
    }

    /** A failure of the database on its way out of a unit of work. */
    static final class SqlFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient SQLException failure;

        SqlFailure(SQLException failure) {
            super(failure);
            this.failure = failure;
        }

        SQLException failure() {
            return failure;
        }
    }

    Sql(Connection connection) {
        this.connection = connection;
    }

    /** Returns the connection, for tests. */
    Connection connection() {
        return connection;
    }

    /** Returns how many rows were changed. */
    int update(String sql, @Nullable Object... values) {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    <T> List<T> list(String sql, Mapping<T> mapping, @Nullable Object... values) {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(mapping.of(rows));
            }
            return found;
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    <T> Optional<T> first(String sql, Mapping<T> mapping, @Nullable Object... values) {
        return list(sql, mapping, values).stream().findFirst();
    }

    /** Returns the number in the first column of the only row. */
    long number(String sql, @Nullable Object... values) {
        return list(sql, row -> row.getLong(1), values).get(0);
    }

    /** No statement after this. */
    void end() {
        ended = true;
    }

    /** Throws the failure that there was. */
    void requireNoFailure() {
        if (failed != null) {
            throw failed;
        }
    }

    private SqlFailure failed(SQLException failure) {
        failed = new SqlFailure(failure);
        return failed;
    }

    private PreparedStatement prepared(String sql, @Nullable Object... values) throws SQLException {
        if (ended) {
            throw new IllegalStateException("the unit of work has ended");
        }
        requireNoFailure();
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                set(statement, i + 1, values[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private static void set(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof Number number) {
            statement.setLong(index, number.longValue());
        } else if (value == null) {
            statement.setNull(index, Types.NULL); // of whichever type the column has
        } else {
            statement.setString(index, (String) value);
        }
    }
}
