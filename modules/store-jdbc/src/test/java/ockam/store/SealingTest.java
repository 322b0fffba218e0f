// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.CLOCK;
import static ockam.store.StoreTests.HERE;
import static ockam.store.StoreTests.MOMENT;
import static ockam.store.StoreTests.add;
import static ockam.store.StoreTests.code;
import static ockam.store.StoreTests.failureOf;
import static ockam.store.StoreTests.get;
import static ockam.store.StoreTests.identifier;
import static ockam.store.StoreTests.token;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import ockam.fixtures.Program;
import ockam.identity.Identity;
import ockam.identity.OwnIdentity;
import ockam.identity.Redemption;
import ockam.identity.UnitOfWork;
import ockam.store.StoreException.Reason;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private keys are sealed, wherever they are looked for; and what is said when the key to them is not the right one. */
class SealingTest {
    private static final String HEX_KEY = "0123456789abcdef".repeat(4);

    @TempDir
    Path directory;

    private Path database() {
        return directory.resolve("ockam.db");
    }

    private JdbcStoreSettings settings(SealingKey key) {
        return JdbcStoreSettings.sqlite(database(), key);
    }

    private static SealingKey key(int first) {
        return SealingKey.from(() -> {
            byte[] bytes = new byte[SealingKey.LENGTH];
            bytes[0] = (byte) first;
            return bytes;
        });
    }

    private JdbcStore open(SealingKey key) {
        return get(JdbcStore.open(settings(key), Runnable::run));
    }

