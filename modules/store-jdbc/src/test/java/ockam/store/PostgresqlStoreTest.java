// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.CLOCK;
import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.MOMENT;
import static ockam.store.StoreTests.NOW;
import static ockam.store.StoreTests.add;
import static ockam.store.StoreTests.assertRefused;
import static ockam.store.StoreTests.code;
import static ockam.store.StoreTests.failureOf;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;
import static ockam.store.StoreTests.member;
import static ockam.store.StoreTests.put;
import static ockam.store.StoreTests.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.sql.DataSource;
import ockam.fixtures.Skips;
import ockam.identity.ChangeHistory;
import ockam.identity.Comparison;
import ockam.identity.Identity;
import ockam.identity.IdentityRepository.Retention;
import ockam.identity.OwnIdentity;
import ockam.identity.Redemption;
import ockam.identity.StoreLimits;
import ockam.identity.UnitOfWork;
import ockam.store.StoreException.Reason;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that comes with the tests; where it cannot run, they are skipped, or fail with CI=true. Each test has a database of its own. */
class PostgresqlStoreTest extends StoreSuite {
    private static final String USER = "postgres";
    private static final int NEW_DATABASES = 5;

    private static @Nullable EmbeddedPostgres server;
    private static int databases;

    @TempDir
    Path directory;

    private String database = "";

