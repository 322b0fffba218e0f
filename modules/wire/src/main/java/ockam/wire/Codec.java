// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Turns the messages of one type into payloads and back. A payload does not carry its type: both sides must agree on it.
 *
 * <p>A codec is immutable and may be used by several threads at the same time. Encoding throws for a value that has no payload, and then
 * nothing is sent. Decoding returns a failure and never throws because of its input.
 *
 * @param <T> the type of the messages
 */
public interface Codec<T> {

    /**
     * Encodes a message as a payload, or throws. The codecs of this interface throw a {@link WireException} with {@code INVALID_TEXT} for a
     * text with half of a surrogate pair, since UTF-8 has no bytes for it.
     */
    ByteString encode(T value);

    /** Decodes the message of a payload, or returns why there is none. Byte strings of the message may share the memory of the payload. */
    Decoded<T> decode(ByteString payload);

    /**
     * Returns the codec of texts in BARE: a length, and UTF-8. It reads what Ockam's peers read (routing, section 2.1): bytes after the text
     * are ignored, and the length need not be in its shortest form.
     */
    static Codec<String> string() {
        return tolerantBare(BareWriter::string, BareReader::string);
    }

    /** Returns the codec of bytes as they are: the payload itself, as current peers send a vector of bytes (routing, section 2.1). */
    static Codec<ByteString> bytes() {
        return Codecs.BYTES;
    }

    /** Returns the codec for content that does not matter: it decodes from any payload and encodes to nothing. */
    static Codec<Any> any() {
        return Codecs.ANY;
    }

    /**
     * Returns the codec of a type in BARE, written and read by these two functions, with the default limits. It is strict: it accepts only
     * what it would write itself, so every byte of a payload must belong to the value ({@link Bare#decodeStrictly}).
     *
     * <p>BARE has neither types nor names. A payload of another type is refused only if it does not fit: because of a length, a tag, a
     * text that is not UTF-8, or bytes that are missing or left over. If two types have the same layout, or the bytes of one happen to form
     * a value of the other, the codec returns a value that nobody sent. Where a receiver expects messages of several types, make them a
     * union: its tag tells them apart.
     */
    static <T> Codec<T> bare(BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return new Codecs.BareCodec<>(writing, reading, true);
    }

    /**
     * Returns the same codec, except that it reads as peers in Rust do (routing, section 2.1): anything after the value is ignored, so a
     * later version of the type can add fields at its end, and a value need not be in its shortest form. It refuses even fewer payloads of
     * other types.
     */
    static <T> Codec<T> tolerantBare(BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return new Codecs.BareCodec<>(writing, reading, false);
    }
}
