// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.nio.file.Path;
import java.util.Arrays;
import ockam.store.StoreException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens before a store can be used: its key is read, its tables are there, and its private keys are sealed with this key. Blocks. */
final class Opening {
    private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

    private final JdbcStoreSettings settings;
    private final Dialect dialect;
    private final Transactions transactions;
    private final Sealer sealer;

    Opening(JdbcStoreSettings settings, Dialect dialect, Transactions transactions, Sealer sealer) {
        this.settings = settings;
        this.dialect = dialect;
        this.transactions = transactions;
        this.sealer = sealer;
    }

    /**
     * Opens it.
     *
     * @param migrate creates or updates the tables
     */
    void open(Runnable migrate) {
        use(sealer, settings.key());
        switch (dialect) {
            case SQLITE -> {
                Path file = Databases.createFile(settings);
                OpeningLock.open(file, settings.openingPatience(), () -> openTables(migrate));
            }
            case POSTGRESQL -> openTables(migrate);
        }
    }

    private static void use(Sealer sealer, SealingKey where) {
        byte[] key = SealingKeyReader.read(where);
        try {
            sealer.use(key);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private void openTables(Runnable migrate) {
        transactions.run(
                sql -> sql.number("SELECT 1")); // whether it can be reached is one question, its tables another
        if (settings.migrate()) {
            migrate.run();
        }
        byte[] probe = probe();
        if (!Probe.isSealedBy(sealer, probe) && !isSealedAgain()) {
            throw new StoreException(
                    Reason.WRONG_KEY,
                    "the private keys in the store were sealed with another key than that of " + settings.key());
        }
    }

    private byte[] probe() {
        byte[] mine = Probe.seal(sealer);
        try {
            return transactions.run(sql -> {
                Schema.requireLatest(sql);
                return Probe.keep(sql, mine);
            });
        } catch (StoreException e) {
            if (e.reason() == Reason.DATABASE_FAILED && !settings.migrate()) {
                throw new StoreException(
                        Reason.NO_SCHEMA,
                        "the tables of the store are missing or cannot be used: create them by the SQL in "
                                + dialect.location() + ", or set ockam.store.migrate",
                        e);
            }
            throw e;
        }
    }

    /** If there is a former key, seals what was sealed with it. */
    private boolean isSealedAgain() {
        SealingKey formerKey = settings.formerKey();
        if (formerKey == null) {
            return false;
        }
        Sealer former = new Sealer();
        try {
            use(former, formerKey);
            boolean done = transactions.run(sql -> SealingChange.make(sql, new Locks(sql, dialect), former, sealer));
            if (done) {
                log.info("The private keys in the store are sealed with the key of {} now", settings.key());
            }
            return done;
        } finally {
            former.forget();
        }
    }
}
