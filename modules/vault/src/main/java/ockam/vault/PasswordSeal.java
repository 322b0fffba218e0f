// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import ockam.vault.VaultException.Reason;

/**
 * Seals a few bytes with a password: AES-256-GCM under a key that is made of the password by PBKDF2 with HMAC-SHA-256 and 600,000 rounds. That
 * takes some tenths of a second on purpose, each time.
 *
 * <p>What is sealed is 16 bytes of salt, 12 of nonce, the ciphertext, and 16 of tag; salt and nonce are random. Passwords are any characters
 * and may be empty, which protects nothing.
 */
public final class PasswordSeal {
    /** How much longer what is sealed is than what it holds, in bytes. */
    public static final int OVERHEAD = 44;

    private static final int SALT_LENGTH = 16;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;
    private static final int KEY_LENGTH = 32;
    private static final int ROUNDS = 600_000;

    private PasswordSeal() {}

    /** Seals a secret; it can be opened only with the same context, which is not in what is sealed. */
    public static byte[] seal(char[] password, byte[] secret, byte[] context) {
        byte[] sealed = new byte[secret.length + OVERHEAD];
        byte[] head = new byte[SALT_LENGTH + NONCE_LENGTH];
        new SecureRandom().nextBytes(head);
        System.arraycopy(head, 0, sealed, 0, head.length);
        try {
            cipher(Cipher.ENCRYPT_MODE, password, head, context).doFinal(secret, 0, secret.length, sealed, head.length);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    /** Returns the secret, which the caller should overwrite; empty if the password or the context is another one, or a byte was changed. */
    public static Optional<byte[]> open(char[] password, byte[] sealed, byte[] context) {
        if (sealed.length < OVERHEAD) {
            return Optional.empty();
        }
        byte[] head = Arrays.copyOf(sealed, SALT_LENGTH + NONCE_LENGTH);
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, password, head, context)
                    .doFinal(sealed, head.length, sealed.length - head.length));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    private static Cipher cipher(int mode, char[] password, byte[] head, byte[] context)
            throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(password, Arrays.copyOf(head, SALT_LENGTH), ROUNDS, Byte.SIZE * KEY_LENGTH);
        byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(spec)
                .getEncoded();
        spec.clearPassword();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(Byte.SIZE * TAG_LENGTH, head, SALT_LENGTH, NONCE_LENGTH));
        Arrays.fill(key, (byte) 0);
        cipher.updateAAD(context);
        return cipher;
    }

    private static VaultException unsupported(GeneralSecurityException e) {
        return new VaultException(Reason.UNSUPPORTED, "the Java platform cannot seal with a password", e);
    }
}
