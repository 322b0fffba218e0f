// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import akka.util.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
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
                .thenApplyAsync(created -> load(vault), blocking)
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
        if (!hasModes()) {
            return;
        }
        Set<PosixFilePermission> modes = Files.getPosixFilePermissions(path);
        if (!PosixFilePermissions.toString(modes).endsWith("------")) {
            throw new IllegalArgumentException(
                    "others than its owner may use " + path + "; mend it by: chmod 600 '" + path + "'");
        }
    }

    private static boolean hasModes() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    private byte[] bytes(String line, String name) {
        try {
            if (line.startsWith(name)) {
                return HEX.parseHex(line.substring(name.length()));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + " is no identity: its " + name + "is not in hexadecimal", e);
        }
        throw new IllegalArgumentException(path + " is no identity: it has no " + name);
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

    private CompletionStage<Boolean> create(SoftwareVault vault, Executor blocking, Clock clock) {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        SigningKey imported = vault.importSigningKey(SignatureAlgorithm.ED25519, key);
        return Identities.create(
                        Vault.of(vault, new KnownKey(vault, imported), vault),
                        InMemoryIdentityRepository.create(),
                        clock)
                .create()
                .thenApplyAsync(
                        made -> {
                            write(made.export().toArray(), key);
                            return true;
                        },
                        blocking)
                .whenComplete((written, failure) -> Arrays.fill(key, (byte) 0));
    }

    /** Either the whole file is there, or none. */
    private void write(byte[] history, byte[] key) {
        String third = password.length == 0
                ? KEY + HEX.formatHex(key)
                : SEALED + HEX.formatHex(PasswordSeal.seal(password, key, history));
        FileAttribute<?>[] ownerOnly = hasModes()
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try {
            Path directory = path.toAbsolutePath().getParent();
            Path temporary = Files.createTempFile(directory, ".identity", ".tmp", ownerOnly);
            try {
                Files.writeString(temporary, String.join("\n", FORMAT, HISTORY + HEX.formatHex(history), third) + "\n");
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary); // it is there if something failed, and may have the key in it
            }
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
