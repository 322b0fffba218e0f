// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import ockam.vault.VaultException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM with 12-byte nonces and 16-byte tags, from the JDK.
 *
 * <p>Not thread safe: there is one cipher object, created when first needed, initialised again for each call, and handed over to
 * the next key. The JDK keeps copies of the key in it that cannot be overwritten; they become garbage once the cipher is used
 * with the next key, or when this object does.
 */
final class AesGcm {
    static final int KEY_LENGTH = 32;
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = AeadKey.TAG_LENGTH;

    private final SecretKeySpec key;
    private @Nullable Cipher cipher;

    /** Copies the key; the caller must overwrite its own copy. */
    AesGcm(byte[] key) {
        ByteArrays.requireLength(key, KEY_LENGTH, "an AES-256 key");
        this.key = new SecretKeySpec(key, "AES");
    }

    /** Seals the range in place and writes the tag after it. The JDK refuses the nonce of the previous seal. */
    void seal(byte[] nonce, byte[] aad, byte[] buffer, int offset, int length) {
        ByteArrays.requireLength(nonce, NONCE_LENGTH, "an AES-GCM nonce");
        ByteArrays.requireRange(buffer.length, offset, length, "plaintext");
        ByteArrays.requireRange(buffer.length, offset, (long) length + TAG_LENGTH, "plaintext and tag");
        try {
            initialised(Cipher.ENCRYPT_MODE, nonce, aad).doFinal(buffer, offset, length, buffer, offset);
        } catch (InvalidAlgorithmParameterException e) {
            throw new VaultException(Reason.INVALID_NONCE, "this nonce was the last one sealed with", e);
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    /** Opens the range into another array; when it is not authentic the output range is zeroed. */
    boolean open(byte[] nonce, byte[] aad, byte[] input, int offset, int length, byte[] output, int outputOffset) {
        ByteArrays.requireLength(nonce, NONCE_LENGTH, "an AES-GCM nonce");
        ByteArrays.requireRange(input.length, offset, length, "ciphertext and tag");
        int plaintextLength = Math.max(0, length - TAG_LENGTH);
        ByteArrays.requireRange(output.length, outputOffset, plaintextLength, "plaintext");
        if (input == output) {
            throw new VaultException(Reason.UNSUPPORTED, "opening in place");
        }
        boolean authentic = false;
        try {
            authentic = length >= TAG_LENGTH && decrypt(nonce, aad, input, offset, length, output, outputOffset);
        } finally {
            if (!authentic) {
                Arrays.fill(output, outputOffset, outputOffset + plaintextLength, (byte) 0);
            }
        }
        return authentic;
    }

    private boolean decrypt(
            byte[] nonce, byte[] aad, byte[] input, int offset, int length, byte[] output, int outputOffset) {
        try {
            initialised(Cipher.DECRYPT_MODE, nonce, aad).doFinal(input, offset, length, output, outputOffset);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    /**
     * Returns the key made of the first 32 bytes of sealing 32 zero bytes with this nonce.
     *
     * <p>The new key usually replaces this one, so it takes over this one's cipher, which costs more to create than to use; if
     * this one is used again, it creates another.
     */
    AesGcm next(byte[] nonce) {
        byte[] sealed = new byte[KEY_LENGTH + TAG_LENGTH];
        seal(nonce, ByteArrays.EMPTY, sealed, 0, KEY_LENGTH);
        byte[] nextKey = Arrays.copyOf(sealed, KEY_LENGTH);
        try {
            AesGcm next = new AesGcm(nextKey);
            next.cipher = cipher;
            cipher = null;
            return next;
        } finally {
            Arrays.fill(sealed, (byte) 0);
            Arrays.fill(nextKey, (byte) 0);
        }
    }

    private Cipher initialised(int mode, byte[] nonce, byte[] aad) throws GeneralSecurityException {
        Cipher ready = cipher;
        if (ready == null) {
            ready = Cipher.getInstance("AES/GCM/NoPadding");
            cipher = ready;
        }
        ready.init(mode, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, nonce));
        if (aad.length > 0) {
            ready.updateAAD(aad);
        }
        return ready;
    }

    private static VaultException unsupported(GeneralSecurityException e) {
        return new VaultException(Reason.UNSUPPORTED, "the Java platform cannot do AES-256-GCM", e);
    }
}
