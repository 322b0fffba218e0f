// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Frames made from the text of secure channel, sections 5.1 and 5.3 with the ciphers of the JDK and nothing of ours: any nonce, in any
 * order, any number of times.
 */
final class PlainFrames {
    private static final int NONCES_OF_A_KEY = 32;
    private static final int TAG_BITS = 128;

    private final long firstInterval;
    private final List<byte[]> keys = new ArrayList<>();

    /** With the key of nonces 0 to 31. */
    PlainFrames(byte[] key) {
        this(key, 0);
    }

    /** With the key of the interval in which {@code nonce} lies. */
    PlainFrames(byte[] key, long nonce) {
        keys.add(key);
        firstInterval = Long.divideUnsigned(nonce, NONCES_OF_A_KEY);
    }

    /** The key for a nonce. */
    byte[] key(long nonce) {
        int index = Math.toIntExact(Long.divideUnsigned(nonce, NONCES_OF_A_KEY) - firstInterval);
        while (keys.size() <= index) {
            keys.add(rekey(keys.get(keys.size() - 1)));
        }
        return keys.get(index);
    }

    /** Whether there is a key for this nonce, and not too far from the first one. */
    boolean isNear(long nonce) {
        return Long.compareUnsigned(Long.divideUnsigned(nonce, NONCES_OF_A_KEY) - firstInterval, 1_000) < 0;
    }

    byte[] frame(long nonce, byte[] plaintext) {
        return frame(key(nonce), nonce, plaintext);
    }

    /** With a key that need not be the right one. */
    static byte[] frame(byte[] key, long nonce, byte[] plaintext) {
        byte[] sealed = seal(key, nonce, plaintext);
        return ByteBuffer.allocate(Long.BYTES + sealed.length)
                .putLong(nonce)
                .put(sealed)
                .array();
    }

    static byte[] rekey(byte[] key) {
        return Arrays.copyOf(seal(key, -1L, new byte[32]), 32);
    }

    private static byte[] seal(byte[] key, long nonce, byte[] plaintext) {
        try {
            return cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(plaintext);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** What a frame carries, if this is its key, with empty associated data. */
    static byte @Nullable [] open(byte[] key, byte[] frame) {
        try {
            long nonce = ByteBuffer.wrap(frame).getLong();
            return cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(frame, Long.BYTES, frame.length - Long.BYTES);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Cipher cipher(int mode, byte[] key, long nonce) throws GeneralSecurityException {
        byte[] iv = ByteBuffer.allocate(12).putInt(0).putLong(nonce).array();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, iv));
        return cipher;
    }
}