    @BeforeAll
    static void start() {
        try {
            server = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("max_connections", "50")
                    .setPGStartupWait(Duration.ofMinutes(1))
                    .start();
        } catch (IOException | RuntimeException e) {
            Skips.unlessCi("PostgreSQL cannot run here: " + e);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static EmbeddedPostgres server() {
        if (server == null) {
            throw new AssertionError("not started");
        }
        return server;
    }

    @BeforeEach
    @Override
    void create() throws SQLException {
        database = USER;
        String next = "ockam" + ++databases;
        execute("CREATE DATABASE " + next);
        database = next;
    }

    @Override
    Connection connection() throws SQLException {
        return server().getDatabase(USER, database).getConnection();
    }

    @Override
    JdbcStoreSettings settings() {
        return JdbcStoreSettings.postgresql(server().getJdbcUrl(USER, database), KEY)
                .withBusyTimeout(Duration.ofSeconds(30));
    }

    @Test
    void twoProcessesRedeemACodeExactlyAsOftenAsItIsGoodFor() throws Exception {
        TwoProcessesTest.exactlyTen(open(), settings().url(), directory);
    }

    @Test
    void livesWithTheCallersPool() {
        JdbcStore store = get(JdbcStore.open(settings(), server().getDatabase(USER, database), Runnable::run));

        Identity made = get(store.identity("node", CLOCK));
        get(store.close());
        assertThat(get(open().identity("node", CLOCK)).identifier()).isEqualTo(made.identifier());
    }

    @Test
    void twoUnitsThatWaitForEachOtherAreRunAgain() {
        JdbcStore store = open();
        CyclicBarrier bothHaveOne = new CyclicBarrier(2);
        boolean[] met = new boolean[2];

        CompletionStage<Boolean> one = store.run(unit -> crossing(unit, bothHaveOne, met, 0));
        CompletionStage<Boolean> two = store.run(unit -> crossing(unit, bothHaveOne, met, 1));

        assertThat(get(one) && get(two)).isTrue();
        assertThat(run(store, (UnitOfWork unit) -> unit.members().count(HERE))).isEqualTo(2);
    }

    /** Locks two authorities, each of the two in the opposite order; only the first run waits for the other one. */
    private static boolean crossing(UnitOfWork unit, CyclicBarrier barrier, boolean[] met, int number) {
        var first = number == 0 ? HERE : StoreTests.ELSEWHERE;
        var second = number == 0 ? StoreTests.ELSEWHERE : HERE;
        put(unit, member(first, number, false));
        if (!met[number]) {
            met[number] = true;
            try {
                barrier.await(1, TimeUnit.MINUTES);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        return put(unit, member(second, number, false));
    }

    @Test
    void oneIdentityDoesNotUseASecondCodeWhileTheFirstIsRedeemed() throws Exception {
        JdbcStore store = open();
        run(store, unit -> add(unit, token(1, 1, 600)) && add(unit, token(2, 1, 600)));
        CountDownLatch redeemed = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Redemption> first = store.run(unit -> {
            Redemption result = unit.redeem(HERE, identifier(1), code(1), MOMENT);
            redeemed.countDown();
            await(goOn);
            return result;
        });
        await(redeemed);

        CompletionStage<Redemption> second = store.run(unit -> unit.redeem(HERE, identifier(1), code(2), MOMENT));
        untilItWaits(store, second);
        goOn.countDown();

        assertThat(get(first)).isEqualTo(Redemption.MEMBER_NOW);
        assertThat(get(second)).isEqualTo(Redemption.ALREADY_MEMBER);
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().count(HERE))).isEqualTo(1);
    }

    @Test
    void whatIsReadUnderTheLockOfAnAuthorityIsWhatCountsAtTheEnd() throws Exception {
        JdbcStore store = open();
        run(store, unit -> put(unit, member(HERE, 1, false)));
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Boolean> first = store.run(unit -> {
            unit.lockAuthority(HERE);
            locked.countDown();
            await(goOn);
            return unit.members().remove(HERE, identifier(1));
        });
        await(locked);

        CompletionStage<Boolean> second = store.run(unit -> {
            unit.lockAuthority(HERE);
            return unit.members().find(HERE, identifier(1)).isPresent();
        });
        untilItWaits(store, second);
        goOn.countDown();

        assertThat(get(first)).isTrue();
        assertThat(get(second)).isFalse();
    }

    /** It is chosen to make room, and kept before it is deleted. */
    @Test
    void historyThatIsKeptMeanwhileIsNotForgotten() throws Exception {
        ChangeHistory old = history();
        ChangeHistory other = history();
        JdbcStore store = open(StoreLimits.defaults().withMaxPeerBytes(old.heldBytes()));
        get(store.identities().update(old, Retention.EVICTABLE));
        CountDownLatch kept = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Comparison> keeping = store.run(unit -> {
            Comparison result = unit.identities().update(old, Retention.KEPT);
            kept.countDown();
            await(goOn);
            return result;
        });
        await(kept);

        CompletionStage<Comparison> shown = store.identities().update(other, Retention.EVICTABLE);
        untilItWaits(store, shown); // to delete the first one
        goOn.countDown();

        assertThat(get(keeping)).isEqualTo(Comparison.EQUAL);
        assertThat(get(shown)).isEqualTo(Comparison.FIRST_SEEN);
        assertThat(get(store.identities().retention(old.identifier()))).contains(Retention.KEPT);
        assertThat(get(store.identities().history(other.identifier()))).isPresent();
    }

    @Test
    void waitForWhatOthersHaveLockedEnds() throws Exception {
        JdbcStore store = open();
        JdbcStore impatient = get(JdbcStore.open(settings().withBusyTimeout(Duration.ofSeconds(1)), Runnable::run));
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Boolean> longOne = store.run(unit -> {
            unit.lockAuthority(HERE);
            locked.countDown();
            await(goOn);
            return true;
        });
        await(locked);

        assertRefused(Reason.BUSY, impatient.run(unit -> put(unit, member(HERE, 2, false))));

        goOn.countDown();
        assertThat(get(longOne)).isTrue();
        assertThat(run(impatient, (UnitOfWork unit) -> put(unit, member(HERE, 2, false))))
                .as("afterwards it can be used")
                .isTrue();
        get(impatient.close());
    }

    @Test
    void waitForAServerThatDoesNotAnswerEnds() {
        JdbcStore store = get(JdbcStore.open(
                settings()
                        .withConnections(1)
                        .withBusyTimeout(Duration.ofSeconds(1))
                        .withServerTimeouts(Duration.ofSeconds(10), Duration.ofMillis(1)),
                Runnable::run));

        assertThat(failureOf(store.run(unit -> ((JdbcUnit) unit).sql().first("SELECT pg_sleep(600)", row -> true))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DATABASE_FAILED))
                .hasRootCauseInstanceOf(SocketTimeoutException.class);

        assertThat(run(store, (UnitOfWork unit) -> put(unit, member(HERE, 2, false))))
                .as("by another connection")
                .isTrue();
        get(store.close());
    }

    @Test
    void oneConnectionIsEnough() {
        JdbcStore store = get(JdbcStore.open(settings().withConnections(1), Runnable::run));

        assertThat(get(store.identity("node", CLOCK))).isNotNull();
        get(store.close());
    }

    @Test
    void threeConnectionsOfTheCallerAreEnoughToCreateTheTables() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl(settings().url());
            pool.setMaximumPoolSize(3);
            JdbcStore store = get(JdbcStore.open(settings().withConnections(1), pool, Runnable::run));

            assertThat(get(store.identity("node", CLOCK))).isNotNull();
            get(store.close());
        }
    }

