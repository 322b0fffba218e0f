// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.Function;

/**
 * The CBOR of Ockam's messages (secure channel, section 4.1): decoding, and sizes of encodings. {@link CborWriter} encodes.
 *
 * <p>Writing is definite, canonical and always in the shortest form. Reading is more lenient, as in other implementations (secure
 * channel, section 4.1; routing, section 2.2): further elements of a struct are skipped; optional ones may be null or, at the end,
 * missing; structs, lists and maps may have an indefinite length; integers and lengths need not be in their shortest form; and anything
 * after the value is ignored.
 */
public final class Cbor {

    static final int UNSIGNED = 0;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    static final int MAJOR_SHIFT = 5;
    static final int INFO_MASK = 0x1f;
    static final int ONE_BYTE = 24;
    static final int EIGHT_BYTES = 27;
    static final int INDEFINITE = 31;

    static final int FALSE = 0xf4;
    static final int TRUE = 0xf5;
    static final int NULL = 0xf6;
    static final int BREAK = 0xff;

    private Cbor() {}

    /**
     * Reads a value from the start of the bytes; anything after it is ignored. Never throws, regardless of the bytes.
     *
     * <p>Byte strings of the value are views of the array: the caller gives up ownership and must not change it afterwards.
     *
     * @param bytes the input, which must no longer be changed
     * @param limits limits on what the bytes may claim
     * @param decoder reads the value; its reader cannot be used once this call has returned
     */
    public static <T> Decoded<T> decode(
            byte[] bytes, CborLimits limits, Function<? super CborReader, ? extends T> decoder) {
        return Input.of(bytes, limits).decode(CborReader::new, decoder);
    }

    /** Does the same for a byte string. Byte strings of the value share its memory. */
    public static <T> Decoded<T> decode(
            ByteString bytes, CborLimits limits, Function<? super CborReader, ? extends T> decoder) {
        return Input.of(bytes, limits).decode(CborReader::new, decoder);
    }

    /** Returns the size of the head that carries an unsigned number, a length or a count: 1, 2, 3, 5 or 9 bytes. */
    public static int headSize(long unsigned) {
        if (Long.compareUnsigned(unsigned, ONE_BYTE) < 0) {
            return 1;
        }
        return 1 + argumentSize(unsigned);
    }

    /** Returns the size of a byte string or text of this many bytes, including the head. */
    public static int bytesSize(int length) {
        return Math.addExact(headSize(length), length);
    }

    /** Returns how many bytes hold an argument that does not fit into the initial byte: 1, 2, 4 or 8. */
    static int argumentSize(long unsigned) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(unsigned);
        return bits <= Byte.SIZE ? 1 : bits <= Short.SIZE ? 2 : bits <= Integer.SIZE ? 4 : 8;
    }
}
