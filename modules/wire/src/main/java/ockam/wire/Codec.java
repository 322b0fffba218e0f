// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Turns the messages of one type into payloads and back. A payload does not carry its type, unless its codec says otherwise: both sides must
 * agree on it.
 *
 * <p>A codec is immutable and may be used by several threads at the same time. Encoding throws for a value that has no payload, and then
 * nothing is sent. Decoding returns a failure and never throws because of its input.
 *
 * @param <T> the type of the messages
 */
public interface Codec<T> {

    /**
     * Encodes a message as a payload, or throws. The codecs of this interface throw a {@link WireException}: {@code INVALID_TEXT} for a
     * text with half of a surrogate pair, since UTF-8 has no bytes for it, and {@code UNENCODABLE} for null, or a null inside the value.
     */
    ByteString encode(T value);

    /** Decodes the message of a payload, or returns why there is none. Byte strings of the message may share the memory of the payload. */
    Decoded<T> decode(ByteString payload);

    /** Returns what log lines and exceptions call this codec; it never appears in a payload. The name of its class, unless it has another. */
    default String name() {
        String binaryName = getClass().getName(); // not the simple name: an anonymous class has none
        return binaryName.substring(binaryName.lastIndexOf('.') + 1);
    }

    /**
     * Returns the codec of texts in BARE: a length, and UTF-8. It reads what Ockam's peers read (routing, section 2.1): bytes after the text
     * are ignored, and the length need not be in its shortest form.
     */
    static Codec<String> string() {
        return Codecs.STRING;
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
     * what it would write itself, so every byte of a payload must belong to the value ({@link Bare#decodeStrictly}). A value that the
     * reading function refuses by an exception, such as that of a record's constructor, is {@code INVALID_VALUE}.
     *
     * <p>BARE has neither types nor names. A payload of another type is refused only if it does not fit: because of a length, a tag, a
     * text that is not UTF-8, or bytes that are missing or left over. If two types have the same layout, or the bytes of one happen to form
     * a value of the other, the codec returns a value that nobody sent. Where a receiver expects messages of several types, make them a
     * union: its tag tells them apart. Where a stranger's mistake must show, {@linkplain #tagged tag} the codec.
     *
     * @param name what to call the codec in log lines and exceptions, such as the name of the type
     */
    static <T> Codec<T> bare(String name, BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return Codecs.bare(name, writing, reading, true);
    }

    /**
     * Returns the same codec, except that it reads as peers in Rust do (routing, section 2.1): anything after the value is ignored, so a
     * later version of the type can add fields at its end, and a value need not be in its shortest form. It refuses even fewer payloads of
     * other types.
     */
    static <T> Codec<T> tolerantBare(String name, BiConsumer<BareWriter, T> writing, Function<BareReader, T> reading) {
        return Codecs.bare(name, writing, reading, false);
    }

    /**
     * Returns the codec of another type whose values stand for those of this one, such as a record with a single field. A value that
     * {@code to} refuses by an exception is {@code INVALID_VALUE} when it is decoded.
     *
     * @param name what to call the codec in log lines and exceptions, such as the name of the type
     * @param to makes the value that was decoded
     * @param from makes the value that is encoded
     */
    default <R> Codec<R> map(String name, Function<? super T, ? extends R> to, Function<? super R, ? extends T> from) {
        return new Codecs.MappedCodec<>(name, this, to, from);
    }

    /**
     * Returns the same codec with a tag in front of each payload, a text in BARE. It refuses every payload with another tag, or none, so that
     * the bytes of another type are not taken for this one. Both sides must use the same tag. It is not a secret, and proves nothing.
     *
     * @param tag what the payloads are called on the wire: at most 64 letters, digits and the characters {@code . _ / -}, so that it can be
     *     shown when it is the wrong one. Throws {@link IllegalArgumentException} for any other
     */
    default Codec<T> tagged(String tag) {
        return Codecs.TaggedCodec.of(tag, this);
    }
}