    @Test
    void keysAreSealedWithAnotherKeyAndNoneIsStoredWithTheFormerOne() {
        JdbcStore store = open();
        Identity made = get(store.identity("node", CLOCK));
        byte[] other = new byte[SealingKey.LENGTH];
        other[0] = 1;
        JdbcStoreSettings changed = JdbcStoreSettings.postgresql(settings().url(), SealingKey.from(other::clone))
                .withFormerKey(KEY);

        JdbcStore again = get(JdbcStore.open(changed, Runnable::run));

        assertThat(get(again.identity("node", CLOCK)
                                .thenCompose(found -> found.identities().rotate(found)))
                        .identifier())
                .isEqualTo(made.identifier());
        assertRefused(Reason.WRONG_KEY, store.identity("other", CLOCK));
        assertRefused(Reason.WRONG_KEY, openedWith(StoreLimits.defaults()));
        get(again.close());
    }

    @Test
    void newKeysAreStoredSideBySideButNotWhileTheyAreSealedWithAnotherKey() throws Exception {
        JdbcStore store = open();
        OwnIdentity record = imported(store);
        CountDownLatch stored = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Boolean> first = store.run(unit -> {
            boolean result = unit.identities().storeOwn(record);
            stored.countDown();
            await(goOn);
            return result;
        });
        await(stored);

        JdbcStore impatient = get(JdbcStore.open(settings().withBusyTimeout(Duration.ofSeconds(1)), Runnable::run));
        assertThat(get(impatient.identity("other", CLOCK))).isNotNull();
        get(impatient.close());

        byte[] other = new byte[SealingKey.LENGTH];
        other[0] = 1;
        CompletionStage<JdbcStore> opening = JdbcStore.open(
                JdbcStoreSettings.postgresql(settings().url(), SealingKey.from(other::clone))
                        .withBusyTimeout(Duration.ofSeconds(30))
                        .withFormerKey(KEY),
                Runnable::run);
        untilItWaits(store, opening);
        goOn.countDown();

        assertThat(get(first)).isTrue();
        JdbcStore again = get(opening);
        assertThat(get(again.vault().signing().sign(record.key(), new byte[1])))
                .as("sealed with the other key too")
                .isNotNull();
        get(again.close());
    }

    private static OwnIdentity imported(JdbcStore store) {
        byte[] seed = new byte[32];
        SoftwareVault elsewhere = SoftwareVault.create(Runnable::run);
        SigningKey key = elsewhere.importSigningKey(SignatureAlgorithm.ED25519, seed);
        store.importSigningKey(SignatureAlgorithm.ED25519, seed);
        return Elsewhere.identityOf(elsewhere, key);
    }

