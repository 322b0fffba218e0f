// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes BARE (routing, section 2.1). The fields of a struct are simply written in order. Every method returns the writer itself.
 *
 * <pre>{@code
 * writer.string(reading.sensor()).u32(reading.value()).list(reading.proofs(), BareWriter::bytes);
 * }</pre>
 *
 * <p>A number that does not fit its width is an {@link IllegalArgumentException}. Not thread safe.
 */
public final class BareWriter {

    private static final int GROUP_BITS = 7;
    private static final int MORE = 0x80;

    private final Output output;

    private BareWriter(Output output) {
        this.output = output;
    }

    /** Creates a writer with its own memory, which grows as needed. */
    public static BareWriter create(int initialCapacity) {
        return new BareWriter(Output.growing(initialCapacity));
    }

    /** Writes an unsigned number of one byte. */
    public BareWriter u8(int value) {
        return fixed(value, Byte.BYTES);
    }

    /** Writes an unsigned number of two bytes. */
    public BareWriter u16(int value) {
        return fixed(value, Short.BYTES);
    }

    /** Writes an unsigned number of four bytes. */
    public BareWriter u32(long value) {
        return fixed(value, Integer.BYTES);
    }

    private BareWriter fixed(long value, int size) {
        if (value >>> (size * Byte.SIZE) != 0) {
            throw new IllegalArgumentException(value + " does not fit an unsigned number of " + size + " bytes");
        }
        output.littleEndian(value, size);
        return this;
    }

    /** Writes an unsigned number of eight bytes; a negative long represents a number above {@link Long#MAX_VALUE}. */
    public BareWriter u64(long value) {
        return i64(value);
    }

    /** Writes a signed number of one byte. */
    public BareWriter i8(byte value) {
        output.write(value);
        return this;
    }

    /** Writes a signed number of two bytes. */
    public BareWriter i16(short value) {
        output.littleEndian(value, Short.BYTES);
        return this;
    }

    /** Writes a signed number of four bytes. */
    public BareWriter i32(int value) {
        output.littleEndian(value, Integer.BYTES);
        return this;
    }

    /** Writes a signed number of eight bytes. */
    public BareWriter i64(long value) {
        output.littleEndian(value, Long.BYTES);
        return this;
    }

    /** Writes a boolean, 00 or 01. */
    public BareWriter bool(boolean value) {
        output.write(value ? 1 : 0);
        return this;
    }

    /** Writes a number of 64 bits in as few bytes as possible, one to ten; a negative long represents one above the largest long. */
    public BareWriter varint(long value) {
        long rest = value;
        while (Long.compareUnsigned(rest, MORE) >= 0) {
            output.write((int) rest | MORE);
            rest >>>= GROUP_BITS;
        }
        output.write((int) rest);
        return this;
    }

    /** Writes a text preceded by its length. Throws {@code INVALID_TEXT} for half of a surrogate pair, and then writes nothing. */
    public BareWriter string(String text) {
        byte[] utf8 = Utf8.encode(text, WireException.Reason.INVALID_TEXT);
        varint(utf8.length);
        output.write(utf8, 0, utf8.length);
        return this;
    }

    /** Writes bytes preceded by their length. */
    public BareWriter bytes(ByteString bytes) {
        varint(bytes.length());
        output.write(bytes);
        return this;
    }

    /** Writes a value, or the marker for an absent one. */
    public <T> BareWriter optional(@Nullable T value, BiConsumer<? super BareWriter, ? super T> writing) {
        bool(value != null);
        if (value != null) {
            writing.accept(this, value);
        }
        return this;
    }

    /** Writes the tag of a union, counted from 0; the value that belongs to the tag is written after it. */
    public BareWriter union(int tag) {
        if (tag < 0) {
            throw new IllegalArgumentException("negative tag: " + tag);
        }
        return varint(tag);
    }

    /** Writes a list preceded by its size. */
    public <T> BareWriter list(Collection<? extends T> elements, BiConsumer<? super BareWriter, ? super T> writing) {
        varint(elements.size());
        for (T element : elements) {
            writing.accept(this, element);
        }
        return this;
    }

    /** Writes an address: its transport and its value. */
    public BareWriter address(Address address) {
        address.writeTo(this);
        return this;
    }

    /** Writes a route: the number of its addresses, then the addresses. */
    public BareWriter route(Route route) {
        varint(route.size());
        for (Address address : route) {
            address.writeTo(this);
        }
        return this;
    }

    /** Writes bytes as they are, without their length. */
    public BareWriter raw(ByteString encoded) {
        output.write(encoded);
        return this;
    }

    /** Returns what was written. Writing may continue; the result does not change with it. */
    public ByteString toByteString() {
        return output.toByteString();
    }
}
