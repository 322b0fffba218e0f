// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import ockam.wire.internal.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Writes CBOR, definite and in the shortest form, as Ockam requires it (secure channel, section 4.1). Every method returns the
 * writer itself.
 *
 * <pre>{@code
 * writer.array(2);                                          // [ message, h'padding' ]
 * writer.variant(0, 1);                                     // [0, [ one field ]]
 * writer.array(3);
 * onwardRoute.writeTo(writer);
 * returnRoute.writeTo(writer);
 * writer.bytes(payload).bytes(ByteString.emptyByteString());
 * }</pre>
 *
 * <p>Heads and contents are not checked against each other: a writer that says {@code array(3)} has to write three items. Not
 * thread safe.
 */
public final class CborWriter {

    private final Output output;

    private CborWriter(Output output) {
        this.output = output;
    }

    /** Creates a writer with its own memory, which grows as needed; given the exact size, it never copies bytes again. */
    public static CborWriter create(int initialCapacity) {
        return new CborWriter(Output.growing(initialCapacity));
    }

    /**
     * Creates a writer into an array of the caller, starting at this offset. It never grows: running out of room is an
     * {@link IllegalStateException}, so the exact size has to be known beforehand.
     */
    public static CborWriter into(byte[] target, int offset) {
        return new CborWriter(Output.into(target, offset));
    }

    /** Writes the head of an array or struct of this many items. */
    public CborWriter array(int items) {
        return head(Cbor.ARRAY, size(items));
    }

    /** Writes the head of a map of this many entries, which the caller writes in the order of their encoded keys. */
    public CborWriter map(int entries) {
        return head(Cbor.MAP, size(entries));
    }

    /** Writes a whole map, in the order of the bytes of its keys: lexicographic and unsigned, not by length first. */
    public CborWriter sortedMap(Map<ByteString, ByteString> entries) {
        map(entries.size());
        entries.entrySet().stream()
                .sorted((a, b) -> Arrays.compareUnsigned(Bytes.array(a.getKey()), Bytes.array(b.getKey())))
                .forEachOrdered(entry -> bytes(entry.getKey()).bytes(entry.getValue()));
        return this;
    }

    /** Writes the start of a value of an enum: the pair, the index of the variant and the head of its fields. */
    public CborWriter variant(int index, int fields) {
        return array(2).unsigned(size(index)).array(fields);
    }

    /** Writes a whole list; an element is usually written by {@code Element::writeTo}. */
    public <T> CborWriter list(Collection<? extends T> elements, BiConsumer<? super T, ? super CborWriter> element) {
        array(elements.size());
        for (T each : elements) {
            element.accept(each, this);
        }
        return this;
    }

    /**
     * Writes the value, or null in its place. For a field in the middle of a struct; at the end of one an absent field is left out
     * of the array altogether.
     */
    public <T> CborWriter optional(@Nullable T value, BiConsumer<? super T, ? super CborWriter> field) {
        if (value == null) {
            return nul();
        }
        field.accept(value, this);
        return this;
    }

    /** Writes an unsigned number of 64 bits; a negative long represents a number above {@link Long#MAX_VALUE}. */
    public CborWriter unsigned(long value) {
        return head(Cbor.UNSIGNED, value);
    }

    /** Writes a byte string. */
    public CborWriter bytes(ByteString bytes) {
        head(Cbor.BYTES, bytes.length());
        output.write(bytes);
        return this;
    }

    /** Writes bytes as an array with a number for each (routing, section 2.2); {@link CborReader#bytesOrNumbers} reads it. */
    public CborWriter bytesAsNumbers(ByteString bytes) {
        head(Cbor.ARRAY, bytes.length());
        for (byte each : Bytes.array(bytes)) {
            head(Cbor.UNSIGNED, Byte.toUnsignedInt(each));
        }
        return this;
    }

    /** Writes a byte string of the whole array, which is copied. */
    public CborWriter bytes(byte[] bytes) {
        return bytes(bytes, 0, bytes.length);
    }

    /** Writes a byte string of a part of the array, which is copied. */
    public CborWriter bytes(byte[] bytes, int offset, int length) {
        head(Cbor.BYTES, size(length));
        output.write(bytes, offset, length);
        return this;
    }

    /** Writes the head of a byte string; its bytes are to follow. */
    CborWriter bytesHead(int length) {
        return head(Cbor.BYTES, length);
    }

    /** Writes a text. Throws {@code INVALID_TEXT} for half of a surrogate pair, and then writes nothing. */
    public CborWriter text(String text) {
        byte[] utf8 = Utf8.encode(text, WireException.Reason.INVALID_TEXT);
        head(Cbor.TEXT, utf8.length);
        output.write(utf8, 0, utf8.length);
        return this;
    }

    /** Writes true or false. */
    public CborWriter bool(boolean value) {
        output.write(value ? Cbor.TRUE : Cbor.FALSE);
        return this;
    }

    /** Writes null, for an absent field that is followed by present ones. */
    public CborWriter nul() {
        output.write(Cbor.NULL);
        return this;
    }

    /** Writes bytes as they are, without a head: items that were encoded before. */
    public CborWriter raw(ByteString encoded) {
        output.write(encoded);
        return this;
    }

    /** Returns the position in the array after the last byte written; for a writer with its own memory, the size so far. */
    public int position() {
        return output.position();
    }

    /** Returns what was written, without the bytes before the offset. Writing may continue; the result does not change with it. */
    public ByteString toByteString() {
        return output.toByteString();
    }

    private CborWriter head(int major, long argument) {
        int high = major << Cbor.MAJOR_SHIFT;
        if (Cbor.headSize(argument) == 1) {
            output.write(high | (int) argument);
            return this;
        }
        int size = Cbor.argumentSize(argument);
        output.write(high | (Cbor.ONE_BYTE + Integer.numberOfTrailingZeros(size)));
        output.bigEndian(argument, size);
        return this;
    }

    private static int size(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("negative: " + number);
        }
        return number;
    }
}
