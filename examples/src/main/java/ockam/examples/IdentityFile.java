// SPDX-License-Identifier: Apache-2.0

package ockam.examples;

import akka.util.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import ockam.identity.ChangeHistory;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityOptions;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.OwnIdentity;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Decoded;

/**
 * An identity in a file, so that it is the same in the next run. The file is a text of three lines: its format, the history in hexadecimal,
 * and the Ed25519 private key of the last change in hexadecimal, 32 bytes.
 *
 * <p>With a password, the third line begins with {@code sealed}, and has salt, nonce and ciphertext of the key: AES-256-GCM, with the history
 * as additional data and a key made of the password by PBKDF2 with HMAC-SHA-256 and 600,000 rounds. Only the owner may read the file.
 */
public final class IdentityFile {
    private static final String FORMAT = "ockam-akka identity 1";
    private static final String HISTORY = "history ";
    private static final String KEY = "ed25519 ";
    private static final String SEALED = "sealed ";
    private static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int ROUNDS = 600_000;
    private static final int LONGEST_FILE = 1024 * 1024;
    private static final HexFormat HEX = HexFormat.of();
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path path;
    private final char[] password;

    /** An empty password is none. */
    public IdentityFile(Path path, char[] password) {
        this.path = path;
        this.password = password.clone();
    }

    /**
     * Loads the identity, or creates one and stores it if there is no file. Blocks.
     *
     * @throws IllegalArgumentException if the file is no identity, or the password is wrong
     * @throws UncheckedIOException if the file cannot be read or written
     */
    public Identity loadOrCreate(SoftwareVault vault) {
        try {
            if (Files.notExists(path)) {
                create(vault);
            }
            return load(vault);
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be used", e);
        }
    }

    private Identity load(SoftwareVault vault) throws IOException {
        if (Files.size(path) > LONGEST_FILE) {
            throw new IllegalArgumentException(path + " is no identity: it is too long");
        }
        List<String> lines = Files.readAllLines(path, StandardCharsets.UTF_8);
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
            ChangeHistory history = decoded.value(); // whether it is valid is found out below
            InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
            OwnIdentity own = OwnIdentity.create(
                    history, vault.importSigningKey(SignatureAlgorithm.ED25519, key), IdentityOptions.defaults());
            OckamNode.await(repository.storeOwn(own));
            return OckamNode.await(
                    Identities.create(vault, repository, Clock.systemUTC()).identity(history.identifier()));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
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
        if (bytes.length != (sealed ? SALT_BYTES + NONCE_BYTES + KEY_BYTES + TAG_BYTES : KEY_BYTES)) {
            throw new IllegalArgumentException(path + " is no identity: its key does not have the right length");
        }
        if (!sealed) {
            return bytes;
        }
        byte[] nonce = Arrays.copyOfRange(bytes, SALT_BYTES, SALT_BYTES + NONCE_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(bytes, SALT_BYTES), nonce, history);
            return cipher.doFinal(bytes, SALT_BYTES + NONCE_BYTES, bytes.length - SALT_BYTES - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(path + ": the password is wrong, or the file was changed", e);
        }
    }

    private void create(SoftwareVault vault) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        try {
            Vault knowing = Vault.of(
                    vault, new KnownKey(vault, vault.importSigningKey(SignatureAlgorithm.ED25519, key)), vault);
            byte[] history = OckamNode.await(
                            Identities.create(knowing, InMemoryIdentityRepository.create(), Clock.systemUTC())
                                    .create())
                    .export()
                    .toArray();
            write(String.join("\n", FORMAT, HISTORY + HEX.formatHex(history), line(key, history)) + "\n");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private String line(byte[] key, byte[] history) {
        if (password.length == 0) {
            return KEY + HEX.formatHex(key);
        }
        byte[] salt = new byte[SALT_BYTES];
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(salt);
        RANDOM.nextBytes(nonce);
        try {
            byte[] ciphertext =
                    cipher(Cipher.ENCRYPT_MODE, salt, nonce, history).doFinal(key);
            return SEALED + HEX.formatHex(salt) + HEX.formatHex(nonce) + HEX.formatHex(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cipher cipher(int mode, byte[] salt, byte[] nonce, byte[] history) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(password, salt, ROUNDS, 8 * KEY_BYTES);
        byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(spec)
                .getEncoded();
        spec.clearPassword();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(8 * TAG_BYTES, nonce));
        Arrays.fill(key, (byte) 0);
        cipher.updateAAD(history);
        return cipher;
    }

    /** Either the whole file is there, or none. */
    private void write(String text) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownerOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Path directory = path.toAbsolutePath().getParent();
        Path temporary = Files.createTempFile(directory, ".identity", ".tmp", ownerOnly);
        try {
            Files.writeString(temporary, text);
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary); // it is there if something failed, and may have the key in it
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
}
