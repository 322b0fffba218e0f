// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import ockam.vault.AeadKey;

/** Sizes and intervals that sealer and opener share (secure channel, sections 5.1 and 5.3). */
final class Frames {
    /** The length of the nonce before the ciphertext. */
    static final int NONCE_LENGTH = 8;

    /** The bytes that a frame has beyond its plaintext. */
    static final int OVERHEAD = NONCE_LENGTH + AeadKey.TAG_LENGTH;

    /** The longest frame: what a channel accepts also crosses a transport, with 64 KiB for the routes (routing, section 3.2). */
    static final int MAX_LENGTH = 16 * 1024 * 1024 - 64 * 1024;

    /** The AEAD takes no associated data in frames. */
    static final byte[] NO_AAD = new byte[0];

    /** A key serves 32 nonces: the interval of a nonce is the nonce without its lowest five bits. */
    static final int REKEY_SHIFT = 5;

    /** 2^64 - 1 is reserved for deriving keys. */
    static final long RESERVED_NONCE = -1L;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private Frames() {}

    /** The nonce of a frame of at least 8 bytes. */
    static long nonceOf(byte[] frame) {
        return (long) LONG.get(frame, 0);
    }

    /** Writes the nonce into the first 8 bytes of a frame. */
    static void putNonce(byte[] frame, long nonce) {
        LONG.set(frame, 0, nonce);
    }

    static long interval(long nonce) {
        return nonce >>> REKEY_SHIFT;
    }
}
