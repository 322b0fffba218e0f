// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.Function;

/**
 * BARE, the encoding of strings and of most typed messages (routing, section 2.1): decoding. {@link BareWriter} encodes.
 *
 * <p>Writing always uses the shortest form. Reading also accepts longer varints and takes every boolean byte but 00 as true, as peers in
 * Rust do; anything after the value is ignored. {@link #decodeStrictly} accepts none of this.
 */
public final class Bare {

    private Bare() {}

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
            byte[] bytes, CborLimits limits, Function<? super BareReader, ? extends T> decoder) {
        return Input.of(bytes, limits).decode(BareReader::new, decoder);
    }

    /** Does the same for a byte string. Byte strings of the value share its memory. */
    public static <T> Decoded<T> decode(
            ByteString bytes, CborLimits limits, Function<? super BareReader, ? extends T> decoder) {
        return Input.of(bytes, limits).decode(BareReader::new, decoder);
    }

    /**
     * Reads a value that is all of the bytes, in the form in which {@link BareWriter} writes it. Anything after it is
     * {@code TRAILING_BYTES}; a varint that could be shorter, or a boolean other than 00 and 01, is {@code INVALID_VALUE}. So different bytes
     * are different values, unless the decoder makes the same value of them.
     */
    public static <T> Decoded<T> decodeStrictly(
            ByteString bytes, CborLimits limits, Function<? super BareReader, ? extends T> decoder) {
        return Input.of(bytes, limits).strictly().decode(BareReader::new, decoder);
    }
}
