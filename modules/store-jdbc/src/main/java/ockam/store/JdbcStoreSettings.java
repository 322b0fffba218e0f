// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import ockam.identity.StoreLimits;
import ockam.wire.internal.SettingsBlock;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a store, read from the block {@code ockam.store}; its keys are explained in {@code reference.conf}.
 *
 * @param url the address of the database
 * @param server how PostgreSQL is reached; SQLite does not need it
 * @param key where the key is that private keys are sealed with
 * @param formerKey where the one is that they were sealed with before; null if there was none, or nobody needs it any more
 * @param busyTimeout how long a unit of work waits for others, and for its turn while they let in nobody
 * @param maxWaiting units of work that may wait for a thread, at least 1
 * @param migrate whether the tables are created and updated at the start
 * @param limits how much is stored
 */
public record JdbcStoreSettings(
        String url,
        Server server,
        SealingKey key,
        @Nullable SealingKey formerKey,
        Duration busyTimeout,
        int maxWaiting,
        boolean migrate,
        StoreLimits limits) {
    private static final SettingsBlock BLOCK = new SettingsBlock("ockam.store");
    private static final String SQLITE = "jdbc:sqlite:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final Duration SHORTEST_OPENING_PATIENCE = Duration.ofSeconds(30);

    /**
     * How PostgreSQL is reached.
     *
     * @param user who the node is there; empty if the address says so
     * @param password of the user, empty likewise; it is not printed
     * @param connections 1 to 1,000
     * @param connectTimeout how long it may take to connect
     * @param answerTimeout how long an answer may take, beyond {@code busyTimeout}
     */
    public record Server(
            String user, String password, int connections, Duration connectTimeout, Duration answerTimeout) {
        private static final int MOST_CONNECTIONS = 1_000;
        private static final Server DEFAULTS = new Server("", "", 4, Duration.ofSeconds(5), Duration.ofSeconds(30));

        /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
        public Server {
            BLOCK.require(
                    connections >= 1 && connections <= MOST_CONNECTIONS,
                    "connections must be 1 to " + MOST_CONNECTIONS);
            BLOCK.requireTime(connectTimeout, "connect-timeout");
            BLOCK.requireTime(answerTimeout, "answer-timeout");
        }

        @Override
        public String toString() {
            return "Server(" + connections + " connections)";
        }
    }

    /** Checks the ranges; throws {@link IllegalArgumentException} with a text that begins with the key. */
    public JdbcStoreSettings {
        BLOCK.require(
                isFile(url) || url.startsWith(POSTGRESQL),
                "url must be " + SQLITE + " and the name of a file, or begin with " + POSTGRESQL);
        BLOCK.requireTime(busyTimeout, "busy-timeout");
        BLOCK.require(maxWaiting >= 1, "max-waiting must be at least 1");
    }

    private static boolean isFile(String url) {
        return url.startsWith(SQLITE)
                && url.length() > SQLITE.length()
                && !url.matches("(?s)jdbc:sqlite:(file:|:).*|.*\\?.*");
    }

    /** Returns the defaults for a SQLite file. */
    public static JdbcStoreSettings sqlite(Path file, SealingKey key) {
        return of(SQLITE + file, key);
    }

    /** Returns the defaults for a PostgreSQL database. */
    public static JdbcStoreSettings postgresql(String url, SealingKey key) {
        return of(url, key);
    }

    static JdbcStoreSettings of(String url, SealingKey key) {
        return new JdbcStoreSettings(
                url, Server.DEFAULTS, key, null, Duration.ofSeconds(5), 1_000, true, StoreLimits.defaults());
    }

    /**
     * Reads the settings from the block {@code ockam.store}.
     *
     * @throws IllegalArgumentException for a value that is missing, cannot be read or is out of range; its text begins with the key
     */
    public static JdbcStoreSettings create(Config store) {
        return new JdbcStoreSettings(
                BLOCK.read("url", store::getString),
                new Server(
                        BLOCK.read("user", store::getString),
                        BLOCK.read("password", store::getString),
                        BLOCK.read("connections", store::getInt),
                        BLOCK.read("connect-timeout", store::getDuration),
                        BLOCK.read("answer-timeout", store::getDuration)),
                sealingKey(store),
                formerKey(store),
                BLOCK.read("busy-timeout", store::getDuration),
                BLOCK.read("max-waiting", store::getInt),
                BLOCK.read("migrate", store::getBoolean),
                new StoreLimits(
                        BLOCK.read("max-peer-bytes", store::getBytes),
                        BLOCK.read("max-attribute-bytes", store::getBytes),
                        BLOCK.read("max-members", store::getInt),
                        BLOCK.read("max-tokens", store::getInt)));
    }

    private static SealingKey sealingKey(Config store) {
        Optional<SealingKey> key = keyIn(store, "key");
        BLOCK.require(
                key.isPresent(), "key: either key.environment or key.file must say where the key of the store is");
        return key.orElseThrow();
    }

    private static @Nullable SealingKey formerKey(Config store) {
        return keyIn(store, "former-key").orElse(null);
    }

    private static Optional<SealingKey> keyIn(Config store, String block) {
        Optional<SealingKey> environment = BLOCK.readUnlessOff(
                block + ".environment", store::getString, key -> SealingKey.inEnvironment(store.getString(key)));
        Optional<SealingKey> file = BLOCK.readUnlessOff(
                block + ".file", store::getString, key -> SealingKey.inFile(Path.of(store.getString(key))));
        BLOCK.require(
                environment.isEmpty() || file.isEmpty(),
                block + ": either " + block + ".environment or " + block + ".file, not both");
        return environment.or(() -> file);
    }

    static JdbcStoreSettings of(Config root) {
        return create(BLOCK.block(root::getConfig));
    }

    /** Returns the same with a key that private keys may still be sealed with; see {@link JdbcStore#open(JdbcStoreSettings, Executor)}. */
    public JdbcStoreSettings withFormerKey(SealingKey former) {
        return new JdbcStoreSettings(url, server, key, former, busyTimeout, maxWaiting, migrate, limits);
    }

    /** Returns the same with another number of connections to PostgreSQL. */
    public JdbcStoreSettings withConnections(int count) {
        return with(new Server(server.user, server.password, count, server.connectTimeout, server.answerTimeout));
    }

    /** Returns the same with another time to wait for others. */
    public JdbcStoreSettings withBusyTimeout(Duration time) {
        return new JdbcStoreSettings(url, server, key, formerKey, time, maxWaiting, migrate, limits);
    }

    /** Returns the same with other times for PostgreSQL: to connect, and to answer. */
    public JdbcStoreSettings withServerTimeouts(Duration connecting, Duration answering) {
        return with(new Server(server.user, server.password, server.connections, connecting, answering));
    }

    /** Returns the same with another number of units of work that may wait. */
    public JdbcStoreSettings withMaxWaiting(int most) {
        return new JdbcStoreSettings(url, server, key, formerKey, busyTimeout, most, migrate, limits);
    }

    /** Returns the same for tables that somebody else creates and updates. */
    public JdbcStoreSettings withoutMigration() {
        return new JdbcStoreSettings(url, server, key, formerKey, busyTimeout, maxWaiting, false, limits);
    }

    /** Returns the same with other limits. */
    public JdbcStoreSettings withLimits(StoreLimits others) {
        return new JdbcStoreSettings(url, server, key, formerKey, busyTimeout, maxWaiting, migrate, others);
    }

    /** Returns the same with a user and a password. */
    public JdbcStoreSettings withUser(String name, String secret) {
        return with(new Server(name, secret, server.connections, server.connectTimeout, server.answerTimeout));
    }

    private JdbcStoreSettings with(Server other) {
        return new JdbcStoreSettings(url, other, key, formerKey, busyTimeout, maxWaiting, migrate, limits);
    }

    /** How long to wait for others that create the tables: longer than for a transaction. */
    Duration openingPatience() {
        return busyTimeout.compareTo(SHORTEST_OPENING_PATIENCE) < 0 ? SHORTEST_OPENING_PATIENCE : busyTimeout;
    }

    boolean isSqlite() {
        return url.startsWith(SQLITE);
    }

    /** The file of a SQLite database. */
    Path file() {
        return Path.of(url.substring(SQLITE.length())).toAbsolutePath();
    }

    @Override
    public String toString() {
        return "JdbcStoreSettings(" + (isSqlite() ? url : POSTGRESQL + "...") + ")";
    }
}