    private void assertRefused(SealingKey key, Reason reason, String text) {
        assertThat(failureOf(JdbcStore.open(settings(key), Runnable::run)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(text)
                .hasNoCause();
    }

    private Path keyFile(String text, String mode) throws IOException {
        Path file = directory.resolve("key");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        return file;
    }

    @Test
    void otherKeyIsRefused() {
        JdbcStore store = open(key(1));
        Identity made = get(store.identity("node", CLOCK));
        get(store.close());

        assertRefused(key(2), Reason.WRONG_KEY, "were sealed with another key");

        JdbcStore again = open(key(1));
        assertThat(get(again.identity("node", CLOCK)).identifier()).isEqualTo(made.identifier());
        get(again.close());
    }

    private JdbcStore open(SealingKey key, SealingKey former) {
        return get(JdbcStore.open(settings(key).withFormerKey(former), Runnable::run));
    }

    @Test
    void keysAreSealedWithAnotherKey() {
        JdbcStore store = open(key(1));
        Identity made = get(store.identity("node", CLOCK));
        get(made.identities().secureChannelKey(made));
        SigningKey credentialKey = get(made.identities().credentialKey(made)).key();
        get(store.close());
        List<byte[]> keys = privateKeys(key(1));

        JdbcStore changed = open(key(2), key(1));
        assertThat(get(changed.vault().signing().sign(credentialKey, new byte[1])))
                .isNotNull();
        Identity loaded = get(changed.identity("node", CLOCK));
        assertThat(get(loaded.identities().rotate(loaded)).identifier()).isEqualTo(made.identifier());
        get(changed.close());

        assertRefused(key(1), Reason.WRONG_KEY, "were sealed with another key");
        assertThat(privateKeys(key(2))).hasSameSizeAs(keys).containsAnyElementsOf(keys);
        get(open(key(2), key(1)).close()); // it has nothing to do any more
        get(open(key(2), key(3)).close());
        StoreTests.assertRefused(
                Reason.WRONG_KEY, JdbcStore.open(settings(key(4)).withFormerKey(key(3)), Runnable::run));
    }

    @Test
    void eitherAllKeysAreSealedWithAnotherKeyOrNone() {
        JdbcStore store = open(key(1));
        Identity made = get(store.identity("node", CLOCK));
        get(made.identities().secureChannelKey(made));
        get(store.run(unit -> ((JdbcUnit) unit)
                .sql()
                .update("UPDATE ockam_private_key SET sealed = ? WHERE kind = 'X25519'", new byte[60])));
        get(store.close());

        StoreTests.assertRefused(Reason.CORRUPT, JdbcStore.open(settings(key(2)).withFormerKey(key(1)), Runnable::run));

        JdbcStore again = open(key(1));
        Identity loaded = get(again.identity("node", CLOCK));
        assertThat(get(loaded.identities().rotate(loaded)).identifier()).isEqualTo(made.identifier());
        get(again.close());
    }

    @Test
    void whoHasTheFormerKeyStoresNoKeyAnyMore() {
        JdbcStore store = open(key(1));
        get(store.identity("node", CLOCK));
        get(open(key(2), key(1)).close());

        assertThat(failureOf(store.identity("other", CLOCK)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_KEY))
                .hasMessageContaining("since it was opened");
        get(store.close());

        assertThat(privateKeys(key(2))).hasSize(1);
    }

    @Test
    void lostKeyIsNamed() throws IOException {
        assertRefused(SealingKey.inEnvironment("OCKAM_NO_SUCH_KEY"), Reason.KEY_MISSING, "variable OCKAM_NO_SUCH_KEY");
        assertThat(failureOf(JdbcStore.open(settings(SealingKey.inFile(directory.resolve("key"))), Runnable::run)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.KEY_MISSING))
                .hasMessageContaining("openssl rand -hex 32 > '" + directory.resolve("key") + "'");
        assertThat(database()).as("nothing is made without a key").doesNotExist();
        for (String text : List.of("", "00", HEX_KEY + "00", "x".repeat(64), "0".repeat(2_000))) {
            assertRefused(SealingKey.inFile(keyFile(text, "rw-------")), Reason.KEY_INVALID, "64 hexadecimal digits");
        }
        assertRefused(SealingKey.from(() -> new byte[31]), Reason.KEY_INVALID, "32 bytes, not 31");
    }

    @Test
    void keyFileIsForItsOwnerOnly() throws IOException {
        for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-rw-rw-")) {
            Path file = keyFile(HEX_KEY, mode);
            assertRefused(SealingKey.inFile(file), Reason.FILE_NOT_PRIVATE, "chmod 600 '" + file.toRealPath() + "'");
        }
        JdbcStore store = open(SealingKey.inFile(keyFile(HEX_KEY + "\n", "r--------")));
        get(store.close());
        get(open(SealingKey.from(() -> HexFormat.of().parseHex(HEX_KEY))).close());
    }

    /** The build sets the variable. */
    @Test
    void keyInTheEnvironmentIsTheSameAsInAFile() throws IOException {
        JdbcStore store = open(SealingKey.inEnvironment("OCKAM_TEST_KEY"));
        Identity made = get(store.identity("node", CLOCK));
        get(store.close());

        JdbcStore again = open(SealingKey.inFile(keyFile(HEX_KEY, "rw-------")));
        Identity found = get(again.identity("node", CLOCK));
        assertThat(found.identifier()).isEqualTo(made.identifier());
        assertThat(get(found.identities().secureChannelKey(found)))
                .as("its key can sign")
                .isNotNull();
        get(again.close());
    }

    @Test
    void keyOfTheCallbackIsOverwritten() {
        byte[] bytes = new byte[SealingKey.LENGTH];
        Arrays.fill(bytes, (byte) 1);

        get(open(SealingKey.from(() -> bytes)).close());

        assertThat(bytes).containsOnly(0);
    }

    @Test
    void sealedKeysCannotBeExchangedOrAltered() {
        JdbcStore store = open(key(1));
        Identity one = get(store.identity("one", CLOCK));
        get(store.identity("two", CLOCK));
        get(store.run(unit -> ((JdbcUnit) unit)
                .sql()
                .update("UPDATE ockam_private_key SET sealed = (SELECT sealed FROM ockam_private_key AS other"
                        + " WHERE other.key_id <> ockam_private_key.key_id)")));
        get(store.close());

        JdbcStore again = open(key(1));
        assertThat(failureOf(again.identity("one", CLOCK)
                        .thenCompose(found -> found.identities().rotate(found))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
        assertThat(get(again.identities().history(one.identifier()))).isPresent();
        get(again.close());

        Sealer sealer = new Sealer();
        sealer.use(new byte[32]);
        byte[] sealed = sealer.seal("kind", "name", new byte[] {1, 2, 3});
        assertThat(sealer.open("kind", "name", sealed)).hasValue(new byte[] {1, 2, 3});
        assertThat(sealer.open("kind", "other", sealed)).isEmpty();
        assertThat(sealer.open("other", "name", sealed)).isEmpty();
        for (int i = 0; i < sealed.length; i++) {
            byte[] altered = sealed.clone();
            altered[i] ^= 1;
            assertThat(sealer.open("kind", "name", altered)).as("byte %s", i).isEmpty();
            assertThat(sealer.open("kind", "name", Arrays.copyOf(sealed, i))).isEmpty();
        }
    }

    @Test
    void whatCannotBeReadIsNamed() {
        JdbcStore store = open(key(1));
        Identity one = get(store.identity("one", CLOCK));
        for (String column : List.of("history", "key_lifetime", "signature_algorithm")) {
            assertThat(failureOf(store.run(unit -> {
                        ((JdbcUnit) unit).sql().update("UPDATE ockam_own_identity SET " + column + " = ?", new byte[] {1
                        });
                        return unit.identities().own(one.identifier());
                    })))
                    .as(column)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPT));
        }
        get(store.close());
    }

    /** The private keys of a store, in clear: found out as somebody does who has the key. */
    private List<byte[]> privateKeys(SealingKey key) {
        JdbcStore store = open(key);
        Sealer sealer = new Sealer();
        sealer.use(SealingKeyReader.read(key));
        List<byte[]> found = get(store.run(unit -> ((JdbcUnit) unit)
                .sql()
                .list(
                        "SELECT key_id, kind, sealed FROM ockam_private_key",
                        row -> sealer.open(row.getString(2), row.getString(1), row.getBytes(3))
                                .orElseThrow())));
        get(store.close());
        return found;
    }

    private static boolean contains(byte[] text, byte[] part) {
        return new String(text, StandardCharsets.ISO_8859_1).contains(new String(part, StandardCharsets.ISO_8859_1));
    }

    @Test
    void filesHoldNoPrivateKeyInClear() throws IOException {
        JdbcStore store = open(key(1));
        Identity made = get(store.identity("node", CLOCK));
        get(made.identities().secureChannelKey(made));
        get(made.identities().credentialKey(made));
        get(store.run(unit -> add(unit, token(123_456_789, 1, 600))));
        List<byte[]> files = new ArrayList<>();
        try (var all = Files.list(directory)) { // with the log, before it is closed
            for (Path file : all.toList()) {
                files.add(Files.readAllBytes(file));
            }
        }
        get(store.close());

        List<byte[]> keys = privateKeys(key(1));

        assertThat(keys).hasSize(3);
        files.add(Files.readAllBytes(database()));
        for (byte[] file : files) {
            for (byte[] key : keys) {
                assertThat(contains(file, key)).isFalse();
                assertThat(contains(file, HexFormat.of().formatHex(key).getBytes(StandardCharsets.US_ASCII)))
                        .isFalse();
            }
            assertThat(contains(file, code(123_456_789).bytes().toArray()))
                    .as("nor a code")
                    .isFalse();
        }
        assertThat(files.stream().anyMatch(file -> contains(file, "node".getBytes(StandardCharsets.US_ASCII))))
                .as("what is searched for is found")
                .isTrue();
    }

    @Test
    void memoryHoldsNoPrivateKeyAfterClose() throws Exception {
        Path dump = directory.resolve("live.hprof");
        Path out = directory.resolve("err");
        Program program = Program.startFromTests(out, HeapDump.class, database().toString(), dump.toString());
        String open = program.nextLineAfter("open ");
        program.endsWith(0);

        List<byte[]> keys = privateKeys(HeapDump.KEY);

        assertThat(keys).hasSize(3);
        byte[] before = Files.readAllBytes(Path.of(open));
        byte[] after = Files.readAllBytes(dump);
        for (byte[] key : keys) {
            assertThat(contains(before, key)).as("in use, it is there").isTrue();
            assertThat(contains(after, key)).isFalse();
        }
    }

    @Test
    void identityFromElsewhereGetsIn() {
        byte[] seed = new byte[32];
        Arrays.fill(seed, (byte) 7);
        SoftwareVault elsewhere = SoftwareVault.create(Runnable::run);
        var key = elsewhere.importSigningKey(SignatureAlgorithm.ED25519, seed);
        OwnIdentity record = Elsewhere.identityOf(elsewhere, key);
        JdbcStore store = open(key(1));

        store.importSigningKey(SignatureAlgorithm.ED25519, seed);
        boolean stored = get(store.run(
                unit -> unit.identities().storeOwn(record) && unit.identities().name("node", record.identifier())));
        assertThat(stored).isTrue();
        get(store.close());

        JdbcStore again = open(key(1));
        Identity found = get(again.identity("node", CLOCK));
        assertThat(found.identifier()).isEqualTo(record.identifier());
        assertThat(get(found.identities().secureChannelKey(found))).isNotNull();
        assertThat(get(again.run((UnitOfWork unit) -> unit.redeem(HERE, identifier(1), code(1), MOMENT))))
                .isEqualTo(Redemption.UNKNOWN_TOKEN);
        get(again.close());
    }
}
