// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import ockam.wire.DecodeFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Reads BARE values in order, for a decoder passed to {@link Bare#decode} or {@link Bare#decodeStrictly}. The fields of a struct are
 * simply read in order.
 *
 * <pre>{@code
 * static Reading readFrom(BareReader reader) {
 *     return new Reading(reader.string(), reader.u32(), reader.list(BareReader::bytes));
 * }
 * }</pre>
 *
 * <p>No method returns on invalid input: decoding ends there, and {@code decode} returns the failure. Not thread safe.
 */
public final class BareReader {

    /**
     * Reads the value of one case of a tagged union.
     *
     * @param <T> the type that is decoded
     */
    @FunctionalInterface
    public interface Variant<T> {
        /** Reads what follows this tag; calls {@link #fail(String)} for an unknown tag. */
        T read(int tag, BareReader reader);
    }

    private static final int LONGEST_VARINT = 10;
    private static final int GROUP_BITS = 7;
    private static final int MORE = 0x80;

    private final Input input;
    private int depth;

    BareReader(Input input) {
        this.input = input;
    }

    /** Reads an unsigned number of one byte. */
    public int u8() {
        return (int) fixed(Byte.BYTES);
    }

    /** Reads an unsigned number of two bytes. */
    public int u16() {
        return (int) fixed(Short.BYTES);
    }

    /** Reads an unsigned number of four bytes. */
    public long u32() {
        return fixed(Integer.BYTES);
    }

    /** Reads an unsigned number of eight bytes; a value above {@link Long#MAX_VALUE} is returned as a negative long. */
    public long u64() {
        return fixed(Long.BYTES);
    }

    /** Reads a signed number of one byte. */
    public byte i8() {
        return (byte) fixed(Byte.BYTES);
    }

    /** Reads a signed number of two bytes. */
    public short i16() {
        return (short) fixed(Short.BYTES);
    }

    /** Reads a signed number of four bytes. */
    public int i32() {
        return (int) fixed(Integer.BYTES);
    }

    /** Reads a signed number of eight bytes. */
    public long i64() {
        return fixed(Long.BYTES);
    }

    private long fixed(int size) {
        input.startItem();
        return input.littleEndian(size);
    }

    /** Reads a boolean; every byte but 00 is true, or only 01 in a strict decoding. */
    public boolean bool() {
        int value = u8();
        input.requireStrictly(value <= 1, Reason.INVALID_VALUE);
        return value != 0;
    }

    /**
     * Reads a number of 64 bits in one to ten bytes, and in a strict decoding in as few as possible; a value above
     * {@link Long#MAX_VALUE} is returned as a negative long.
     */
    public long varint() {
        input.startItem();
        long value = 0;
        for (int i = 0; i < LONGEST_VARINT; i++) {
            int group = input.read();
            if (i == LONGEST_VARINT - 1 && group > 1) {
                break; // more than 64 bits
            }
            value |= (long) (group & ~MORE) << (i * GROUP_BITS);
            if (group < MORE) {
                input.requireStrictly(group > 0 || i == 0, Reason.INVALID_VALUE);
                return value;
            }
        }
        throw input.refusal(Reason.INVALID_VALUE);
    }

    /** Reads a text; fails with {@code INVALID_UTF8} if the bytes are not one. */
    public String string() {
        return input.text(varint());
    }

    /** Reads bytes preceded by their length, as a view of the input: they keep the whole input in memory. */
    public ByteString bytes() {
        return input.view(varint());
    }

    /** The same; {@code TOO_LONG} beyond this length. */
    ByteString bytes(int maxLength) {
        long length = varint();
        if (Long.compareUnsigned(length, maxLength) > 0) {
            throw input.refusal(Reason.TOO_LONG);
        }
        return input.view(length);
    }

    /** The value, or null when it is absent. */
    public <T> @Nullable T optional(Function<? super BareReader, ? extends T> value) {
        return bool() ? value.apply(this) : null;
    }

    /** Reads a value of a tagged union; fails with {@code INVALID_VALUE} for a tag that does not fit into an int. */
    public <T> T union(Variant<? extends T> variant) {
        long tag = varint();
        if (Long.compareUnsigned(tag, Integer.MAX_VALUE) > 0) {
            throw input.refusal(Reason.INVALID_VALUE);
        }
        enter();
        T value = variant.read((int) tag, this);
        depth--;
        return value;
    }

    /** Reads a list of at most as many elements as the limits allow. */
    public <T> List<T> list(Function<? super BareReader, ? extends T> element) {
        return list(input.limits().maxItems(), element);
    }

    /**
     * Reads an immutable list of at most {@code maxItems} elements, or fewer if the limits are lower; otherwise fails with
     * {@code TOO_MANY}. An element has at least one byte.
     */
    public <T> List<T> list(int maxItems, Function<? super BareReader, ? extends T> element) {
        int count = input.count(varint(), Math.min(maxItems, input.limits().maxItems()), 1);
        enter();
        List<T> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            elements.add(element.apply(this));
        }
        depth--;
        return List.copyOf(elements);
    }

    /** Reads an address: its transport and its value, which is copied. */
    public Address address() {
        return Address.readFrom(this);
    }

    /** Reads a route of at most {@link Route#MAX_LENGTH} addresses. */
    public Route route() {
        return Route.of(list(Route.MAX_LENGTH, BareReader::address));
    }

    /** Refuses the value read last. Declared to return a value, so that it can be used as an expression. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // never returns, so any type will do
    public <T> T fail(Reason reason) {
        throw input.refusal(reason);
    }

    /** Refuses it as {@code INVALID_VALUE}, and says why ({@link DecodeFailure#detail}). */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T fail(String detail) {
        throw input.refusal(Reason.INVALID_VALUE, detail);
    }

    /** How many bytes have been read. */
    int position() {
        return input.position();
    }

    private void enter() {
        depth++;
        if (depth > input.limits().maxDepth()) {
            throw input.refusal(Reason.TOO_DEEP);
        }
    }
}
