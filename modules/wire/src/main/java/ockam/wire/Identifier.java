// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.Arrays;
import java.util.HexFormat;
import ockam.wire.internal.Bytes;

/**
 * The permanent name of an identity: the 32-byte hash of its first change (secure channel, section 4.2).
 *
 * <p>Immutable and public: it is safe to log, and to compare in any way. Prints as {@code I} and 64 lower-case hex digits.
 */
public final class Identifier {

    /** The length in bytes. */
    public static final int LENGTH = 32;

    private static final String PREFIX = "I";
    private static final HexFormat HEX = HexFormat.of();

    private final byte[] bytes;

    private Identifier(byte[] owned) {
        bytes = owned;
    }

    /** Returns the identifier with these 32 bytes, which are copied; throws {@code INVALID_IDENTIFIER} for any other length. */
    public static Identifier of(ByteString bytes) {
        if (bytes.length() != LENGTH) {
            throw invalid("an identifier has 32 bytes");
        }
        return new Identifier(bytes.toArray());
    }

    /**
     * Reads the text form; blanks around it are ignored, and so is the case of the digits. Throws
     * {@code INVALID_IDENTIFIER} for anything else.
     */
    public static Identifier parse(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith(PREFIX) || trimmed.length() != PREFIX.length() + 2 * LENGTH) {
            throw invalid("the text of an identifier is 'I' and 64 hex digits");
        }
        try {
            return new Identifier(HEX.parseHex(trimmed, PREFIX.length(), trimmed.length()));
        } catch (IllegalArgumentException e) {
            throw invalid("the text of an identifier has a character that is not a hex digit");
        }
    }

    private static WireException invalid(String message) {
        return new WireException(WireException.Reason.INVALID_IDENTIFIER, message);
    }

    /** Returns the 32 bytes. */
    public ByteString bytes() {
        return Bytes.wrap(bytes); // shared with the byte string, which never exposes the array for writing
    }

    /** Returns the size of the encoding, 34 bytes. */
    public int encodedSize() {
        return Cbor.bytesSize(LENGTH);
    }

    /** Writes the identifier as a byte string. */
    public void writeTo(CborWriter writer) {
        writer.bytes(bytes, 0, LENGTH);
    }

    /** Reads a byte string of exactly 32 bytes and copies it. */
    public static Identifier readFrom(CborReader reader) {
        return new Identifier(reader.bytes(LENGTH).toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Identifier that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return PREFIX + HEX.formatHex(bytes);
    }
}
