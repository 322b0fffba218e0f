// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The floor under channels: frames sealed and opened by the JDK's cipher in a loop, with one array for the frame, one for the opened
 * plaintext, and the key changed every 32 frames as the protocol requires.
 */
final class CipherLoop {
    private static final int NONCE_LENGTH = 8;
    private static final int TAG_LENGTH = 16;
    private static final int FRAMES_PER_KEY = 32;
    private static final byte[] ZEROS = new byte[32];

    private final Side sealing = new Side(Cipher.ENCRYPT_MODE);
    private final Side opening = new Side(Cipher.DECRYPT_MODE);

    CipherLoop() throws GeneralSecurityException {}

    /** Seals and opens this many frames; returns the last plaintext, so that the work cannot be optimised away. */
    byte[] run(byte[] plaintext, long frames) throws GeneralSecurityException {
        byte[] opened = plaintext;
        for (long i = 0; i < frames; i++) {
            byte[] frame = new byte[NONCE_LENGTH + plaintext.length + TAG_LENGTH];
            System.arraycopy(plaintext, 0, frame, NONCE_LENGTH, plaintext.length);
            sealing.next().doFinal(frame, NONCE_LENGTH, plaintext.length, frame, NONCE_LENGTH);
            byte[] output = new byte[plaintext.length];
            opening.next().doFinal(frame, NONCE_LENGTH, plaintext.length + TAG_LENGTH, output, 0);
            opened = output;
        }
        return opened;
    }

    private static final class Side {
        private final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        private final int mode;
        private SecretKeySpec key = new SecretKeySpec(ZEROS, "AES");
        private long nonce;

        Side(int mode) throws GeneralSecurityException {
            this.mode = mode;
        }

        Cipher next() throws GeneralSecurityException {
            if (nonce > 0 && nonce % FRAMES_PER_KEY == 0) {
                byte[] sealed = initialised(Cipher.ENCRYPT_MODE, -1).doFinal(ZEROS);
                key = new SecretKeySpec(Arrays.copyOf(sealed, ZEROS.length), "AES");
            }
            return initialised(mode, nonce++);
        }

        private Cipher initialised(int cipherMode, long number) throws GeneralSecurityException {
            byte[] iv = ByteBuffer.allocate(Integer.BYTES + NONCE_LENGTH)
                    .putLong(Integer.BYTES, number)
                    .array();
            cipher.init(cipherMode, key, new GCMParameterSpec(TAG_LENGTH * Byte.SIZE, iv));
            return cipher;
        }
    }
}
