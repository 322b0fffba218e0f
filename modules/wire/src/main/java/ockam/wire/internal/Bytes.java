// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import akka.annotation.InternalApi;
import akka.util.ByteString;
import java.nio.ByteBuffer;

/**
 * The one place where byte strings share an array with somebody else instead of copying it.
 *
 * <p>Every method states who owns the array. Internal to the modules of this project.
 */
@InternalApi
public final class Bytes {

    private Bytes() {}

    /** A byte string over the whole array. The caller gives the array away and must not write to it again. */
    public static ByteString wrap(byte[] owned) {
        return ByteString.fromArrayUnsafe(owned);
    }

    /**
     * A byte string over a part of the array. The caller must not write to that part again; the rest of the array stays
     * the caller's, and stays in memory as long as the byte string does.
     */
    public static ByteString wrap(byte[] owned, int offset, int length) {
        return ByteString.fromArrayUnsafe(owned, offset, length);
    }

    /** The same bytes in one piece: itself, unless it is made of several pieces, which are then copied together. */
    public static ByteString onePiece(ByteString bytes) {
        return bytes instanceof ByteString.ByteStrings ? bytes.compact() : bytes;
    }

    /** A read-only buffer over the bytes, from position 0; they are copied only when in several pieces. */
    public static ByteBuffer buffer(ByteString bytes) {
        return bytes.asByteBuffer();
    }
}
