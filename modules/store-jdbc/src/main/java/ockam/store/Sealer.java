// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import ockam.store.StoreException.Reason;
import ockam.wire.CborWriter;
import org.jspecify.annotations.Nullable;

/**
 * Seals with AES-256-GCM under one key, with random nonces: few enough for one key, as there are only some for each private key. What is
 * sealed is bound to its kind and its name, so that one cannot be put in the place of another. Thread safe.
 */
final class Sealer {
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_LENGTH = 16;

    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable SecretKeySpec key;

    /** Copies the key; the caller must overwrite its own copy. Without one, nothing can be sealed or opened. */
    void use(byte[] bytes) {
        key = new SecretKeySpec(bytes, "AES");
    }

    /** Returns nonce, ciphertext and tag. */
    byte[] seal(String kind, String name, byte[] plaintext) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = Arrays.copyOf(nonce, NONCE_LENGTH + plaintext.length + TAG_LENGTH);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, kind, name)
                    .doFinal(plaintext, 0, plaintext.length, sealed, NONCE_LENGTH);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform cannot do AES-256-GCM", e);
        }
    }

    /** Returns the plaintext, which the caller must overwrite; empty if it was sealed otherwise. */
    Optional<byte[]> open(String kind, String name, byte[] sealed) {
        if (sealed.length < NONCE_LENGTH + TAG_LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_LENGTH), kind, name)
                    .doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Java platform cannot do AES-256-GCM", e);
        }
    }

    /** Forgets the key. */
    void forget() {
        key = null;
    }

    private Cipher cipher(int mode, byte[] nonce, String kind, String name) throws GeneralSecurityException {
        SecretKeySpec current = key;
        if (current == null) {
            throw new StoreException(Reason.CLOSED, "the store is not open");
        }
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, current, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
        cipher.updateAAD(CborWriter.create(128)
                .array(3)
                .text("ockam store 1")
                .text(kind)
                .text(name)
                .toByteString()
                .toArray());
        return cipher;
    }
}
