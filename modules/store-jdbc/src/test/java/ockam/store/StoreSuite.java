// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.CLOCK;
import static ockam.store.StoreTests.ELSEWHERE;
import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.MOMENT;
import static ockam.store.StoreTests.NOW;
import static ockam.store.StoreTests.ROLE;
import static ockam.store.StoreTests.add;
import static ockam.store.StoreTests.code;
import static ockam.store.StoreTests.failureOf;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;
import static ockam.store.StoreTests.member;
import static ockam.store.StoreTests.put;
import static ockam.store.StoreTests.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.util.ByteString;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import ockam.identity.AttestedAttributes;
import ockam.identity.ChangeHash;
import ockam.identity.ChangeHistory;
import ockam.identity.Comparison;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.CredentialStore;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityException;
import ockam.identity.IdentityOptions;
import ockam.identity.IdentityRepository.Retention;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.InMemoryStore;
import ockam.identity.Member;
import ockam.identity.Redemption;
import ockam.identity.SecureChannelKey;
import ockam.identity.Store;
import ockam.identity.StoreLimits;
import ockam.identity.Timestamp;
import ockam.identity.Token;
import ockam.identity.UnitOfWork;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.vault.X25519PublicKey;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a store in any database does. */
abstract class StoreSuite {
    /** The SQL that makes the tables, in its order. */
    private static final List<String> SCRIPTS =
            List.of("V1__ockam_store.sql", "V2__own_credentials.sql", "V3__counts.sql", "V4__statement_changes.sql");

    private final List<JdbcStore> opened = new ArrayList<>();

    /** For the database of this test, the same each time. */
    abstract JdbcStoreSettings settings();

    /** From now on, the test has another database, without tables. */
    abstract void create() throws SQLException;

    /** A connection to it as others have them. */
    abstract Connection connection() throws SQLException;

    CompletionStage<JdbcStore> openedWith(StoreLimits limits) {
        return JdbcStore.open(settings().withLimits(limits), Runnable::run);
    }

    JdbcStore open(StoreLimits limits) {
        JdbcStore store = get(openedWith(limits));
        opened.add(store);
        return store;
    }

    JdbcStore open() {
        return open(StoreLimits.defaults());
    }

    @AfterEach
    void close() {
        opened.forEach(store -> get(store.close()));
    }

