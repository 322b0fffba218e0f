// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.store.Sql.SqlFailure;
import ockam.store.StoreException.Reason;

/** Runs work in transactions, on the caller's thread. */
final class Transactions {
    private static final int MAX_TRIES = 16;

    private final Connections connections;
    private final Dialect dialect;
    private final Duration patience;

    /**
     * Creates it.
     *
     * @param patience how long a transaction waits for what others have locked
     */
    Transactions(Connections connections, Dialect dialect, Duration patience) {
        this.connections = connections;
        this.dialect = dialect;
        this.patience = patience;
    }

    /** Runs it until it is committed, or has failed for a reason that another try does not cure. */
    <T> T run(Function<Sql, T> work) {
        return run((sql, afterCommit) -> work.apply(sql));
    }

    /** Does the same for work that hands over what is to be run after its commit, and not otherwise. */
    <T> T run(BiFunction<Sql, Consumer<Runnable>, T> work) {
        List<Runnable> afterCommit = new ArrayList<>();
        T result = committed(sql -> {
            afterCommit.clear(); // it may be another try
            return work.apply(sql, afterCommit::add);
        });
        afterCommit.forEach(Runnable::run);
        return result;
    }

    private <T> T committed(Function<Sql, T> work) {
        for (int tries = 1; ; tries++) {
            try {
                return once(work);
            } catch (SqlFailure e) {
                if (tries == MAX_TRIES || !dialect.isWorthAnotherTry(e.failure())) {
                    throw failed(e.failure());
                }
            }
        }
    }

    private <T> T once(Function<Sql, T> work) {
        try {
            Connections.Taken taken = connections.take();
            boolean broken = true;
            try {
                T result = committed(taken.connection(), work);
                broken = false;
                return result;
            } catch (RuntimeException | Error e) {
                broken = !isRolledBack(taken.connection());
                throw e;
            } finally {
                connections.giveBack(taken, broken);
            }
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    private <T> T committed(Connection connection, Function<Sql, T> work) {
        Sql sql = new Sql(connection);
        try {
            dialect.begin(connection, patience);
            T result = work.apply(sql);
            sql.requireNoFailure();
            dialect.commit(connection);
            return result;
        } catch (SQLException e) {
            throw new SqlFailure(e);
        } finally {
            sql.end();
        }
    }

    private boolean isRolledBack(Connection connection) {
        try {
            dialect.rollBack(connection);
            return true;
        } catch (SQLException e) { // then the database does it when the connection is closed
            return false;
        }
    }

    private StoreException failed(SQLException failure) {
        return dialect.isBusy(failure)
                ? new StoreException(Reason.BUSY, "others kept the database busy for too long", failure)
                : new StoreException(Reason.DATABASE_FAILED, "the database failed", failure);
    }
}
