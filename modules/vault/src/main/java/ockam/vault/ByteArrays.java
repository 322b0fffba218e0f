// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.HexFormat;
import ockam.vault.VaultException.Reason;

/** Length checks and hex for the values of this module. */
final class ByteArrays {
    static final byte[] EMPTY = new byte[0];

    private ByteArrays() {}

    /** Returns a copy of {@code bytes}, which must be exactly {@code length} long. */
    static byte[] copyOf(byte[] bytes, int length, String what) {
        requireLength(bytes, length, what);
        return bytes.clone();
    }

    static void requireLength(byte[] bytes, int length, String what) {
        if (bytes.length != length) {
            throw new VaultException(Reason.INVALID_LENGTH, what + " has " + length + " bytes, not " + bytes.length);
        }
    }

    /** Refuses a range that is not inside an array of {@code available} bytes. */
    static void requireRange(int available, int offset, long length, String what) {
        if (offset < 0 || length < 0 || offset + length > available) {
            throw new VaultException(
                    Reason.INVALID_LENGTH,
                    what + ": " + length + " bytes at " + offset + " are not inside " + available + " bytes");
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