    static <T> T run(Store store, Function<UnitOfWork, T> work) {
        return get(store.run(work));
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private String location() {
        return (settings().isSqlite() ? Dialect.SQLITE : Dialect.POSTGRESQL).location();
    }

    /** Runs one of the scripts, as somebody does who makes the tables by hand. */
    void runScript(int number) throws IOException, SQLException {
        try (InputStream published =
                JdbcStore.class.getResourceAsStream("/" + location() + "/" + SCRIPTS.get(number - 1))) {
            execute(new String(published.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    static long privateKeys(JdbcStore store) {
        return run(store, unit -> ((JdbcUnit) unit).sql().number("SELECT COUNT(*) FROM ockam_private_key"));
    }

    private static ChangeHistory history(IdentityOptions options) {
        Identities others =
                Identities.create(SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create(), CLOCK);
        Identity other = get(others.create(options));
        return get(others.history(other.identifier())).orElseThrow();
    }

    static ChangeHistory history() {
        return history(IdentityOptions.defaults());
    }

    /** Of others who use Flyway too, and keep its name for the table in which it remembers. */
    @Test
    void livesBesideTablesOfOthers() throws SQLException {
        execute("CREATE TABLE of_others (id INTEGER)");
        execute("CREATE TABLE flyway_schema_history (installed_rank INTEGER, script TEXT)");
        execute("INSERT INTO flyway_schema_history (installed_rank, script) VALUES (1, 'V1__theirs.sql')");

        JdbcStore store = open();

        assertThat(get(store.identity("node", CLOCK))).isNotNull();
        assertThat(scripts(store, "flyway_schema_history")).containsExactly("V1__theirs.sql");
        assertThat(scripts(store, "ockam_schema_history WHERE type = 'SQL'")).containsExactlyElementsOf(SCRIPTS);
    }

    private static List<String> scripts(JdbcStore store, String from) {
        return run(
                store,
                unit -> ((JdbcUnit) unit)
                        .sql()
                        .list("SELECT script FROM " + from + " ORDER BY installed_rank", row -> row.getString(1)));
    }

    @Test
    void tablesCanBeMadeBySomebodyElse() throws IOException, SQLException {
        hasNoSchemaAfter();
        for (int number = 1; number <= SCRIPTS.size(); number++) {
            runScript(number);
        }

        JdbcStore store = get(JdbcStore.open(settings().withoutMigration(), Runnable::run));

        assertThat(get(store.identity("node", CLOCK))).isNotNull();
        get(store.close());
    }

    @Test
    void noneOfTheScriptsMayBeLeftOut() throws IOException, SQLException {
        hasNoSchemaAfter(2); // without the first one, the later ones fail
        hasNoSchemaAfter(1, 3, 4);
        hasNoSchemaAfter(1, 2, 4);
        hasNoSchemaAfter(1, 2, 3);
    }

    /** Another database with the tables that these scripts make is refused when it is opened. */
    private void hasNoSchemaAfter(int... numbers) throws IOException, SQLException {
        create();
        for (int number : numbers) {
            runScript(number);
        }
        assertThat(failureOf(JdbcStore.open(settings().withoutMigration(), Runnable::run)))
                .as("scripts %s", Arrays.toString(numbers))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.NO_SCHEMA))
                .hasMessageContaining(location());
    }

    @Test
    void identityIsTheSameWhenTheStoreIsOpenedAgain() {
        JdbcStore store = open();
        Identity made = get(store.identity("node", CLOCK));
        SecureChannelKey key = get(made.identities().secureChannelKey(made));
        SigningKey credentialKey = get(made.identities().credentialKey(made)).key();
        get(store.close());

        JdbcStore again = open();
        Identity loaded = get(again.identity("node", CLOCK));

        assertThat(loaded.identifier()).isEqualTo(made.identifier());
        assertThat(loaded.export()).isEqualTo(made.export());
        SecureChannelKey keptKey = get(loaded.identities().secureChannelKey(loaded));
        assertThat(keptKey.key()).isEqualTo(key.key());
        assertThat(keptKey.attestation()).isEqualTo(key.attestation());
        assertThat(get(again.vault().secureChannels().agree(keptKey.key(), X25519PublicKeys.any())))
                .isNotNull();
        assertThat(get(loaded.identities().credentialKey(loaded)).key()).isEqualTo(credentialKey);
        assertThat(get(again.vault().signing().sign(credentialKey, new byte[1])))
                .isNotNull();
        assertThat(privateKeys(again)).isEqualTo(3);
    }

    @Test
    void rotationReplacesTheKeyInTheSameUnit() {
        IdentityOptions options = IdentityOptions.defaults().withSignatureAlgorithm(SignatureAlgorithm.P256);
        JdbcStore store = open();
        Identity made = get(store.identity("node", options, CLOCK));
        SigningKey before = run(store, unit -> unit.identities().own(made.identifier()))
                .orElseThrow()
                .key();

        Identity rotated = get(made.identities().rotate(made));
        get(rotated.identities().secureChannelKey(rotated));
        get(store.close());

        JdbcStore again = open();
        Identity loaded = get(again.identity("node", CLOCK));
        assertThat(loaded.export()).isEqualTo(rotated.export()).isNotEqualTo(made.export());
        assertThat(get(loaded.identities().rotate(loaded)).export()).isNotEqualTo(rotated.export());
        assertThat(privateKeys(again)).isEqualTo(2);
        assertThat(failureOf(again.vault().signing().sign(before, new byte[1])))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNKNOWN_KEY));
    }

    private static SigningKey ownKey(Store store, Identity identity) {
        return run(store, unit -> unit.identities().own(identity.identifier()))
                .orElseThrow()
                .key();
    }

    /** As with a token or a service: the keys are there when the store is opened again. */
    @Test
    void signingKeysMayBeElsewhere() {
        IdentityOptions p256 = IdentityOptions.defaults().withSignatureAlgorithm(SignatureAlgorithm.P256);
        SoftwareVault token = SoftwareVault.create(Runnable::run);
        JdbcStore store = open();
        Store signedElsewhere = store.withSigning(token);
        Identity made = get(signedElsewhere.identity("node", p256, CLOCK));
        SecureChannelKey key = get(made.identities().secureChannelKey(made));
        SigningKey credentialKey = get(made.identities().credentialKey(made)).key();
        assertThat(token.keyCounts().signingKeys()).isEqualTo(2);
        assertThat(privateKeys(store)).as("only that for channels").isEqualTo(1);
        get(store.close());

        JdbcStore again = open();
        Identity loaded = get(again.withSigning(token).identity("node", CLOCK));

        assertThat(loaded.export()).isEqualTo(made.export());
        assertThat(get(loaded.identities().secureChannelKey(loaded)).key()).isEqualTo(key.key());
        assertThat(get(loaded.identities().credentialKey(loaded)).key()).isEqualTo(credentialKey);

        SigningKey before = ownKey(again, loaded);
        Identity rotated = get(loaded.identities().rotate(loaded));
        assertThat(ownKey(again, rotated)).isNotEqualTo(before);
        assertThat(get(rotated.identities().secureChannelKey(rotated)).key()).isNotEqualTo(key.key());
        assertThat(get(rotated.identities().credentialKey(rotated)).key()).isNotEqualTo(credentialKey);
        assertThat(token.keyCounts().signingKeys()).as("the old ones are gone").isEqualTo(2);
        assertThat(privateKeys(again)).isEqualTo(1);
    }

    @Test
    void keyElsewhereAndKeyInTheStoreAreNotMistakenForEachOther() {
        SoftwareVault token = SoftwareVault.create(Runnable::run);
        JdbcStore store = open();
        Store signedElsewhere = store.withSigning(token);
        Identity here = get(store.identity("here", CLOCK));
        Identity there = get(signedElsewhere.identity("there", CLOCK));

        for (Store wrong : List.of(store, signedElsewhere)) {
            Identity loaded = get(wrong.identity(wrong == store ? "there" : "here", CLOCK));
            assertThat(failureOf(loaded.identities().secureChannelKey(loaded)))
                    .isInstanceOfSatisfying(
                            VaultException.class,
                            e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNKNOWN_KEY));
        }
        assertThat(privateKeys(store)).isEqualTo(1);
        assertThat(get(here.identities().secureChannelKey(here))).isNotNull();
        assertThat(get(there.identities().secureChannelKey(there))).isNotNull();
    }

