// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.CLOCK;
import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.MOMENT;
import static ockam.store.StoreTests.add;
import static ockam.store.StoreTests.assertRefused;
import static ockam.store.StoreTests.code;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;
import static ockam.store.StoreTests.member;
import static ockam.store.StoreTests.put;
import static ockam.store.StoreTests.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import ockam.identity.Identity;
import ockam.identity.Redemption;
import ockam.identity.StoreLimits;
import ockam.identity.UnitOfWork;
import ockam.store.StoreException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that comes with the tests; where it cannot run, they are skipped. Each test has a database of its own. */
class PostgresqlStoreTest extends StoreSuite {
    private static final String USER = "postgres";

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
            abort("PostgreSQL cannot run here: " + e);
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
    void create() throws SQLException {
        database = "ockam" + ++databases;
        execute("postgres", "CREATE DATABASE " + database);
    }

    private static void execute(String where, String sql) throws SQLException {
        try (Connection connection = server().getDatabase(USER, where).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private JdbcStoreSettings settings() {
        return JdbcStoreSettings.postgresql(server().getJdbcUrl(USER, database), KEY)
                .withBusyTimeout(Duration.ofSeconds(30));
    }

    @Override
    CompletionStage<JdbcStore> openedWith(StoreLimits limits) {
        return JdbcStore.open(settings().withLimits(limits), Runnable::run);
    }

    @Test
    void twoProcessesRedeemACodeExactlyAsOftenAsItIsGoodFor() throws Exception {
        TwoProcessesTest.exactlyTen(open(), settings().url(), directory);
    }

    @Test
    void livesBesideTablesOfOthersAndWithTheCallersPool() throws SQLException {
        execute(database, "CREATE TABLE of_others (id INTEGER)");

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
        while (run(store, StoreTests::waiting) == 0) {
            Thread.onSpinWait(); // until it waits for the first one
        }
        goOn.countDown();

        assertThat(get(first)).isEqualTo(Redemption.MEMBER_NOW);
        assertThat(get(second)).isEqualTo(Redemption.ALREADY_MEMBER);
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().count(HERE))).isEqualTo(1);
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
