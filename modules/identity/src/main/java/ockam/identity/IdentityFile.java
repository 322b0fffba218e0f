// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import ockam.vault.PasswordSeal;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Decoded;

/**
 * An identity in a file, so that it is the same in the next run: for a single node without a database. The file is a text of three lines: its
 * format, the history in hexadecimal, and the Ed25519 private key of the last change in hexadecimal, 32 bytes.
 *
 * <p>With a password, the third line begins with {@code sealed} and has the key {@linkplain PasswordSeal sealed} with it, where the context is
 * the history. Only the owner may read the file; one that others may use is refused, where the file system knows such modes.
 *
 * <p>The file is never changed: who rotates the identity has to keep it in another way, such as a {@link Store}. What the node learns of its
 * peers is in memory.
 *
 * <p>A new file is there as a whole and on the disk, or not at all, and never replaces another: of two first starts at the same time, both
 * have the identity of the one that was faster. On a file system without hard links that is not certain: the slower one may replace the file
 * of the other, which then has an identity that is in no file. A process that is killed in the middle of its first start may leave a file
 * behind that begins with {@code .identity} and ends with {@code .tmp}; it has a private key in it.
 */
public final class IdentityFile {
    private static final String FORMAT = "ockam-akka identity 1";
    private static final String HISTORY = "history ";
    private static final String KEY = "ed25519 ";
    private static final String SEALED = "sealed ";
    private static final int KEY_BYTES = 32;
    private static final int LONGEST_FILE = 1024 * 1024;
    private static final HexFormat HEX = HexFormat.of();

    private final Path path;
    private final char[] password;

    private IdentityFile(Path path, char[] password) {
        this.path = path;
        this.password = password;
    }

    /** Returns the file with this name, which need not exist. An empty password is none; it is copied. */
    public static IdentityFile of(Path path, char[] password) {
        return new IdentityFile(path, password.clone());
    }

    /**
     * Loads the identity, or creates one and stores it if there is no file. Fails with {@link IllegalArgumentException} if the file is no
     * identity, others may use it, or the password is wrong; and with {@link UncheckedIOException} if it cannot be read or written.
     *
     * @param vault gets its private key
     * @param blocking runs what waits for the disk, or takes long
     */
    public CompletionStage<Identity> loadOrCreate(SoftwareVault vault, Executor blocking, Clock clock) {
        return Stages.run(() -> CompletableFuture.supplyAsync(() -> Files.notExists(path), blocking)
                .thenCompose(isNew -> isNew ? create(vault, blocking, clock) : CompletableFuture.completedStage(false))
                .thenApplyAsync(created -> load(vault), blocking) // also a file that another one has made meanwhile
                .thenCompose(own -> {
                    InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
                    return repository
                            .storeOwn(own)
                            .thenCompose(stored ->
                                    Identities.create(vault, repository, clock).identity(own.identifier()));
                }));
    }

    private OwnIdentity load(SoftwareVault vault) {
        List<String> lines = lines();
        if (lines.size() != 3 || !lines.get(0).equals(FORMAT) || !lines.get(1).startsWith(HISTORY)) {
            throw new IllegalArgumentException(path + " is no identity: the first line is not \"" + FORMAT + "\"");
        }
        byte[] exported = bytes(lines.get(1), HISTORY);
        byte[] key = key(lines.get(2), exported);
        try {
            if (!(ChangeHistory.decode(ByteString.fromArray(exported))
                    instanceof Decoded.Value<ChangeHistory> decoded)) {
                throw new IllegalArgumentException(path + " is no identity: its history cannot be decoded");
            }
            return OwnIdentity.create( // whether the history is valid is found out when the identity is loaded
                    decoded.value(),
                    vault.importSigningKey(SignatureAlgorithm.ED25519, key),
                    IdentityOptions.defaults());
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private List<String> lines() {
        try {
            requirePrivate();
            if (Files.size(path) > LONGEST_FILE) {
                throw new IllegalArgumentException(path + " is no identity: it is too long");
            }
            return Files.readAllLines(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be used", e);
        }
    }

    private void requirePrivate() throws IOException {
        if (!NewFile.hasModes(path)) {
            return;
        }
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(path);
        if (!PosixFilePermissions.toString(modes).endsWith("------")) {
            throw new IllegalArgumentException(
                    "others than its owner may use " + path + "; mend it by: chmod 600 '" + path + "'");
        }
    }

    private byte[] bytes(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException(path + " is no identity: it has no " + name);
        }
        return bytes(line.substring(name.length()))
                .orElseThrow(() ->
                        new IllegalArgumentException(path + " is no identity: its " + name + "is not in hexadecimal"));
    }

    /** Empty if it is not hexadecimal; the exception has a part of the text in it, which may be the private key. */
    private static Optional<byte[]> bytes(String hex) {
        try {
            return Optional.of(HEX.parseHex(hex));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private byte[] key(String line, byte[] history) {
        boolean sealed = line.startsWith(SEALED);
        if (sealed == (password.length == 0)) {
            throw new IllegalArgumentException(path + (sealed ? " needs a password" : " has no password"));
        }
        byte[] bytes = bytes(line, sealed ? SEALED : KEY);
        if (bytes.length != (sealed ? KEY_BYTES + PasswordSeal.OVERHEAD : KEY_BYTES)) {
            throw new IllegalArgumentException(path + " is no identity: its key does not have the right length");
        }
        return sealed
                ? PasswordSeal.open(password, bytes, history)
                        .orElseThrow(() ->
                                new IllegalArgumentException(path + ": the password is wrong, or the file was changed"))
                : bytes;
    }

    /** Completes with whether there was still no file, and it is there now. */
    private CompletionStage<Boolean> create(SoftwareVault vault, Executor blocking, Clock clock) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        SigningKey imported = vault.importSigningKey(SignatureAlgorithm.ED25519, key);
        return Stages.cleaningUp(
                () -> vault.deleteSigningKey(imported),
                () -> Identities.create(
                                Vault.of(vault, new KnownKey(vault, imported), vault),
                                InMemoryIdentityRepository.create(),
                                clock)
                        .create()
                        .thenApplyAsync(made -> write(made.export().toArray(), key), blocking)
                        .whenComplete((written, failure) -> Arrays.fill(key, (byte) 0))
                        .thenCompose(written -> written
                                ? CompletableFuture.completedStage(true)
                                : vault.deleteSigningKey(imported).thenApply(deleted -> false)));
    }

    /** Returns whether it was written: not if there is a file by now. */
    private boolean write(byte[] history, byte[] key) {
        String third = password.length == 0
                ? KEY + HEX.formatHex(key)
                : SEALED + HEX.formatHex(PasswordSeal.seal(password, key, history));
        String text = String.join("\n", FORMAT, HISTORY + HEX.formatHex(history), third) + "\n";
        try {
            NewFile.create(path, text);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be used", e);
        }
    }

    /** A vault whose next key is already known. */
    private record KnownKey(SoftwareVault vault, SigningKey key) implements SigningVault {
        @Override
        public CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm) {
            return CompletableFuture.completedStage(key);
        }

        @Override
        public CompletionStage<Signature> sign(SigningKey with, byte[] message) {
            return vault.sign(with, message);
        }

        @Override
        public CompletionStage<Boolean> deleteSigningKey(SigningKey unwanted) {
            return vault.deleteSigningKey(unwanted);
        }
    }

    /** Prints the name of the file only. */
    @Override
    public String toString() {
        return "IdentityFile(" + path + ")";
    }
}
