// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.Arrays;
import ockam.wire.internal.Bytes;

/**
 * The destination of a writer's bytes: its own array, which grows, or a part of the caller's array, which does not. Written bytes
 * are never changed again.
 */
final class Output {

    private static final int SMALLEST = 16;

    private final boolean growing;
    private final int start;
    private byte[] target;
    private int position;

    private Output(byte[] target, int start, boolean growing) {
        this.target = target;
        this.start = start;
        this.position = start;
        this.growing = growing;
    }

    static Output growing(int initialCapacity) {
        return new Output(new byte[initialCapacity], 0, true);
    }

    static Output into(byte[] target, int offset) {
        if (offset < 0 || offset > target.length) {
            throw new IllegalArgumentException("offset " + offset + " in an array of " + target.length);
        }
        return new Output(target, offset, false);
    }

    int position() {
        return position;
    }

    void write(int value) {
        reserve(1);
        target[position++] = (byte) value;
    }

    void bigEndian(long value, int size) {
        reserve(size);
        for (int shift = (size - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            target[position++] = (byte) (value >>> shift);
        }
    }

    void littleEndian(long value, int size) {
        bigEndian(Long.reverseBytes(value) >>> (Long.SIZE - size * Byte.SIZE), size);
    }

    void write(byte[] bytes, int offset, int length) {
        reserve(length);
        System.arraycopy(bytes, offset, target, position, length);
        position += length;
    }

    void write(ByteString bytes) {
        int length = bytes.length();
        reserve(length);
        bytes.copyToArray(target, position, length);
        position += length;
    }

    private void reserve(int length) {
        int needed = Math.addExact(position, length);
        if (needed <= target.length) {
            return;
        }
        if (!growing) {
            throw new IllegalStateException(
                    "no room for " + length + " bytes at " + position + " in an array of " + target.length);
        }
        int doubled = (int) Math.min(2L * target.length, Integer.MAX_VALUE);
        target = Arrays.copyOf(target, Math.max(Math.max(SMALLEST, doubled), needed));
    }

    /** Returns what was written: a view of its own array, unless that would keep more than twice as much in memory. */
    ByteString toByteString() {
        int length = position - start;
        boolean view = growing && length >= target.length / 2;
        return view ? Bytes.wrap(target, start, length) : ByteString.fromArray(target, start, length);
    }
}
