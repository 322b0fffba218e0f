// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import akka.annotation.InternalApi;
import akka.util.ByteString;
import java.nio.ByteBuffer;

/**
 * The only place where byte strings share an array with other code instead of copying it.
 *
 * <p>Every method states who owns the array. Internal to the modules of this project.
 */
@InternalApi
public final class Bytes {

    private Bytes() {}

    /**
     * Returns a byte string over the whole array. The byte string owns the array from now on: the caller may still read it, and must
     * not write to it again.
     */
    public static ByteString wrap(byte[] owned) {
        return ByteString.fromArrayUnsafe(owned);
    }

    /**
     * Returns a byte string over a part of the array. The byte string owns that part from now on: the caller may still read it,
     * and must not write to it again. The rest of the array still belongs to the caller, and is kept in memory as long as the
     * byte string.
     */
    public static ByteString wrap(byte[] owned, int offset, int length) {
        return ByteString.fromArrayUnsafe(owned, offset, length);
    }

    /**
     * Returns an array of the bytes, which must only be read and not be kept. It belongs to the byte string, unless that is a part of
     * something larger or in several pieces; then it is a copy.
     */
    public static byte[] array(ByteString bytes) {
        return bytes.toArrayUnsafe();
    }

    /**
     * Returns the same bytes in one piece: itself, with the array that it owns, unless it is made of several pieces, which are then
     * copied together.
     */
    public static ByteString onePiece(ByteString bytes) {
        return bytes instanceof ByteString.ByteStrings ? bytes.compact() : bytes;
    }

    /**
     * Returns a buffer over the bytes, from position 0, that cannot be written to. The array below it belongs to the byte string,
     * unless that is in several pieces; then it is a copy.
     */
    public static ByteBuffer buffer(ByteString bytes) {
        return bytes.asByteBuffer();
    }
}