    @Test
    void keyOfWhichNobodyKnowsThatItIsStoredIsDeletedInTheDatabase() throws SQLException {
        get(open().close()); // the tables are there
        AtomicBoolean isLost = new AtomicBoolean();
        try (Connection connection = connection()) {
            JdbcStore store = get(JdbcStore.open(
                    settings().withConnections(1).withoutMigration(),
                    always(losingAnswers(connection, isLost)),
                    Runnable::run));
            OwnIdentity record = imported(store);
            isLost.set(true);
            assertRefused(Reason.DATABASE_FAILED, store.identities().storeOwn(record));
            isLost.set(false);
            assertThat(privateKeys(store)).isEqualTo(1);

            assertThat(get(store.vault().signing().deleteSigningKey(record.key())))
                    .isTrue();

            assertThat(privateKeys(store)).isZero();
            get(store.close());
        }
    }

    private static Connection losingAnswers(Connection connection, AtomicBoolean isLost) {
        return (Connection) Proxy.newProxyInstance(
                PostgresqlStoreTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    Object result = method.invoke(connection, arguments);
                    if (isLost.get() && method.getName().equals("commit")) {
                        throw new SQLException("the answer is lost");
                    }
                    return result;
                });
    }

    /** What locks a row writes, and waits for the disk. */
    @Test
    void olderStatementWritesNothing() {
        JdbcStore store = open();
        get(store.attributes().store(said(1, "member", NOW, NOW + 10)));

        assertThat(get(store.attributes().store(said(1, "older", NOW - 1, NOW + 10))))
                .isFalse();

        long lockedBy = run(
                store,
                unit -> ((JdbcUnit) unit)
                        .sql()
                        .number("SELECT CAST(CAST(xmax AS TEXT) AS BIGINT) FROM ockam_statement"));
        assertThat(lockedBy).isZero();
    }

    /** A pool that leaves it to others to set its connections back. */
    @Test
    void connectionsOfTheCallerComeBackAsTheyWere() throws SQLException {
        get(open().close()); // the tables are there
        try (Connection connection = connection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            JdbcStore store = get(JdbcStore.open(
                    settings().withConnections(1).withoutMigration(), always(connection), Runnable::run));

            for (boolean autoCommit : new boolean[] {true, false}) {
                connection.setAutoCommit(autoCommit);
                run(store, unit -> put(unit, member(HERE, 1, false)));
                assertThat(failureOf(store.run(unit -> {
                            throw new IllegalStateException("enough");
                        })))
                        .hasMessage("enough");

                assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery("SHOW lock_timeout")) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString(1)).isEqualTo("0");
                }
            }
            get(store.close());
            assertThat(connection.isClosed()).isFalse();
        }
    }

    /** Has this connection only, and never closes it. */
    private static DataSource always(Connection connection) {
        Connection open = proxy(Connection.class, method -> method.equals("close"), connection);
        return (DataSource) Proxy.newProxyInstance(
                PostgresqlStoreTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> open);
    }

    private static <T> T proxy(Class<T> type, Predicate<String> ignored, T target) {
        return type.cast(Proxy.newProxyInstance(
                PostgresqlStoreTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return ignored.test(method.getName()) ? null : method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getTargetException();
                    }
                }));
    }

    /** For another unit; if it does not, it is done soon. */
    private static void untilItWaits(JdbcStore store, CompletionStage<?> unit) {
        while (run(store, StoreTests::waiting) == 0
                && !unit.toCompletableFuture().isDone()) {
            Thread.onSpinWait();
        }
    }

    /** As processes do that start at the same time. */
    @Test
    void tablesAreCreatedByOneOfThoseThatOpenAtOnce() throws SQLException {
        for (int i = 0; i < NEW_DATABASES; i++) {
            create();
            List<CompletionStage<JdbcStore>> all = Stream.generate(() -> openedWith(StoreLimits.defaults()))
                    .limit(3)
                    .toList();
            all.forEach(each -> get(get(each).close()));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void saysWhenItCannotBeReached() {
        JdbcStoreSettings nowhere = JdbcStoreSettings.postgresql("jdbc:postgresql://localhost:1/none", KEY)
                .withBusyTimeout(Duration.ofSeconds(1));

        assertRefused(Reason.DATABASE_FAILED, JdbcStore.open(nowhere, Runnable::run));
    }
}
