// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import ockam.vault.VaultException.Reason;

/** HKDF with SHA-256 of RFC 5869; thread safe. Results are secret, and the caller must overwrite them after use. */
final class Hkdf {
    static final int HASH_LENGTH = 32;
    static final int MAX_LENGTH = 255 * HASH_LENGTH;

    private static final String HMAC = "HmacSHA256";

    private Hkdf() {}

    /** Returns the pseudorandom key of this input; an empty salt means 32 zero bytes. */
    static byte[] extract(byte[] salt, byte[] input) {
        return hmac(salt.length == 0 ? new byte[HASH_LENGTH] : salt).doFinal(input);
    }

    /** Returns {@code length} bytes, at most {@link #MAX_LENGTH}, made from a pseudorandom key. */
    static byte[] expand(byte[] pseudorandomKey, byte[] info, int length) {
        if (length < 0 || length > MAX_LENGTH) {
            throw new VaultException(
                    Reason.INVALID_LENGTH, "HKDF returns up to " + MAX_LENGTH + " bytes, not " + length);
        }
        Mac hmac = hmac(pseudorandomKey);
        byte[] output = new byte[length];
        byte[] block = ByteArrays.EMPTY;
        for (int done = 0; done < length; done += HASH_LENGTH) {
            hmac.update(block);
            Arrays.fill(block, (byte) 0);
            hmac.update(info);
            hmac.update((byte) (done / HASH_LENGTH + 1));
            block = hmac.doFinal();
            System.arraycopy(block, 0, output, done, Math.min(HASH_LENGTH, length - done));
        }
        Arrays.fill(block, (byte) 0);
        return output;
    }

    /** Takes both steps, with empty info. */
    static byte[] derive(byte[] salt, byte[] input, int length) {
        byte[] pseudorandomKey = extract(salt, input);
        try {
            return expand(pseudorandomKey, ByteArrays.EMPTY, length);
        } finally {
            Arrays.fill(pseudorandomKey, (byte) 0);
        }
    }

    private static Mac hmac(byte[] key) {
        try {
            Mac hmac = Mac.getInstance(HMAC);
            hmac.init(new SecretKeySpec(key, HMAC));
            return hmac;
        } catch (GeneralSecurityException e) {
            throw new VaultException(Reason.UNSUPPORTED, "the Java platform has no HMAC with SHA-256", e);
        }
    }
}
