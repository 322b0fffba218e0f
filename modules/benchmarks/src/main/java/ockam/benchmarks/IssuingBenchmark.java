// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Identity;
import ockam.identity.Member;
import ockam.identity.StoreLimits;
import ockam.identity.Timestamp;
import ockam.store.JdbcStore;
import ockam.store.JdbcStoreSettings;
import ockam.store.SealingKey;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an authority does for a member that asks for a credential: finds it in the list, and signs; and for one that enrolls. Each time it is
 * another member, chosen among all.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 10, time = 2)
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class IssuingBenchmark {
    private static final int SUBJECTS = 1 << 16;
    private static final int ROWS_AT_ONCE = 10_000;
    private static final long SEED = 1;
    private static final Duration VALIDITY = Duration.ofDays(30);

    /** Where the list is. */
    @Param({"sqlite", "postgresql"})
    public String database;

    /** How long the list is. */
    @Param({"1000", "1000000"})
    public int members;

    private final Identifier[] subjects = new Identifier[SUBJECTS];
    private int next;
    private ExecutorService curves;
    private Path directory;
    private @Nullable EmbeddedPostgres server;
    private JdbcStore store;
    private Identity authority;

    /** Opens a database with these members. */
    @Setup(Level.Trial)
    public void open() throws Exception {
        curves = Executors.newFixedThreadPool(2);
        directory = Files.createTempDirectory("issuing");
        JdbcStoreSettings settings = settings();
        store = TestBed.await(
                JdbcStore.open(settings.withLimits(StoreLimits.defaults().withMaxMembers(members + 1)), curves));
        authority = TestBed.await(store.identity("authority", Clock.systemUTC()));
        fill(settings.url());
        Random choice = new Random(SEED);
        for (int i = 0; i < SUBJECTS; i++) {
            subjects[i] = member(choice.nextInt(members));
        }
    }

    private JdbcStoreSettings settings() throws IOException {
        SealingKey key = SealingKey.from(() -> new byte[SealingKey.LENGTH]);
        if (!database.equals("postgresql")) {
            return JdbcStoreSettings.sqlite(directory.resolve("members.db"), key);
        }
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofMinutes(1))
                .start();
        server = started;
        return JdbcStoreSettings.postgresql(started.getJdbcUrl("postgres", "postgres"), key);
    }

    /** Adds the first member by the store, and copies its row, since one unit of work for each would take hours. */
    private void fill(String url) throws Exception {
        Identifier first = member(0);
        TestBed.await(store.run(unit -> {
            unit.members().put(row(first));
            return true;
        }));
        try (Connection connection = DriverManager.getConnection(url)) {
            connection.setAutoCommit(false);
            copy(connection, first);
            connection.createStatement().execute("UPDATE ockam_authority SET members = " + members);
            connection.commit();
            connection.setAutoCommit(true);
            connection.createStatement().execute("ANALYZE");
        }
    }

    private Member row(Identifier subject) {
        Attributes attributes = Attributes.ofTexts(Map.of("role", "member", "team", "red"));
        Timestamp now = Timestamp.of(Clock.systemUTC().instant());
        return new Member(authority.identifier(), subject, attributes, authority.identifier(), now, false);
    }

    private void copy(Connection connection, Identifier first) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO ockam_member (authority, identifier, attributes, added_by, added_at, pre_trusted)"
                        + " SELECT authority, ?, attributes, added_by, added_at, pre_trusted FROM ockam_member"
                        + " WHERE authority = ? AND identifier = ?")) {
            for (int i = 1; i < members; i++) {
                insert.setString(1, member(i).toString());
                insert.setString(2, authority.identifier().toString());
                insert.setString(3, first.toString());
                insert.addBatch();
                if (i % ROWS_AT_ONCE == 0 || i == members - 1) {
                    insert.executeBatch();
                }
            }
        }
    }

    /** As far from the next one as identifiers are. */
    private static Identifier member(int number) {
        Random random = new Random(-1 - number);
        return Identifier.parse("I%016x%016x%016x%016x"
                .formatted(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
    }

    /** A credential for a member. */
    @Benchmark
    public CredentialAndPurposeKey issue() throws Exception {
        Identifier subject = subjects[next++ % SUBJECTS];
        return TestBed.await(store.run(unit -> unit.members().find(authority.identifier(), subject))
                .thenCompose(member -> authority
                        .identities()
                        .issueCredential(
                                authority,
                                CredentialOptions.of(
                                        subject, member.orElseThrow().attributes(), VALIDITY))));
    }

    /** A new member, taken out again in the same transaction, so that the list does not grow. */
    @Benchmark
    public boolean enroll() throws Exception {
        Identifier subject = member(members + next++ % SUBJECTS);
        return TestBed.await(store.run(unit -> {
            unit.members().put(row(subject));
            return unit.members().remove(authority.identifier(), subject);
        }));
    }

    /** Closes and deletes the database. */
    @TearDown(Level.Trial)
    public void close() throws Exception {
        TestBed.await(store.close());
        curves.shutdown();
        if (server != null) {
            server.close();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