    @Test
    void oneOfTwoWhoMakeTheSameIdentityLeavesNoKeyElsewhere() {
        SoftwareVault token = SoftwareVault.create(Runnable::run);
        Store signedElsewhere = open().withSigning(token);

        CompletionStage<Identity> one = signedElsewhere.identity("node", CLOCK);
        CompletionStage<Identity> two = signedElsewhere.identity("node", CLOCK);

        assertThat(get(one).identifier()).isEqualTo(get(two).identifier());
        assertThat(token.keyCounts().signingKeys()).isEqualTo(1);
    }

    @Test
    void recordIsNotStoredWithoutItsKey() {
        JdbcStore store = open();
        SoftwareVault elsewhere = SoftwareVault.create(Runnable::run);
        InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
        Identity other = get(Identities.create(elsewhere, repository, CLOCK).create());
        var record = get(repository.own(other.identifier())).orElseThrow();

        assertThat(failureOf(store.identities().storeOwn(record)))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(VaultException.Reason.UNKNOWN_KEY));

        assertThat(get(store.identities().own(other.identifier()))).isEmpty();
        assertThat(get(store.identities().history(other.identifier()))).isEmpty();
    }

    @Test
    void unitThatFailsLeavesNothing() {
        JdbcStore store = open();
        ChangeHistory history = history();
        run(store, unit -> add(unit, token(1, 1, 600)));
        IllegalStateException thrown = new IllegalStateException("enough");

        assertThat(failureOf(store.run(unit -> {
                    unit.redeem(HERE, identifier(1), code(1), MOMENT);
                    unit.identities().update(history, Retention.KEPT);
                    throw thrown;
                })))
                .isSameAs(thrown);

        assertThat(run(store, (UnitOfWork unit) -> unit.members().count(HERE))).isZero();
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().find(HERE, code(1), MOMENT)))
                .contains(token(1, 1, 600));
        assertThat(run(store, (UnitOfWork unit) -> unit.identities().history(history.identifier())))
                .isEmpty();
    }

    @Test
    void failureOfTheDatabaseThatTheWorkHasCaughtIsStillOne() {
        JdbcStore store = open();

        StoreTests.assertRefused(StoreException.Reason.DATABASE_FAILED, store.run(unit -> {
            put(unit, member(HERE, 1, false));
            assertThatThrownBy(() -> ((JdbcUnit) unit).sql().update("UPDATE ockam_nothing SET a = 1"))
                    .hasRootCauseInstanceOf(SQLException.class);
            assertThatThrownBy(() -> put(unit, member(HERE, 2, false)))
                    .as("nothing more is done")
                    .hasMessageContaining("ockam_nothing");
            return true;
        }));

        assertThat(run(store, (UnitOfWork unit) -> unit.members().count(HERE))).isZero();
    }

    @Test
    void whatIsRefusedIsNotThereIfTheUnitGoesOn() {
        JdbcStore store = open(StoreLimits.defaults().withMaxMembers(2));
        run(store, unit -> put(unit, member(HERE, 1, true)) && put(unit, member(HERE, 2, false)));
        run(store, unit -> add(unit, token(1, 1, 600)));
        List<Member> tooMany = List.of(member(HERE, 3, true), member(HERE, 4, true));

        run(store, unit -> {
            assertThatExceptionOfType(IdentityException.class).isThrownBy(() -> put(unit, member(HERE, 3, false)));
            assertThatExceptionOfType(IdentityException.class)
                    .isThrownBy(() -> unit.members().replacePreTrusted(HERE, tooMany));
            assertThatIllegalArgumentException().isThrownBy(() -> add(unit, token(1, 5, 600)));
            return true;
        });

        assertThat(run(store, (UnitOfWork unit) -> unit.members().list(HERE, 10)))
                .containsExactly(member(HERE, 1, true), member(HERE, 2, false));
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().find(HERE, code(1), MOMENT)))
                .contains(token(1, 1, 600));
    }

    @Test
    void tokensAreCountedOnlyWhenAnAuthorityStarts() {
        JdbcStore store = open(StoreLimits.defaults().withMaxTokens(3));
        run(
                store,
                unit -> ((JdbcUnit) unit)
                        .sql()
                        .update("INSERT INTO ockam_authority (authority, tokens) VALUES (?, 3)", HERE.toString()));

        assertThat(failureOf(store.run(unit -> add(unit, token(1, 1, 600)))))
                .as("the number is what counts")
                .isInstanceOfSatisfying(
                        IdentityException.class,
                        e -> assertThat(e.reason()).isEqualTo(IdentityException.Reason.TOO_MANY_TOKENS));
        run(store, unit -> {
            unit.members().replacePreTrusted(HERE, List.of());
            return true;
        });
        run(store, unit -> add(unit, token(1, 1, 600)));

        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().count(HERE))).isEqualTo(1);
    }

    @Test
    void unitIsOverWhenItsWorkIs() {
        JdbcStore store = open();
        UnitOfWork unit = run(store, each -> each);

        assertThat(failureOf(store.run(another -> unit.members().count(HERE))))
                .hasMessage("the unit of work has ended");
    }

    @Test
    void hundredAtOnceGetExactlyTen() {
        JdbcStore store = open();
        run(store, unit -> add(unit, token(1, 10, 600)));

        List<CompletionStage<Redemption>> all = IntStream.range(0, 100)
                .mapToObj(i -> store.<Redemption>run(unit -> unit.redeem(HERE, identifier(i), code(1), MOMENT)))
                .toList();

        assertThat(all.stream().map(StoreTests::get).filter(Redemption.MEMBER_NOW::equals))
                .hasSize(10);
        assertThat(run(store, (UnitOfWork unit) -> unit.members().count(HERE))).isEqualTo(10);
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().count(HERE))).isZero();
    }

    @Test
    void oneIdentityAtOnceUsesOneCodeOnly() {
        JdbcStore store = open();
        for (int i = 0; i < 10; i++) {
            int token = i;
            run(store, unit -> add(unit, token(token, 1, 600)));
        }

        List<CompletionStage<Redemption>> all = IntStream.range(0, 10)
                .mapToObj(i -> store.<Redemption>run(unit -> unit.redeem(HERE, identifier(1), code(i), MOMENT)))
                .toList();

        assertThat(all.stream().map(StoreTests::get)).containsOnlyOnce(Redemption.MEMBER_NOW);
        assertThat(run(store, (UnitOfWork unit) -> unit.tokens().count(HERE))).isEqualTo(9);
    }

    @Test
    void allWhoAskForANameAtOnceGetTheSameIdentity() {
        JdbcStore store = open();
        JdbcStore other = open();

        List<CompletionStage<Identity>> all = IntStream.range(0, 8)
                .mapToObj(i -> (i % 2 == 0 ? store : other).identity("node", CLOCK))
                .toList();

        Set<Identifier> made = new HashSet<>();
        all.forEach(each -> made.add(get(each).identifier()));
        assertThat(made).hasSize(1);
        assertThat(privateKeys(store)).isEqualTo(1);
    }

    /** Steps of members and tokens by a seed: the same answers as in memory. */
    @Test
    void behavesLikeTheStoreInMemory() {
        JdbcStore store = open(StoreLimits.defaults().withMaxMembers(5).withMaxTokens(3));
        Store model = InMemoryStore.create(
                SoftwareVault.create(Runnable::run),
                StoreLimits.defaults().withMaxMembers(5).withMaxTokens(3));
        Random random = new Random(20_261_126);
        for (int i = 0; i < 300; i++) {
            Function<UnitOfWork, Object> step = step(random, i);
            String here = outcome(store, step);
            assertThat(here).as("step %s", i).isEqualTo(outcome(model, step));
        }
    }

    private static String outcome(Store store, Function<UnitOfWork, Object> step) {
        return get(store.run(step).handle((result, thrown) -> String.valueOf(thrown == null ? result : thrown)));
    }

    private static Function<UnitOfWork, Object> step(Random random, int seconds) {
        int subject = random.nextInt(8);
        int code = random.nextInt(6);
        long uses = 1L + random.nextInt(3);
        boolean preTrusted = random.nextBoolean();
        Timestamp now = new Timestamp(NOW + seconds);
        Token added =
                new Token(HERE, code(code).hash(), "", ELSEWHERE, now, new Timestamp(NOW + seconds + 20), uses, ROLE);
        int what = random.nextInt(9);
        return unit -> switch (what) {
            case 0 -> add(unit, added);
            case 1 -> put(unit, member(HERE, subject, preTrusted));
            case 2 -> unit.members().remove(HERE, identifier(subject));
            case 3 -> unit.tokens().removeEnded(HERE, now);
            case 4 -> unit.members().list(HERE, 3) + " " + unit.members().listAfter(HERE, identifier(subject), 2);
            case 5 -> unit.tokens().use(HERE, code(code), now);
            case 6 -> {
                unit.members()
                        .replacePreTrusted(HERE, List.of(member(HERE, subject, true), member(HERE, subject + 1, true)));
                yield true;
            }
            default ->
                unit.redeem(HERE, identifier(subject), code(code), now)
                        + " "
                        + unit.members().count(HERE)
                        + " "
                        + unit.tokens().count(HERE)
                        + " "
                        + unit.tokens().find(HERE, code(code), now);
        };
    }

    @Test
    void membersOfOneAuthorityAreNotThoseOfAnother() {
        JdbcStore store = open();
        run(store, unit -> put(unit, member(HERE, 1, true)));
        run(store, unit -> put(unit, member(ELSEWHERE, 1, false)));

        assertThat(run(store, (UnitOfWork unit) -> unit.members().list(HERE, 10)))
                .containsExactly(member(HERE, 1, true));
        assertThat(run(store, (UnitOfWork unit) -> unit.members().remove(HERE, identifier(1))))
                .isTrue();
        Optional<Member> other = run(store, unit -> unit.members().find(ELSEWHERE, identifier(1)));
        assertThat(other).contains(member(ELSEWHERE, 1, false));
    }

    @Test
    void remembersHistoriesAndHowLongTheyStay() {
        JdbcStore store = open();
        Identities elsewhere =
                Identities.create(SoftwareVault.create(Runnable::run), InMemoryIdentityRepository.create(), CLOCK);
        Identity peer = get(elsewhere.create());
        ChangeHistory first = get(elsewhere.history(peer.identifier())).orElseThrow();
        get(elsewhere.rotate(peer));
        ChangeHistory second = get(elsewhere.history(peer.identifier())).orElseThrow();

        assertThat(get(store.identities().update(first, Retention.NAMED))).isEqualTo(Comparison.FIRST_SEEN);
        assertThat(get(store.identities().update(second, Retention.EVICTABLE))).isEqualTo(Comparison.NEWER);
        assertThat(get(store.identities().update(first, Retention.EVICTABLE))).isEqualTo(Comparison.OLDER);
        assertThat(get(store.identities().history(peer.identifier()))).contains(second);
        assertThat(get(store.identities().retention(peer.identifier()))).contains(Retention.NAMED);
        assertThat(get(store.identities().update(second, Retention.KEPT))).isEqualTo(Comparison.EQUAL);
        assertThat(get(store.identities().retention(peer.identifier()))).contains(Retention.KEPT);
    }

    @Test
    void forgetsPeersNotSeenForTheLongestTimeAndNamedOnesLast() {
        ChangeHistory[] peers = IntStream.range(0, 5).mapToObj(i -> history()).toArray(ChangeHistory[]::new);
        long cost = peers[0].heldBytes();
        JdbcStore store = open(StoreLimits.defaults().withMaxPeerBytes(3 * cost));
        get(store.identities().update(peers[0], Retention.NAMED));
        for (int i = 1; i < 5; i++) {
            get(store.identities().update(peers[i], Retention.EVICTABLE));
        }

        assertThat(IntStream.range(0, 5)
                        .filter(i -> get(store.identities().history(peers[i].identifier()))
                                .isPresent()))
                .containsExactly(0, 3, 4);
        get(store.identities().update(peers[1], Retention.KEPT));
        assertThat(get(store.identities().history(peers[3].identifier())))
                .as("kept ones are not counted")
                .isPresent();
    }

    static AttestedAttributes said(int subject, String role, long createdAt, long expiresAt) {
        return said(0, subject, role, createdAt, expiresAt);
    }

    /** Verified with a change of the authority. */
    private static AttestedAttributes said(int change, int subject, String role, long createdAt, long expiresAt) {
        return new AttestedAttributes(
                identifier(subject),
                HERE,
                new ChangeHash(ByteString.fromArray(Arrays.copyOf(new byte[] {(byte) change}, ChangeHash.LENGTH))),
                1,
                Attributes.ofTexts(Map.of("role", role)),
                new Timestamp(createdAt),
                new Timestamp(expiresAt));
    }

    private static void set(JdbcStore store, String column, long value) {
        run(store, unit -> ((JdbcUnit) unit).sql().update("UPDATE " + column + " = ?", value));
    }

    private static boolean isKnown(JdbcStore store, ChangeHistory peer) {
        return get(store.identities().history(peer.identifier())).isPresent();
    }

    /** Not at each write, which peers can cause. */
    @Test
    void roomForHistoriesIsMadeWhenMuchWasWritten() {
        ChangeHistory[] peers = IntStream.range(0, 6).mapToObj(i -> history()).toArray(ChangeHistory[]::new);
        long most = Room.PARTS * 4 * peers[0].heldBytes();
        JdbcStore store = open(StoreLimits.defaults().withMaxPeerBytes(most));
        get(store.identities().update(peers[0], Retention.EVICTABLE));
        set(store, "ockam_history SET cost", most); // as others write
        for (int i = 1; i < 5; i++) {
            get(store.identities().update(peers[i], Retention.EVICTABLE));
        }
        assertThat(isKnown(store, peers[0])).isTrue();

        assertThat(failureOf(store.run(unit -> {
                    unit.identities().update(peers[5], Retention.EVICTABLE);
                    throw new IllegalStateException("enough");
                })))
                .hasMessage("enough");
        assertThat(isKnown(store, peers[0])).as("it is all taken back").isTrue();

        get(store.identities().update(peers[5], Retention.EVICTABLE));
        assertThat(isKnown(store, peers[0])).isFalse();
        assertThat(isKnown(store, peers[1])).isTrue();
    }

    @Test
    void roomForStatementsIsMadeWhenMuchWasWritten() {
        long most = Room.PARTS * 4L * (512 + 512 + 3 * 5);
        JdbcStore store = open(StoreLimits.defaults().withMaxAttributeBytes(most));
        get(store.attributes().store(said(1, "a", NOW, NOW + 10)));
        set(store, "ockam_statement SET cost", most); // as others write
        for (int subject = 2; subject <= 5; subject++) {
            get(store.attributes().store(said(subject, "a", NOW, NOW + 10)));
        }
        assertThat(role(store, 1, NOW)).contains("a");

        get(store.attributes().store(said(6, "a", NOW, NOW + 10)));

        assertThat(role(store, 1, NOW)).isEmpty();
        assertThat(role(store, 2, NOW)).contains("a");
    }

    private static Optional<String> role(Store store, int subject, long seconds) {
        return get(store.attributes().find(identifier(subject), HERE, new Timestamp(seconds).toInstant()))
                .flatMap(found -> found.attributes().text("role"));
    }

    @Test
    void remembersTheNewestStatementUntilItEnds() {
        JdbcStore store = open();

        assertThat(get(store.attributes().store(said(1, "member", NOW, NOW + 10))))
                .isTrue();
        assertThat(role(store, 1, NOW + 9)).contains("member");
        assertThat(role(store, 1, NOW + 10)).isEmpty();
        assertThat(get(store.attributes().store(said(1, "older", NOW - 1, NOW + 99))))
                .isFalse();
        assertThat(get(store.attributes().store(said(1, "ends sooner", NOW, NOW + 9))))
                .isFalse();
        assertThat(get(store.attributes().store(said(1, "newer", NOW + 1, NOW + 5))))
                .isTrue();
        assertThat(role(store, 1, NOW)).contains("newer");
        assertThat(get(store.attributes().store(said(2, "for ever", NOW, -1)))).isTrue();
        assertThat(role(open(), 2, NOW)).contains("for ever");
    }

    private static long shownAt(JdbcStore store) {
        return run(store, unit -> ((JdbcUnit) unit).sql().number("SELECT used_at FROM ockam_statement"));
    }

    @Test
    void sameStatementAgainIsNoNews() {
        JdbcStore store = open();
        assertThat(get(store.attributes().store(said(1, "member", NOW, NOW + 10))))
                .isTrue();
        long shown = shownAt(store);

        assertThat(get(store.attributes().store(said(1, "member", NOW, NOW + 10))))
                .isFalse();

        assertThat(shownAt(store)).as("nothing was written").isEqualTo(shown);
        long longAgo = shown - UseTimes.COARSENESS - 1;
        run(store, unit -> ((JdbcUnit) unit).sql().update("UPDATE ockam_statement SET used_at = ?", longAgo));
        assertThat(get(store.attributes().store(said(1, "older", NOW - 1, NOW + 10))))
                .isFalse();
        assertThat(shownAt(store)).isEqualTo(longAgo);
        assertThat(get(store.attributes().store(said(1, "member", NOW, NOW + 10))))
                .isFalse();
        assertThat(shownAt(store)).as("it is in use").isGreaterThanOrEqualTo(shown);
    }

    @Test
    void statementThatIsAsOldReplacesAnother() {
        JdbcStore store = open();
        get(store.attributes().store(said(1, "member", NOW, -1)));

        assertThat(get(store.attributes().store(said(1, "owner", NOW, -1)))).isTrue();
        assertThat(get(store.attributes().store(said(1, "owner", NOW, -1))))
                .as("its end does not fit into the database as it is")
                .isFalse();

        assertThat(role(store, 1, NOW)).contains("owner");
    }

    @Test
    void statementFromBeforeARotationOfTheAuthorityIsReplacedHoweverNew() {
        JdbcStore store = open();
        get(store.attributes().store(said(1, 1, "owner", NOW + 60, NOW + 1_000)));

        assertThat(get(store.attributes().store(said(2, 1, "member", NOW, NOW + 10))))
                .isTrue();

        assertThat(role(store, 1, NOW)).contains("member");
    }

    @Test
    void rotationOfAnAuthorityVoidsWhatIsKept() {
        Identities authorities = Identities.create(InMemoryStore.create(SoftwareVault.create(Runnable::run)), CLOCK);
        Identity authority = get(authorities.create());
        Set<Identifier> believed = Set.of(authority.identifier());
        CredentialAndPurposeKey credential = get(authorities.issueCredential(
                authority,
                CredentialOptions.of(identifier(1), Attributes.ofTexts(Map.of("role", "member")), Duration.ofDays(1))));
        Identities here = Identities.create(open(), CLOCK);
        get(here.importHistory(authority.export()));
        assertThat(get(here.acceptCredentials(
                        List.of(credential),
                        identifier(1),
                        believed,
                        here.vault().verifying())))
                .isEmpty();
        Identities elsewhere = Identities.create(open(), CLOCK);
        assertThat(get(elsewhere.attributes(identifier(1), believed))).hasSize(1);

        get(elsewhere.importHistory(get(authorities.rotate(authority)).export()));

        assertThat(get(elsewhere.attributes(identifier(1), believed))).isEmpty();
        assertThat(get(here.attributes(identifier(1), believed))).isEmpty();
        assertThat(get(Identities.create(open(), CLOCK).attributes(identifier(1), believed)))
                .isEmpty();
    }

    @Test
    void forgetsStatementsNotShownForTheLongestTime() {
        JdbcStore store = open(StoreLimits.defaults().withMaxAttributeBytes(2 * (512 + 512 + 3 * 5)));

        for (int subject = 1; subject <= 3; subject++) {
            assertThat(get(store.attributes().store(said(subject, "a", NOW, NOW + 10))))
                    .isTrue();
        }

        assertThat(role(store, 1, NOW)).isEmpty();
        assertThat(role(store, 2, NOW)).contains("a");
        assertThat(role(store, 3, NOW)).contains("a");
    }

    private static CredentialAndPurposeKey credential(Identity issuer, int subject, long seconds) {
        return get(issuer.identities()
                .issueCredential(issuer, CredentialOptions.of(identifier(subject), ROLE, Duration.ofSeconds(seconds))));
    }

    private static Optional<CredentialAndPurposeKey> kept(JdbcStore store, int subject, Identity issuer, long seconds) {
        return get(store.credentials().find(identifier(subject), issuer.identifier(), Instant.ofEpochSecond(seconds)));
    }

    @Test
    void remembersTheCredentialsOfTheNodeUntilTheyEnd() { // authority, section 7
        JdbcStore store = open();
        Identity issuer = get(store.identity("authority", CLOCK));
        Identity other = get(store.identity("other", CLOCK));
        CredentialAndPurposeKey first = credential(issuer, 1, 20);
        CredentialAndPurposeKey last = credential(issuer, 1, 10);
        CredentialAndPurposeKey others = credential(other, 1, 5);

        assertThat(get(store.credentials().keep(first))).isTrue();
        assertThat(get(store.credentials().keep(last))).isTrue();
        assertThat(get(store.credentials().keep(others))).isTrue();
        get(store.close());

        JdbcStore again = open();
        assertThat(kept(again, 1, issuer, NOW + 9)).contains(last);
        assertThat(kept(again, 1, issuer, NOW + 10)).isEmpty();
        assertThat(kept(again, 1, other, NOW)).contains(others);
        assertThat(kept(again, 2, issuer, NOW)).isEmpty();
        assertThat(get(again.credentials().forget(identifier(1), other.identifier())))
                .isTrue();
        assertThat(get(again.credentials().forget(identifier(1), other.identifier())))
                .isFalse();
        assertThat(kept(again, 1, other, NOW)).isEmpty();
        run(again, unit -> ((JdbcUnit) unit).sql().update("UPDATE ockam_credential SET credential = ?", new byte[1]));
        StoreTests.assertRefused(
                StoreException.Reason.CORRUPT,
                again.credentials().find(identifier(1), issuer.identifier(), Instant.ofEpochSecond(NOW)));
    }

    @Test
    void ofManyCredentialsThoseStayThatEndLast() {
        JdbcStore store = open();
        Identity issuer = get(store.identity("authority", CLOCK));
        get(store.credentials().keep(credential(issuer, 1, 20)));
        run(store, unit -> {
            for (int i = 1; i < CredentialStore.MAX_KEPT; i++) {
                ((JdbcUnit) unit)
                        .sql()
                        .update(
                                "INSERT INTO ockam_credential (subject, authority, credential, expires_at)"
                                        + " VALUES (?, '', ?, ?)",
                                "of another" + i,
                                new byte[1],
                                NOW + 30);
            }
            return true;
        });

        assertThat(get(store.credentials().keep(credential(issuer, 2, 10)))).isFalse();
        assertThat(kept(store, 1, issuer, NOW)).isPresent();
        assertThat(get(store.credentials().keep(credential(issuer, 2, 21)))).isTrue();
        assertThat(kept(store, 1, issuer, NOW)).isEmpty();
        assertThat(kept(store, 2, issuer, NOW)).isPresent();
    }

    @Test
    void keepsAttributesThatAreNoTexts() {
        JdbcStore store = open();
        Attributes bytes = Attributes.of(Map.of(
                ByteString.fromInts(0xff, 0),
                ByteString.fromInts(0, 0xfe),
                ByteString.emptyByteString(),
                ByteString.fromString("'")));
        Member member = new Member(HERE, identifier(1), bytes, HERE, MOMENT, false);

        run(store, unit -> put(unit, member));

        assertThat(run(store, (UnitOfWork unit) -> unit.members().find(HERE, identifier(1))))
                .contains(member);
    }

    @Test
    void doesNothingAfterItWasClosed() {
        JdbcStore store = open();
        CompletionStage<Boolean> waiting = store.run(unit -> put(unit, member(HERE, 1, false)));

        get(store.close());

        assertThat(get(waiting)).isTrue();
        StoreTests.assertRefused(StoreException.Reason.CLOSED, store.run(unit -> true));
        get(store.close());
        assertThat(run(open(), (UnitOfWork unit) -> unit.members().count(HERE))).isEqualTo(1);
    }

    @Test
    void failuresOfTheUnitArePassedOn() {
        JdbcStore store = open(StoreLimits.defaults().withMaxMembers(0));

        assertThat(failureOf(store.run(unit -> put(unit, member(HERE, 1, false)))))
                .isInstanceOfSatisfying(
                        IdentityException.class,
                        e -> assertThat(e.reason()).isEqualTo(IdentityException.Reason.TOO_MANY_MEMBERS));
    }

    /** Public keys of nobody in particular. */
    private static final class X25519PublicKeys {
        static X25519PublicKey any() {
            return get(SoftwareVault.create(Runnable::run).generateAgreementKey())
                    .publicKey();
        }
    }
}
