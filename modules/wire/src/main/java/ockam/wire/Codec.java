// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Turns the messages of one type into payloads and back. A payload does not carry its type: both sides must agree on it.
 *
 * <p>A codec is immutable and may be used by several threads at the same time. Decoding returns a failure and never throws
 * because of its input.
 *
 * @param <T> the type of the messages
 */
public interface Codec<T> {

    /** Encodes a message as a payload. */
    ByteString encode(T value);

    /** Decodes the message of a payload, or returns why there is none. Byte strings of the message may share the memory of the payload. */
    Decoded<T> decode(ByteString payload);

    /** Returns the codec of texts in BARE: a length, and UTF-8 (routing, section 2.1). */
    static Codec<String> string() {
        return bare(BareWriter::string, BareReader::string);
    }

    /** Returns the codec of bytes as they are: the payload itself, as current peers send a vector of bytes (routing, section 2.1). */
    static Codec<ByteString> bytes() {
        return Codecs.BYTES;
    }

    /** Returns the codec for content that does not matter: it decodes from any payload and encodes to nothing. */
    static Codec<Any> any() {
        return Codecs.ANY;
    }

    /** Returns the codec of a type in BARE, written and read by these two functions, with the default limits. */
    static <T> Codec<T> bare(BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return new Codecs.BareCodec<>(writing, reading);
    }
}
