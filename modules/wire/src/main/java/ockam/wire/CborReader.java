// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import ockam.wire.DecodeFailure.Reason;
import ockam.wire.internal.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads CBOR items in order, for a decoder passed to {@link Cbor#decode}.
 *
 * <p>A decoder looks like the structure that it decodes:
 *
 * <pre>{@code
 * static Attestation readFrom(CborReader reader) {          // [ h'32 bytes', ?uint, [ * h'..' ], key ]
 *     return reader.struct(fields -> new Attestation(
 *             fields.bytes(32),
 *             fields.optional(CborReader::unsigned),
 *             fields.list(CborReader::bytes),
 *             Key.readFrom(fields)));
 * }
 *
 * static Key readFrom(CborReader reader) {                  // [0, [ h'32' ]] or [1, [ h'65' ]]
 *     return reader.variant((index, fields) -> switch (index) {
 *         case 0 -> new Ed25519(fields.bytes(32));
 *         case 1 -> new P256(fields.bytes(65));
 *         default -> fields.fail(INVALID_VALUE);
 *     });
 * }
 * }</pre>
 *
 * <p>No method returns on invalid input: decoding ends there, and {@code decode} returns the failure. Inside a struct only its
 * own fields can be read, and fields that the decoder does not read are skipped. Not thread safe.
 */
public final class CborReader {

    /**
     * Reads the fields of a variant of an enum.
     *
     * @param <T> the type that is decoded
     */
    @FunctionalInterface
    public interface Variant<T> {
        /** Reads the fields of the variant with this index; calls {@link #fail(String)} for an unknown index. */
        T read(int index, CborReader fields);
    }

    private static final int USUAL_CAPACITY = 10; // regardless of the length that a list claims
    private static final int MAX_BYTE = 0xff;

    private final Input input;
    private int depth;
    // For the array or map that is being read: how many items it still has, and whether a break may end it earlier. At
    // the top
    // level, items follow each other until the input ends.
    private long left = Long.MAX_VALUE;
    private boolean open;

    CborReader(Input input) {
        this.input = input;
    }

    /** Reads an unsigned number of 64 bits; a value above {@link Long#MAX_VALUE} is returned as a negative long. */
    public long unsigned() {
        return argument(info(Cbor.UNSIGNED));
    }

    /** Reads an unsigned number; fails with {@code INVALID_VALUE} above {@code max}. */
    public int unsigned(int max) {
        long value = unsigned();
        if (Long.compareUnsigned(value, max) > 0) {
            throw input.refusal(Reason.INVALID_VALUE);
        }
        return (int) value;
    }

    /** Reads true or false. */
    public boolean bool() {
        return switch (initialByte()) {
            case Cbor.FALSE -> false;
            case Cbor.TRUE -> true;
            default -> throw input.refusal(Reason.UNEXPECTED_TYPE);
        };
    }

    /** Reads a byte string, as a view of the input: it keeps the whole input in memory. */
    public ByteString bytes() {
        return input.view(definite(info(Cbor.BYTES)));
    }

    /** A byte string, as a copy that keeps nothing else in memory; {@code TOO_LONG} beyond this length. */
    byte[] copyOfBytes(int maxLength) {
        long length = definite(info(Cbor.BYTES));
        if (length > maxLength) {
            throw input.refusal(Reason.TOO_LONG);
        }
        return input.copy(length);
    }

    /** Reads a byte string of exactly this length, as a view of the input; fails with {@code WRONG_LENGTH} for any other. */
    public ByteString bytes(int exactLength) {
        long length = definite(info(Cbor.BYTES));
        if (length != exactLength) {
            throw input.refusal(Reason.WRONG_LENGTH);
        }
        return input.view(length);
    }

    /**
     * Reads bytes, from a byte string or from an array with a number for each, in which peers in Rust write them unless they are told
     * otherwise (routing, section 2.2).
     */
    public ByteString bytesOrNumbers() {
        if (input.peek() >>> Cbor.MAJOR_SHIFT == Cbor.BYTES) {
            return bytes();
        }
        List<Integer> numbers = elements(input.limits().maxItems(), element -> element.unsigned(MAX_BYTE));
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = numbers.get(i).byteValue();
        }
        return Bytes.wrap(bytes);
    }

    /** Reads a text; fails with {@code INVALID_UTF8} if the bytes are not one. */
    public String text() {
        return input.text(definite(info(Cbor.TEXT)));
    }

    /** Reads a field, or null when it is encoded as null or the struct ends before it. */
    public <T> @Nullable T optional(Function<? super CborReader, ? extends T> field) {
        if (!hasNext()) {
            return null;
        }
        if (input.peek() == Cbor.NULL) {
            skip();
            return null;
        }
        return field.apply(this);
    }

    /**
     * Reads a struct, encoded as an array. The fields are read from the reader that the function receives; further elements are
     * skipped. A missing field fails with {@code WRONG_LENGTH}, unless it is read by {@link #optional}.
     */
    public <T> T struct(Function<? super CborReader, ? extends T> fields) {
        int info = info(Cbor.ARRAY);
        long outerLeft = left;
        boolean outerOpen = open;
        enter(info, 1);
        T value = fields.apply(this);
        while (hasNext()) {
            skip();
        }
        leave(outerLeft, outerOpen);
        return value;
    }

    /** Reads a value of an enum: an array of exactly two items, the index of the variant and the struct of its fields. */
    public <T> T variant(Variant<? extends T> variant) {
        int info = info(Cbor.ARRAY);
        long outerLeft = left;
        boolean outerOpen = open;
        if (info == Cbor.INDEFINITE) {
            throw input.refusal(Reason.INDEFINITE_LENGTH);
        }
        enter(info, 1);
        if (left != 2) {
            throw input.refusal(Reason.WRONG_LENGTH);
        }
        int index = unsigned(Integer.MAX_VALUE);
        T value = struct(fields -> variant.read(index, fields));
        leave(outerLeft, outerOpen);
        return value;
    }

    /** Reads a list of at most as many elements as the limits allow. */
    public <T> List<T> list(Function<? super CborReader, ? extends T> element) {
        return list(input.limits().maxItems(), element);
    }

    /**
     * Reads an immutable list of at most {@code maxItems} elements, or fewer if the limits are lower; otherwise fails with
     * {@code TOO_MANY}.
     */
    public <T> List<T> list(int maxItems, Function<? super CborReader, ? extends T> element) {
        return List.copyOf(elements(maxItems, element));
    }

    /** Reads the same into a list that belongs to the caller, for callers that convert it. */
    <T> List<T> elements(int maxItems, Function<? super CborReader, ? extends T> element) {
        int info = info(Cbor.ARRAY);
        long outerLeft = left;
        boolean outerOpen = open;
        enter(info, 1, Math.min(maxItems, input.limits().maxItems()));
        List<T> elements = new ArrayList<>((int) Math.min(left, USUAL_CAPACITY));
        while (hasNext()) {
            elements.add(element.apply(this));
        }
        leave(outerLeft, outerOpen);
        return elements;
    }

    /** Reads an unmodifiable map in the order of the input, at most as large as the limits allow. Of equal keys, the last one counts. */
    public <K, V> Map<K, V> map(
            Function<? super CborReader, ? extends K> key, Function<? super CborReader, ? extends V> value) {
        int info = info(Cbor.MAP);
        long outerLeft = left;
        boolean outerOpen = open;
        enter(info, 2);
        Map<K, V> entries = new LinkedHashMap<>();
        while (hasNext()) {
            K nextKey = key.apply(this);
            entries.put(nextKey, value.apply(this));
        }
        leave(outerLeft, outerOpen);
        return Collections.unmodifiableMap(entries);
    }

    /** Skips one item of any well-formed kind, including tags, floating-point numbers and indefinite strings. */
    public void skip() {
        int initial = initialByte();
        while (initial >>> Cbor.MAJOR_SHIFT == Cbor.TAG) {
            argument(initial & Cbor.INFO_MASK);
            initial = input.read();
        }
        int info = initial & Cbor.INFO_MASK;
        switch (initial >>> Cbor.MAJOR_SHIFT) {
            case Cbor.BYTES, Cbor.TEXT -> skipString(initial);
            case Cbor.ARRAY -> skipItems(info, 1);
            case Cbor.MAP -> skipItems(info, 2);
            case Cbor.SIMPLE -> skipSimple(initial);
            default -> argument(info); // a number
        }
    }

    /** Refuses the value formed by the items read last. Declared to return a value, so that it can be used as an expression. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // never returns, so any type will do
    public <T> T fail(Reason reason) {
        throw input.refusal(reason);
    }

    /** Refuses it as {@code INVALID_VALUE}, and says why ({@link DecodeFailure#detail}). */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T> T fail(String detail) {
        throw input.refusal(Reason.INVALID_VALUE, detail);
    }

    private void skipString(int initial) {
        if ((initial & Cbor.INFO_MASK) != Cbor.INDEFINITE) {
            input.advance(argument(initial & Cbor.INFO_MASK));
            return;
        }
        while (input.peek() != Cbor.BREAK) { // chunks, each definite and of the same kind
            input.startItem();
            int piece = input.read();
            if (piece >>> Cbor.MAJOR_SHIFT != initial >>> Cbor.MAJOR_SHIFT) {
                throw input.refusal(Reason.UNEXPECTED_TYPE);
            }
            input.advance(definite(piece & Cbor.INFO_MASK));
        }
        input.read();
    }

    private void skipItems(int info, int itemsPerEntry) {
        long outerLeft = left;
        boolean outerOpen = open;
        enter(info, itemsPerEntry);
        while (hasNext()) {
            skip();
            if (itemsPerEntry == 2) {
                skip();
            }
        }
        leave(outerLeft, outerOpen);
    }

    private void skipSimple(int initial) {
        if (initial == Cbor.BREAK) {
            throw input.refusal(Reason.UNEXPECTED_TYPE);
        }
        long value = argument(initial & Cbor.INFO_MASK);
        if ((initial & Cbor.INFO_MASK) == Cbor.ONE_BYTE && value <= Cbor.INFO_MASK) {
            throw input.refusal(Reason.INVALID_VALUE); // has a one-byte form, and must have no other
        }
    }

    /** Returns whether the array or map that is being read has another item. */
    private boolean hasNext() {
        return left > 0 && !(open && input.peek() == Cbor.BREAK);
    }

    private void enter(int info, int itemsPerEntry) {
        enter(info, itemsPerEntry, input.limits().maxItems());
    }

    /** Opens the array or map whose initial byte was just read; its depth and its claimed size are checked here. */
    private void enter(int info, int itemsPerEntry, int maxEntries) {
        depth++;
        if (depth > input.limits().maxDepth()) {
            throw input.refusal(Reason.TOO_DEEP);
        }
        open = info == Cbor.INDEFINITE;
        int entries = open ? maxEntries : input.count(argument(info), maxEntries, itemsPerEntry);
        left = (long) entries * itemsPerEntry;
    }

    /** Closes the array or map, which has no items left, and continues in the one around it. */
    private void leave(long outerLeft, boolean outerOpen) {
        if (open && input.read() != Cbor.BREAK) {
            throw input.refusal(Reason.TOO_MANY);
        }
        depth--;
        left = outerLeft;
        open = outerOpen;
    }

    private int info(int major) {
        int initial = initialByte();
        if (initial >>> Cbor.MAJOR_SHIFT != major) {
            throw input.refusal(Reason.UNEXPECTED_TYPE);
        }
        return initial & Cbor.INFO_MASK;
    }

    private int initialByte() {
        input.startItem();
        if (!hasNext()) {
            throw input.refusal(left == 0 && open ? Reason.TOO_MANY : Reason.WRONG_LENGTH);
        }
        left--;
        return input.read();
    }

    private long definite(int info) {
        if (info == Cbor.INDEFINITE) {
            throw input.refusal(Reason.INDEFINITE_LENGTH);
        }
        return argument(info);
    }

    private long argument(int info) {
        if (info < Cbor.ONE_BYTE) {
            return info;
        }
        if (info > Cbor.EIGHT_BYTES) {
            throw input.refusal(Reason.INVALID_VALUE);
        }
        return input.bigEndian(1 << (info - Cbor.ONE_BYTE));
    }
}
