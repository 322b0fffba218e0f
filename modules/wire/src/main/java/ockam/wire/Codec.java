// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How the messages of one type become payloads, and back. Nothing in a payload says what it is: both sides must have agreed.
 *
 * <p>A codec is immutable and may be used by many threads at once. Encoding throws for a value that has no payload, and then nothing is
 * sent; decoding answers with a failure and never throws on input. The codecs made here throw a {@link WireException} with
 * {@code INVALID_TEXT} for a text with half of a surrogate pair, since UTF-8 has no bytes for it.
 *
 * @param <T> the type of the messages
 */
public interface Codec<T> {

    /** The payload of a message. Throws for a value that has none, such as a text with half of a surrogate pair. */
    ByteString encode(T value);

    /** The message of a payload, or why there is none. Byte strings of the message may share the memory of the payload. */
    Decoded<T> decode(ByteString payload);

    /**
     * Texts in BARE: a length, and UTF-8. What peers send is read as they read it: bytes behind the text are ignored, and the length need
     * not be in its shortest form (routing, section 2.1).
     */
    static Codec<String> string() {
        return tolerantBare(BareWriter::string, BareReader::string);
    }

    /** Bytes as they are: the payload itself, as peers of today send a vector of bytes (routing, section 2.1). */
    static Codec<ByteString> bytes() {
        return Codecs.BYTES;
    }

    /** For whom the content does not matter: decodes from every payload, encodes to nothing. */
    static Codec<Any> any() {
        return Codecs.ANY;
    }

    /**
     * A type in BARE, written and read by these two, with the default limits. Strict: a payload must be all that is read, and in the one
     * form in which {@link BareWriter} writes it ({@link Bare#decodeStrictly}).
     *
     * <p>BARE carries no types and no names. So a payload of another type is noticed only by what does not fit: a length, a tag, a text
     * that is not UTF-8, bytes that are missing or left over. Where two types have the same layout, or bytes of one happen to be a value
     * of the other, the codec reads a value that nobody has sent. Messages of several types for one receiver belong in a union, whose
     * tag tells them apart.
     */
    static <T> Codec<T> bare(BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return new Codecs.BareCodec<>(writing, reading, true);
    }

    /**
     * The same, but it reads as peers in Rust do: what follows the value is ignored, so that a later version of the type can add fields at
     * its end, and a value need not be in its shortest form (routing, section 2.1). Of a payload of another type even less is noticed.
     */
    static <T> Codec<T> tolerantBare(BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return new Codecs.BareCodec<>(writing, reading, false);
    }
}
