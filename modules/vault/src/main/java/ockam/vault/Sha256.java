// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import ockam.vault.VaultException.Reason;

/** SHA-256 of public data, such as handshake hashes and identity changes (secure channel, sections 2.2 and 4.3). Thread safe. */
public final class Sha256 {
    /** Length of a hash in bytes. */
    public static final int LENGTH = 32;

    private Sha256() {}

    /** Returns the hash of the concatenated parts; without parts, the hash of the empty input. */
    public static byte[] hash(byte[]... parts) {
        MessageDigest digest = newDigest();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new VaultException(Reason.UNSUPPORTED, "the Java platform has no SHA-256", e);
        }
    }
}
