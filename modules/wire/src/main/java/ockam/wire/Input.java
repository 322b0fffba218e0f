// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import ockam.wire.DecodeFailure.Reason;
import ockam.wire.internal.Bytes;

/**
 * The bytes that a reader works on, and its position in them. Refuses to read past the end, and checks every claimed length and
 * count against the limits and the remaining bytes before anything is allocated for it. One input serves one decoding.
 */
final class Input {

    static final int END = -1;

    private final ByteString source;
    private final ByteBuffer buffer;
    private final CborLimits limits;
    private int position;
    private int itemStart;
    private boolean strict;
    private boolean over;

    /** Source and buffer hold the same bytes; the buffer is only read. */
    private Input(ByteString source, ByteBuffer buffer, CborLimits limits) {
        this.source = source;
        this.buffer = buffer;
        this.limits = limits;
    }

    static Input of(ByteString bytes, CborLimits limits) {
        ByteString source = Bytes.onePiece(bytes);
        return new Input(source, Bytes.buffer(source), limits);
    }

    static Input of(byte[] bytes, CborLimits limits) {
        // The caller of decode gave up ownership of the array.
        return new Input(Bytes.wrap(bytes), ByteBuffer.wrap(bytes), limits);
    }

    /** Makes the decoding strict: every value has one form, and nothing follows the whole. */
    Input strictly() {
        strict = true;
        return this;
    }

    /** Runs a decoder on a reader of this input; a refusal of this input, and only of this one, becomes a failure. */
    <R, T> Decoded<T> decode(Function<Input, R> reader, Function<? super R, ? extends T> decoder) {
        try {
            T value = decoder.apply(reader.apply(this));
            startItem();
            requireStrictly(position == buffer.limit(), Reason.TRAILING_BYTES);
            return new Decoded.Value<>(value);
        } catch (Refusal refusal) {
            if (!refusal.belongsTo(this)) {
                throw refusal; // from an enclosing reader, whose own input handles it
            }
            return new Decoded.Failure<>(refusal.failure());
        } finally {
            over = true;
        }
    }

    /** Marks the item that begins here as the one that a refusal points at. */
    void startItem() {
        itemStart = position;
    }

    /** Returns what to throw when the item read last breaks a rule. */
    RuntimeException refusal(Reason reason) {
        return refusal(reason, "");
    }

    /** The same with a detail. */
    RuntimeException refusal(Reason reason, String detail) {
        return over
                ? new IllegalStateException("the decoding that this reader belongs to has ended")
                : new Refusal(this, new DecodeFailure(reason, itemStart, detail));
    }

    /** Refuses the item read last if only a tolerant decoder takes it. */
    void requireStrictly(boolean condition, Reason otherwise) {
        if (strict && !condition) {
            throw refusal(otherwise);
        }
    }

    CborLimits limits() {
        return limits;
    }

    int position() {
        return position;
    }

    /** Returns the next byte, 0..255, without consuming it, or {@link #END}. */
    int peek() {
        return position < buffer.limit() ? Byte.toUnsignedInt(buffer.get(position)) : END;
    }

    /** Consumes the next byte, 0..255. */
    int read() {
        require(1);
        return Byte.toUnsignedInt(buffer.get(position++));
    }

    long bigEndian(int size) {
        require(size);
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << Byte.SIZE | read();
        }
        return value;
    }

    long littleEndian(int size) {
        return Long.reverseBytes(bigEndian(size)) >>> (Long.SIZE - size * Byte.SIZE);
    }

    /** Consumes a byte string as a view of the input. */
    ByteString view(long length) {
        int start = advance(length);
        return source.slice(start, position);
    }

    /** Consumes a byte string as a copy. */
    byte[] copy(long length) {
        int start = advance(length);
        byte[] copy = new byte[position - start];
        buffer.get(start, copy);
        return copy;
    }

    /** Consumes a text and checks that it is UTF-8. */
    String text(long length) {
        int start = advance(length);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(buffer.slice(start, position - start))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refusal(Reason.INVALID_UTF8);
        }
    }

    /** Moves past a byte string or text of this claimed length, an unsigned number; returns the position where it began. */
    int advance(long length) {
        if (Long.compareUnsigned(length, limits.maxLength()) > 0) {
            throw refusal(Reason.TOO_LONG);
        }
        require(length);
        int start = position;
        position += (int) length;
        return start;
    }

    /** Checks a claimed number of entries, an unsigned number, each of which has at least this many bytes. */
    int count(long claimed, int maxEntries, int bytesEach) {
        if (Long.compareUnsigned(claimed, maxEntries) > 0) {
            throw refusal(Reason.TOO_MANY);
        }
        require(claimed * bytesEach);
        return (int) claimed;
    }

    private void require(long bytes) {
        if (bytes > buffer.limit() - position) {
            throw refusal(Reason.TRUNCATED);
        }
    }
}
