// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.Stages.done;
import static ockam.fixtures.Stages.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Identities that last without a database: the file that the node for the command line has. */
class IdentityFileTest {
    private static final char[] NO_PASSWORD = {};
    private static final Clock MADE = Clock.fixed(Instant.parse("2026-11-26T00:00:00Z"), ZoneOffset.UTC);
    private static final char[] PASSWORD = "correct horse".toCharArray();

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("identity");
    }

    private CompletionStage<Identity> load(char[] password) {
        return IdentityFile.of(file(), password)
                .loadOrCreate(SoftwareVault.create(Runnable::run), Runnable::run, Clock.systemUTC());
    }

    /** An executor that does something else between the question whether there is a file, and the writing of one. */
    private static Executor before(ThrowingRunnable inBetween) {
        var tasks = new AtomicInteger();
        return task -> {
            if (tasks.getAndIncrement() == 1) {
                try {
                    inBetween.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            task.run();
        };
    }

    private interface ThrowingRunnable {
        void run() throws IOException;
    }

    private void assertOnlyTheFile() throws IOException {
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    private Identity loaded(char[] password) {
        return done(load(password));
    }

    private void assertRefused(String reason, char[] password) {
        assertThat(failureOf(load(password)))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void staysTheSame() throws IOException {
        Identity created = loaded(NO_PASSWORD);

        Identity again = loaded(NO_PASSWORD);

        assertThat(again.identifier()).isEqualTo(created.identifier());
        assertThat(again.export()).isEqualTo(created.export());
        assertThat(done(again.identities().secureChannelKey(again)))
                .as("its key can sign")
                .isNotNull();
        assertThat(Files.readAllLines(file())).hasSize(3).first().isEqualTo("ockam-akka identity 1");
        assertOnlyTheFile();
    }

    /** Files that were made once, as users have them. */
    @ParameterizedTest
    @CsvSource({
        "plain.txt,  '',            I0b0135807ee3f68f00efe75caec0ff48df082eccdd1a6ef2a2eedb0045962fec",
        "sealed.txt, correct horse, I4ceae182c32ed18f62a7aa5f460fcc3e0dfe3908e98a366398a7af0f83f663c6"
    })
    void filesOfEarlierVersionsStayReadable(String name, String password, String identifier) throws IOException {
        try (InputStream made = IdentityFileTest.class.getResourceAsStream("/identity-files/" + name)) {
            NewFile.create(file(), new String(made.readAllBytes(), StandardCharsets.UTF_8));
        }

        Identity found = done(IdentityFile.of(file(), password.toCharArray())
                .loadOrCreate(SoftwareVault.create(Runnable::run), Runnable::run, MADE));

        assertThat(found.identifier()).hasToString(identifier);
        assertThat(done(found.identities().secureChannelKey(found)))
                .as("its key can sign")
                .isNotNull();
    }

    @Test
    void ofTwoFirstStartsBothHaveTheIdentityOfTheFaster() throws IOException {
        SoftwareVault vault = SoftwareVault.create(Runnable::run);
        List<Identity> first = new ArrayList<>();
        Executor slower = before(() -> first.add(loaded(NO_PASSWORD)));

        Identity second = done(IdentityFile.of(file(), NO_PASSWORD).loadOrCreate(vault, slower, Clock.systemUTC()));

        assertThat(second.identifier()).isEqualTo(first.get(0).identifier());
        assertThat(loaded(NO_PASSWORD).identifier()).isEqualTo(second.identifier());
        assertThat(vault.keyCounts().signingKeys()).as("the key made in vain").isEqualTo(1);
        assertOnlyTheFile();
    }

    @Test
    void whatFailsLeavesNoKeyBehind() throws IOException {
        SoftwareVault vault = SoftwareVault.create(Runnable::run);
        Path absent = directory.resolve("absent");
        assertThat(failureOf(IdentityFile.of(absent.resolve("identity"), NO_PASSWORD)
                        .loadOrCreate(vault, Runnable::run, Clock.systemUTC())))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(vault.keyCounts().signingKeys()).isZero();

        // The name is taken by what is no file.
        Executor slower = before(() -> Files.createDirectory(file()));
        assertThat(failureOf(IdentityFile.of(file(), NO_PASSWORD).loadOrCreate(vault, slower, Clock.systemUTC())))
                .hasMessageContaining("chmod");
        assertThat(vault.keyCounts().signingKeys()).isZero();
        assertOnlyTheFile();
    }

    /** An archive is a file system without links, and without modes. */
    @Test
    void needsNoLinks() throws IOException {
        try (FileSystem archive = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
            Path inside = archive.getPath("/identity");
            IdentityFile file = IdentityFile.of(inside, PASSWORD);
            SoftwareVault vault = SoftwareVault.create(Runnable::run);

            Identity created = done(file.loadOrCreate(vault, Runnable::run, Clock.systemUTC()));
            Identity again = done(file.loadOrCreate(vault, Runnable::run, Clock.systemUTC()));

            assertThat(again.identifier()).isEqualTo(created.identifier());
            try (var files = Files.list(inside.getParent())) {
                assertThat(files).containsExactly(inside);
            }
        }
    }

    /** Nor a part of it, as the exceptions of the JDK do. */
    @Test
    void noFailureTellsTheKey() throws IOException {
        loaded(NO_PASSWORD);
        List<String> lines = Files.readAllLines(file());
        String key = lines.get(2).substring("ed25519 ".length());
        for (String broken : List.of(key + "0", key.substring(1), key + "zz", "zz" + key)) {
            Files.write(file(), List.of(lines.get(0), lines.get(1), "ed25519 " + broken));
            assertThat(failureOf(load(NO_PASSWORD)))
                    .hasNoCause()
                    .hasNoSuppressedExceptions()
                    .hasMessage(file() + " is no identity: its ed25519 is not in hexadecimal");
        }
    }

    @Test
    void keyIsSealedWithThePassword() throws IOException {
        Identity created = loaded(PASSWORD);
        assertThat(Files.readAllLines(file()).get(2)).startsWith("sealed ").hasSize(7 + 2 * (16 + 12 + 32 + 16));

        assertThat(loaded(PASSWORD).identifier()).isEqualTo(created.identifier());
        assertRefused("the password is wrong", "wrong".toCharArray());
        assertRefused("needs a password", NO_PASSWORD);
    }

    @Test
    void onlyTheOwnerMayReadIt() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));

        loaded(NO_PASSWORD);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void refusesAFileThatOthersMayUse() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"));
        loaded(NO_PASSWORD);

        for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----")) {
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));
            assertRefused("chmod 600 '" + file() + "'", NO_PASSWORD);
        }
    }

    @Test
    void refusesWhatIsNoIdentity() throws IOException {
        loaded(NO_PASSWORD);
        List<String> lines = Files.readAllLines(file());
        refuses(NO_PASSWORD, "the first line is not", "", lines.get(1), lines.get(2));
        refuses(NO_PASSWORD, "the first line is not", lines.get(0), lines.get(1));
        refuses(NO_PASSWORD, "its history is not in hexadecimal", lines.get(0), lines.get(1) + "0", lines.get(2));
        refuses(NO_PASSWORD, "its history cannot be decoded", lines.get(0), "history ff", lines.get(2));
        refuses(NO_PASSWORD, "its history cannot be decoded", lines.get(0), "history ", lines.get(2));
        refuses(NO_PASSWORD, "its ed25519 is not in hexadecimal", lines.get(0), lines.get(1), lines.get(2) + "zz");
        refuses(NO_PASSWORD, "it has no ed25519", lines.get(0), lines.get(1), "p256 00");
        refuses(NO_PASSWORD, "its key does not have the right length", lines.get(0), lines.get(1), "ed25519 01");
        refuses(NO_PASSWORD, "", lines.get(0), lines.get(1), "ed25519 " + "01".repeat(32)); // of somebody else
        refuses(PASSWORD, "has no password", lines.get(0), lines.get(1), lines.get(2));
    }

    @Test
    void refusesASealedKeyThatWasChanged() throws IOException {
        loaded(PASSWORD);
        List<String> lines = Files.readAllLines(file());
        String sealed = lines.get(2);
        String changed = sealed.substring(0, sealed.length() - 1) + (sealed.endsWith("0") ? "1" : "0");
        refuses(PASSWORD, "the password is wrong, or the file was changed", lines.get(0), lines.get(1), changed);
        for (String length : List.of("sealed ", "sealed 00", sealed.substring(0, 7 + 2 * 28), sealed + "00")) {
            refuses(PASSWORD, "its key does not have the right length", lines.get(0), lines.get(1), length);
        }
    }

    private void refuses(char[] password, String reason, String... lines) throws IOException {
        Files.write(file(), List.of(lines));
        assertRefused(reason, password);
    }
}
