// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import akka.Done;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import ockam.identity.AttributeStore;
import ockam.identity.CredentialStore;
import ockam.identity.Store;
import ockam.identity.UnitOfWork;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.Vault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store in a database: a file of SQLite for one machine, or PostgreSQL for several processes that share it. A unit of work is a
 * transaction.
 *
 * <p>Thread safe. Nothing blocks the caller: the store has as many threads as connections, and a bounded number of units of work waits for
 * them. Failures are {@link StoreException}s; what the work itself throws, such as {@link ockam.identity.IdentityException}, is passed on.
 *
 * <p>Private keys are sealed with AES-256-GCM, under a key that is read when the store is opened and stays in memory until it is closed. In
 * clear they are only in memory, those that were used, until they are replaced here or the store is closed. Histories, members and attributes
 * are not sealed.
 */
public final class JdbcStore implements Store {
    private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);

    private final JdbcStoreSettings settings;
    private final Dialect dialect;
    private final Sealer sealer = new Sealer();
    private final UseTimes times = new UseTimes(System::currentTimeMillis);
    private final Workers workers;
    private final Transactions transactions;
    private final StoredVault vault;
    private final Room histories;
    private final AttributeStore attributes;
    private final CredentialStore credentials;

    private JdbcStore(
            JdbcStoreSettings settings, Dialect dialect, Connections connections, int threads, Executor curves) {
        this.settings = settings;
        this.dialect = dialect;
        this.workers = new Workers(
                threads,
                settings.maxWaiting(),
                new Patience(settings.busyTimeout(), System::nanoTime),
                () -> closed(connections));
        this.transactions = new Transactions(connections, dialect, settings.busyTimeout());
        this.vault = new StoredVault(sealer, curves, workers, transactions);
        this.histories = Room.forHistories(settings.limits().maxPeerBytes());
        this.attributes =
                new JdbcAttributes(workers, transactions, settings.limits().maxAttributeBytes(), times);
        this.credentials = new JdbcCredentials(workers, transactions);
    }

    /**
     * Opens a store, and creates or updates its tables if the settings say so. Completes when it can be used, or fails with why not, for
     * example with {@code KEY_MISSING}, {@code WRONG_KEY} or {@code FILE_NOT_PRIVATE}.
     *
     * <p>If private keys in it are sealed with the former key of the settings, they are sealed with the key of the settings first, all in one
     * transaction. Other processes that have the store open can store no new private keys then, and read none.
     *
     * @param curves runs the curve operations of its vault, as in {@link ockam.vault.SoftwareVault#create}
     */
    public static CompletionStage<JdbcStore> open(JdbcStoreSettings settings, Executor curves) {
        if (settings.isSqlite()) {
            DataSource source = Databases.sqlite(settings);
            return new JdbcStore(settings, Dialect.SQLITE, new OneConnection(source), 1, curves)
                    .opened(() -> Schema.migrate(source, Dialect.SQLITE));
        }
        HikariDataSource pool = Databases.postgresql(settings);
        return open(settings, new PooledConnections(pool, pool::close), curves, () -> {
            try (HikariDataSource others = Databases.postgresqlForMigration(settings)) {
                Schema.migrateAlone(others, settings.openingPatience());
            }
        });
    }

    /**
     * Opens a store in a PostgreSQL database that the caller connects to. The address, the user, the password, {@code connect-timeout} and
     * {@code answer-timeout} of the settings are not looked at. The caller's connections have to be as many as the settings say, and at least
     * three unless {@code migrate} is off: so many are needed to see whether the tables are the latest. With fewer, the stage fails with
     * {@code NO_SCHEMA}. They come back as they were, and are not closed with the store.
     */
    public static CompletionStage<JdbcStore> open(JdbcStoreSettings settings, DataSource postgresql, Executor curves) {
        return open(
                settings,
                new PooledConnections(postgresql, () -> {}),
                curves,
                () -> Schema.migrateAlone(postgresql, settings.openingPatience()));
    }

    private static CompletionStage<JdbcStore> open(
            JdbcStoreSettings settings, Connections pool, Executor curves, Runnable migrate) {
        return new JdbcStore(
                        settings, Dialect.POSTGRESQL, pool, settings.server().connections(), curves)
                .opened(migrate);
    }

    private CompletionStage<JdbcStore> opened(Runnable migrate) {
        return workers.run(() -> {
                    new Opening(settings, dialect, transactions, sealer).open(migrate);
                    log.info("The store is open: {}", settings);
                    return this;
                })
                .whenComplete((store, failure) -> {
                    if (failure != null) {
                        close();
                    }
                });
    }

    @Override
    public <T> CompletionStage<T> run(Function<? super UnitOfWork, ? extends T> work) {
        return run(work, false);
    }

    <T> CompletionStage<T> run(Function<? super UnitOfWork, ? extends T> work, boolean signingElsewhere) {
        return workers.run(
                () -> transactions.run((sql, afterCommit) -> work.apply(unit(sql, afterCommit, signingElsewhere))));
    }

    private JdbcUnit unit(Sql sql, Consumer<Runnable> afterCommit, boolean signingElsewhere) {
        Locks locks = new Locks(sql, dialect);
        return new JdbcUnit(
                sql,
                locks,
                new JdbcIdentities(sql, locks, vault, histories, times, afterCommit, signingElsewhere),
                new JdbcMembers(sql, locks, settings.limits().maxMembers()),
                new JdbcTokens(sql, locks, settings.limits().maxTokens()));
    }

    @Override
    public Vault vault() {
        return vault;
    }

    @Override
    public AttributeStore attributes() {
        return attributes;
    }

    @Override
    public CredentialStore credentials() {
        return credentials;
    }

    /**
     * Returns this store for identities whose signing keys are elsewhere, in a token or a key service: those that it makes, loads and rotates
     * have their own keys and their keys for credentials there, and everything else here, keys for channels included. It is the same store
     * otherwise, with the same names, members and tokens, and is closed with this one.
     *
     * <p>A key elsewhere is no part of a unit of work: if the process ends in the middle of making or replacing one, a key that nobody
     * knows of may be left there. An identity whose signing keys are in this database can be used only without this, and the other way round:
     * otherwise its key is not found, and what needs it fails with {@code UNKNOWN_KEY}.
     *
     * @param signing where the keys are, the same each time; such as a {@link ockam.vault.service.KeyServiceVault}
     */
    public Store withSigning(SigningVault signing) {
        return new SignedElsewhere(this, signing);
    }

    /**
     * Imports a private signing key into the vault, as {@link ockam.vault.SoftwareVault#importSigningKey} does, on the caller's thread. Like
     * a key that the vault generates, it is kept when a record is stored that names it: so an identity from elsewhere gets into the store.
     */
    public SigningKey importSigningKey(SignatureAlgorithm algorithm, byte[] privateKey) {
        return vault.importSigningKey(algorithm, privateKey);
    }

    /**
     * Closes the store. What waits is still done, or fails with {@code BUSY} as it would have otherwise; then its connections are closed, the
     * private keys in memory are erased, and the stage completes. Everything later fails with {@code CLOSED}. May be called again.
     */
    public CompletionStage<Done> close() {
        return workers.close();
    }

    private void closed(Connections connections) {
        vault.eraseAll();
        sealer.forget();
        try {
            connections.close();
        } catch (SQLException e) { // everything that was said to be stored is
            log.warn("A connection of the store could not be closed", e);
        }
    }

    @Override
    public String toString() {
        return "JdbcStore(" + dialect + ")";
    }
}
