// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import ockam.wire.internal.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What an authority says about an identity: names with values, both any bytes, most of them texts (secure channel, section 4.9).
 *
 * <p>Bounded: at most {@value #MAX_ENTRIES} names, and {@value #MAX_BYTES} bytes of names and values together. The protocol has no
 * such bounds, but what a peer shows of itself has to fit into a handshake message of 64 KiB. Immutable; it keeps none of the memory of
 * the bytes that it was made from. Prints how many names it has, never what they are.
 */
public final class Attributes {

    /** The most names. */
    public static final int MAX_ENTRIES = 256;

    /** The most bytes of all names and values together. */
    public static final int MAX_BYTES = 16 * 1024;

    private static final Attributes NONE = new Attributes(Map.of());

    private final Map<ByteString, ByteString> entries;
    private final Map<String, String> texts;

    private Attributes(Map<ByteString, ByteString> bounded) {
        Map<ByteString, ByteString> sorted = new LinkedHashMap<>();
        Map<String, String> readable = new HashMap<>();
        bounded.entrySet().stream()
                .sorted((a, b) -> Arrays.compareUnsigned(Bytes.array(a.getKey()), Bytes.array(b.getKey())))
                .forEachOrdered(entry -> {
                    sorted.put(entry.getKey().compact(), entry.getValue().compact());
                    String name = textOf(entry.getKey());
                    String value = textOf(entry.getValue());
                    if (name != null && value != null) {
                        readable.put(name, value);
                    }
                });
        this.entries = Collections.unmodifiableMap(sorted);
        this.texts = Collections.unmodifiableMap(readable);
    }

    /** Returns no attributes. */
    public static Attributes none() {
        return NONE;
    }

    /** Returns these attributes; throws {@code TOO_MANY_ATTRIBUTES} beyond the bounds. */
    public static Attributes of(Map<ByteString, ByteString> entries) {
        if (!isWithinBounds(entries)) {
            throw new WireException(
                    WireException.Reason.TOO_MANY_ATTRIBUTES,
                    "attributes have at most " + MAX_ENTRIES + " names, and " + MAX_BYTES + " bytes");
        }
        return new Attributes(entries);
    }

    /** Does the same for texts; throws {@code INVALID_TEXT} for half of a surrogate pair. */
    public static Attributes ofTexts(Map<String, String> texts) {
        Map<ByteString, ByteString> entries = new HashMap<>();
        texts.forEach((name, value) -> entries.put(bytesOf(name), bytesOf(value)));
        return of(entries);
    }

    private static ByteString bytesOf(String text) {
        return Bytes.wrap(Utf8.encode(text, WireException.Reason.INVALID_TEXT));
    }

    private static boolean isWithinBounds(Map<ByteString, ByteString> entries) {
        long bytes = 0;
        for (Map.Entry<ByteString, ByteString> entry : entries.entrySet()) {
            bytes += (long) entry.getKey().length() + entry.getValue().length();
        }
        return entries.size() <= MAX_ENTRIES && bytes <= MAX_BYTES;
    }

    private static @Nullable String textOf(ByteString bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(Bytes.buffer(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** Returns the value of a name. */
    public Optional<ByteString> value(ByteString name) {
        return Optional.ofNullable(entries.get(name));
    }

    /** Returns the value of a name as a text; empty if there is none, or if it is not UTF-8. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(texts.get(name));
    }

    /** Returns all of them, unmodifiable, in the order of the bytes of their names. */
    public Map<ByteString, ByteString> entries() {
        return entries;
    }

    /** Returns those whose name and value are UTF-8, unmodifiable. Rules see only these (authority, section 8.1). */
    public Map<String, String> texts() {
        return texts;
    }

    /** Returns whether there are none. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns how many bytes all names and values have together. */
    public int length() {
        int length = 0;
        for (Map.Entry<ByteString, ByteString> entry : entries.entrySet()) {
            length += entry.getKey().length() + entry.getValue().length();
        }
        return length;
    }

    /** Writes them as a map of byte strings, in the order of the bytes of the names. */
    public void writeTo(CborWriter writer) {
        writer.sortedMap(entries);
    }

    /**
     * Reads a map of byte strings, in any order; of equal names, the last one counts. Fails with {@code TOO_MANY} beyond the bounds.
     */
    public static Attributes readFrom(CborReader reader) {
        Map<ByteString, ByteString> entries = reader.map(CborReader::bytes, CborReader::bytes);
        return isWithinBounds(entries) ? new Attributes(entries) : reader.fail(DecodeFailure.Reason.TOO_MANY);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Attributes that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return "Attributes(" + entries.size() + ")";
    }
}
