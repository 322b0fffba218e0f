// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.CLOCK;
import static ockam.store.StoreTests.ELSEWHERE;
import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.KEY;
import static ockam.store.StoreTests.assertRefused;
import static ockam.store.StoreTests.failureOf;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;
import static ockam.store.StoreTests.member;
import static ockam.store.StoreTests.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import ockam.identity.Identity;
import ockam.identity.StoreLimits;
import ockam.identity.UnitOfWork;
import ockam.store.StoreException.Reason;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreSuite {
    @TempDir
    Path directory;

    private String name = "ockam.db";

    @Override
    JdbcStoreSettings settings() {
        return JdbcStoreSettings.sqlite(directory.resolve(name), KEY);
    }

    @Override
    void create() {
        name = "another-" + name;
    }

    @Override
    Connection connection() throws SQLException {
        Databases.createFile(settings()); // for its owner only
        return Databases.sqlite(settings()).getConnection();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void commitsAreOnTheDiskInAWriteAheadLogAndWhatIsDeletedIsOverwritten() {
        JdbcStore store = get(JdbcStore.open(settings().withBusyTimeout(Duration.ofMillis(1_234)), Runnable::run));

        assertThat(pragma(store, "journal_mode")).isEqualTo("wal");
        assertThat(pragma(store, "synchronous")).as("FULL").isEqualTo("2");
        assertThat(pragma(store, "busy_timeout")).isEqualTo("1234");
        assertThat(pragma(store, "secure_delete")).isEqualTo("1");
        assertThat(pragma(store, "foreign_keys")).isEqualTo("1");
        get(store.close());
    }

    /** On the connection that the store itself has. */
    private static String pragma(JdbcStore store, String name) {
        return run(store, unit -> ((JdbcUnit) unit).sql().first("PRAGMA " + name, row -> row.getString(1)))
                .orElseThrow();
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        JdbcStore store = open();
        run(store, unit -> put(unit, member(HERE, 1, false)));

        try (var files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName() + " " + mode(file)))
                    .containsExactlyInAnyOrder(
                            "ockam.db rw-------",
                            "ockam.db-wal rw-------",
                            "ockam.db-shm rw-------",
                            "ockam.db.lock rw-------");
        }
    }

    private static String mode(Path file) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is committed may be in the log only. */
    @Test
    void refusesFilesThatOthersMayUseAndNamesThemAll() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        open(); // so that its log is there
        Path file = settings().file().toRealPath();
        List<Path> all = Stream.of("", "-wal", "-shm")
                .map(suffix -> file.resolveSibling(file.getFileName() + suffix))
                .toList();

        for (Path one : all) {
            makeReadable(one);
            assertNotPrivate("chmod 600 '" + one + "'");
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-------"));
        }
        all.forEach(SqliteStoreTest::makeReadable);
        assertNotPrivate("chmod 600 '" + all.get(0) + "' '" + all.get(1) + "' '" + all.get(2) + "'");
        for (Path one : all) {
            Files.setPosixFilePermissions(one, PosixFilePermissions.fromString("rw-------"));
        }
        assertThat(get(open().identity("node", CLOCK))).isNotNull();

        makeReadable(file.resolveSibling(file.getFileName() + ".lock"));
        assertNotPrivate("chmod 600 '" + file + ".lock'");
    }

    private static void makeReadable(Path file) {
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNotPrivate(String mending) {
        assertThat(failureOf(openedWith(StoreLimits.defaults())))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FILE_NOT_PRIVATE))
                .message()
                .endsWith(mending);
    }

    @Test
    void refusesMoreThanMayWait() {
        JdbcStore store = get(JdbcStore.open(settings().withMaxWaiting(2), Runnable::run));
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Boolean> first = store.run(unit -> {
            running.countDown();
            await(goOn);
            return true;
        });
        await(running);
        CompletionStage<Boolean> second = store.run(unit -> true);
        CompletionStage<Boolean> third = store.run(unit -> true);

        assertRefused(Reason.TOO_MANY_WAITING, store.run(unit -> true));

        goOn.countDown();
        assertThat(get(first) && get(second) && get(third)).isTrue();
        get(store.close());
    }

    /** In a token they would stay for good. */
    @Test
    void leavesNoKeysBehindWhileItCannotBeWrittenTo() {
        SoftwareVault token = SoftwareVault.create(Runnable::run);
        JdbcStore store = open();
        Identity node = get(store.withSigning(token).identity("node", CLOCK));
        String before = store.vault().toString();
        run(
                store,
                unit -> execute(
                        unit,
                        "CREATE TRIGGER full BEFORE INSERT ON ockam_own_identity"
                                + " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"));

        assertRefused(Reason.DATABASE_FAILED, store.withSigning(token).identity("other", CLOCK));
        assertRefused(Reason.DATABASE_FAILED, node.identities().rotate(node));
        assertRefused(Reason.DATABASE_FAILED, node.identities().credentialKey(node));
        assertRefused(Reason.DATABASE_FAILED, node.identities().secureChannelKey(node));

        assertThat(token.keyCounts().signingKeys()).isEqualTo(1);
        assertThat(store.vault()).hasToString(before);
        run(store, unit -> execute(unit, "DROP TRIGGER full"));
        assertThat(get(node.identities().rotate(node)).changeHistory().changes())
                .hasSize(2);
    }

    private static int execute(UnitOfWork unit, String sql) {
        return ((JdbcUnit) unit).sql().update(sql);
    }

    @Test
    void saysWhenOthersKeepItBusy() {
        JdbcStore store = open();
        JdbcStore impatient = get(JdbcStore.open(settings().withBusyTimeout(Duration.ofMillis(1)), Runnable::run));
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CompletionStage<Boolean> longOne = store.run(unit -> {
            put(unit, member(HERE, 1, false));
            running.countDown();
            await(goOn);
            return true;
        });
        await(running);

        assertRefused(Reason.BUSY, impatient.run(unit -> put(unit, member(HERE, 2, false))));

        goOn.countDown();
        assertThat(get(longOne)).isTrue();
        assertThat(run(impatient, (UnitOfWork unit) -> put(unit, member(HERE, 2, false))))
                .as("afterwards it can be used")
                .isTrue();
        get(impatient.close());
    }

    @Test
    void openingWaitsForAnotherOneButNotForEver() {
        Path file = settings().file();

        OpeningLock.open(
                file,
                Duration.ofMinutes(1),
                () -> assertThatExceptionOfType(StoreException.class)
                        .isThrownBy(() -> OpeningLock.open(file, Duration.ofMillis(1), () -> {
                            throw new AssertionError("two at once");
                        }))
                        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BUSY)));

        AtomicBoolean opened = new AtomicBoolean();
        OpeningLock.open(file, Duration.ofMillis(1), () -> opened.set(true));
        assertThat(opened).isTrue();
    }

    @Test
    void membersAndTokensOfAnOlderStoreAreCounted() throws IOException, SQLException {
        runScript(1);
        runScript(2);
        execute("INSERT INTO ockam_member (authority, identifier, attributes, added_by, added_at, pre_trusted)"
                + " VALUES ('" + HERE + "', '" + identifier(1) + "', x'a0', '" + HERE + "', 0, 0)");
        for (var authority : List.of(HERE, ELSEWHERE)) {
            execute("INSERT INTO ockam_token (authority, code_hash, reference, issuer, created_at, expires_at, uses,"
                    + " attributes) VALUES ('" + authority + "', 'aa', '', '" + HERE + "', 0, 1, 1, x'a0')");
        }
        runScript(3);
        runScript(4);

        JdbcStore store = get(JdbcStore.open(settings().withoutMigration(), Runnable::run));

        assertThat(run(store, (UnitOfWork unit) -> unit.members().count(HERE))).isEqualTo(1);
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().count(HERE))).isEqualTo(1);
        assertThat(run(store, (UnitOfWork unit) -> unit.members().count(ELSEWHERE)))
                .isZero();
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().count(ELSEWHERE)))
                .isEqualTo(1);
        get(store.close());
    }

    @Test
    void tokensThatHaveEndedAreFoundByTheirEnd() {
        List<String> plan = run(
                open(),
                unit -> ((JdbcUnit) unit)
                        .sql()
                        .list(
                                "EXPLAIN QUERY PLAN " + JdbcTokens.DELETE_ENDED,
                                row -> row.getString("detail"),
                                HERE.toString(),
                                1));

        assertThat(plan).singleElement().asString().contains("ockam_token_by_end (authority=? AND expires_at<?)");
    }

    @Test
    void saysWhenTheFileIsNoDatabase() throws IOException {
        Files.writeString(settings().file(), "anything else, long enough to be looked at".repeat(50));
        Files.setPosixFilePermissions(settings().file(), PosixFilePermissions.fromString("rw-------"));

        assertRefused(Reason.DATABASE_FAILED, openedWith(StoreLimits.defaults()));
    }
}
