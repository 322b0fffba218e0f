// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * How the messages of one type become payloads, and back. Nothing in a payload says what it is: both sides must have agreed.
 *
 * <p>A codec is immutable and may be used by many threads at once. Decoding answers with a failure and never throws on input.
 *
 * @param <T> the type of the messages
 */
public interface Codec<T> {

    /** The payload of a message. */
    ByteString encode(T value);

    /** The message of a payload, or why there is none. Byte strings of the message may share the memory of the payload. */
    Decoded<T> decode(ByteString payload);

    /** Texts in BARE: a length, and UTF-8 (routing, section 2.1). */
    static Codec<String> string() {
        return bare(BareWriter::string, BareReader::string);
    }

    /** Bytes as they are: the payload itself, as peers of today send a vector of bytes (routing, section 2.1). */
    static Codec<ByteString> bytes() {
        return Codecs.BYTES;
    }

    /** For whom the content does not matter: decodes from every payload, encodes to nothing. */
    static Codec<Any> any() {
        return Codecs.ANY;
    }

    /** A type in BARE, written and read by these two, with the default limits. */
    static <T> Codec<T> bare(BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return new Codecs.BareCodec<>(writing, reading);
    }
}
