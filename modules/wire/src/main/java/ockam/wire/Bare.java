// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.Function;

/**
 * BARE, the encoding of strings and of most typed messages (routing, section 2.1): decoding. {@link BareWriter} encodes.
 *
 * <p>What is written is as short as can be. What is read may be less strict, as with peers in Rust: a varint need not be as short as can
 * be, every boolean byte but 00 is true, and what comes after the value is ignored. {@link #decodeStrictly} takes none of that.
 */
public final class Bare {

    private Bare() {}

    /**
     * Reads a value from the front of the bytes; what follows it is ignored. Bytes never make this throw, whatever they are.
     *
     * <p>Byte strings of the value are views of the array: the caller gives it away and must not change it afterwards.
     *
     * @param bytes the input, not to be changed any more
     * @param limits what the bytes may claim
     * @param decoder reads the value; its reader is of no use once this call has returned
     */
    public static <T> Decoded<T> decode(
            byte[] bytes, CborLimits limits, Function<? super BareReader, ? extends T> decoder) {
        return Input.of(bytes, limits).decode(BareReader::new, decoder);
    }

    /** The same for a byte string. Byte strings of the value share its memory. */
    public static <T> Decoded<T> decode(
            ByteString bytes, CborLimits limits, Function<? super BareReader, ? extends T> decoder) {
        return Input.of(bytes, limits).decode(BareReader::new, decoder);
    }

    /**
     * Reads a value of which the bytes are the one form that {@link BareWriter} writes: what follows it is {@code TRAILING_BYTES}, a varint
     * that could be shorter or a boolean other than 00 and 01 is {@code INVALID_VALUE}. So no two byte strings are the same value, unless
     * the decoder itself takes them for the same.
     */
    public static <T> Decoded<T> decodeStrictly(
            ByteString bytes, CborLimits limits, Function<? super BareReader, ? extends T> decoder) {
        return Input.of(bytes, limits).strictly().decode(BareReader::new, decoder);
    }
}
