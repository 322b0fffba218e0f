// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import ockam.wire.internal.Bytes;

/**
 * One stop of a route: the number of a transport, and a value of any bytes whose meaning is up to that transport (routing, sections 1.1 to
 * 1.3). With the transport {@link #LOCAL}, the value names a worker of the node that handles the message.
 *
 * <p>Immutable; equality is that of the bytes and cheap, because every hop looks up one address. Ordered by transport and then by
 * the bytes, which keeps hash tables fast when a peer picks names that collide. Prints as {@code 0#name}. The value of a peer's
 * address is printed unchanged: escape it where it could do harm.
 */
public final class Address implements Comparable<Address> {

    /** The transport number of workers of the node itself. */
    public static final int LOCAL = 0;
    /** The transport number of TCP; values are {@code host:port}. */
    public static final int TCP = 1;
    /** The transport number of UDP; values are {@code host:port}. */
    public static final int UDP = 2;
    /** The transport number of WebSocket. */
    public static final int WEB_SOCKET = 3;
    /** The transport number of Bluetooth Low Energy. */
    public static final int BLE = 4;
    /** The transport number of Unix domain sockets; values are paths. */
    public static final int UNIX_SOCKET = 5;

    /** The most bytes that a value has, here and in whatever is decoded: an address is a name, and nodes keep names. */
    public static final int MAX_LENGTH = 512;

    /** What an address and its place in a route take on the heap beyond the value, in bytes, with a margin. */
    private static final int OVERHEAD = 96;

    private static final int LARGEST_TRANSPORT = 255;
    private static final int RANDOM_BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final int transport;
    private final byte[] value;
    private final int hash;

    private Address(int transport, byte[] owned) {
        if (transport < 0 || transport > LARGEST_TRANSPORT) {
            throw new IllegalArgumentException("a transport number is 0 to 255, not " + transport);
        }
        if (owned.length > MAX_LENGTH) {
            throw new WireException(
                    WireException.Reason.ADDRESS_TOO_LONG,
                    "the value of an address has at most " + MAX_LENGTH + " bytes, not " + owned.length);
        }
        this.transport = transport;
        this.value = owned;
        this.hash = 31 * Arrays.hashCode(owned) + transport;
    }

    /**
     * Returns the local address with exactly this name; a {@code #} in it is part of the name. Throws {@code INVALID_ADDRESS} for a name
     * with half of a surrogate pair, and {@code ADDRESS_TOO_LONG}.
     */
    public static Address of(String localName) {
        return of(LOCAL, localName);
    }

    /**
     * The address with the UTF-8 bytes of the text. Throws {@link IllegalArgumentException} unless transport is 0..255,
     * {@code INVALID_ADDRESS} for a text with half of a surrogate pair, which has no UTF-8 form, and {@code ADDRESS_TOO_LONG}.
     */
    public static Address of(int transport, String value) {
        return new Address(transport, Utf8.encode(value, WireException.Reason.INVALID_ADDRESS));
    }

    /** Returns the address with a copy of these bytes; throws {@link IllegalArgumentException} unless transport is 0..255. */
    public static Address of(int transport, ByteString value) {
        return new Address(transport, value.toArray());
    }

    /**
     * Reads the text form: {@code name} for a local address or {@code transport#value}, with a decimal transport 0..255 and
     * no further {@code #}. The empty text is the local address with an empty name. Throws {@code INVALID_ADDRESS}.
     */
    public static Address parse(String text) {
        int mark = text.indexOf('#');
        if (mark < 0) {
            return of(text);
        }
        if (text.indexOf('#', mark + 1) >= 0) {
            throw invalid("an address has at most one '#'");
        }
        return of(parseTransport(text.substring(0, mark)), text.substring(mark + 1));
    }

    private static int parseTransport(String digits) {
        boolean decimal =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int transport = decimal ? Integer.parseInt(digits) : -1;
        if (!decimal || transport > LARGEST_TRANSPORT) {
            throw invalid("the part of an address before '#' is a decimal 0 to 255");
        }
        return transport;
    }

    private static WireException invalid(String message) {
        return new WireException(WireException.Reason.INVALID_ADDRESS, message);
    }

    /** Returns a new local address that cannot be guessed: 16 random bytes, printed as 32 lower-case hex characters. */
    public static Address random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return of(HexFormat.of().formatHex(bytes));
    }

    /** Returns the number of the transport, 0..255. */
    public int transport() {
        return transport;
    }

    /** Returns the value, any bytes. */
    public ByteString value() {
        return Bytes.wrap(value); // shared with the byte string, which never exposes the array for writing
    }

    /** Returns whether this names a worker of the node that handles the message. */
    public boolean isLocal() {
        return transport == LOCAL;
    }

    /** What the address takes on the heap as a part of a route, in bytes: about, and rather more. */
    int footprint() {
        return OVERHEAD + value.length;
    }

    /** The exact size of the CBOR encoding. */
    public int encodedSize() {
        return 1 + Cbor.headSize(transport) + Cbor.bytesSize(value.length);
    }

    /** Writes {@code [transport, h'value']} (routing, section 3.3). */
    public void writeTo(CborWriter writer) {
        writer.array(2).unsigned(transport).bytes(value, 0, value.length);
    }

    /** Reads {@code [transport, h'value']}. The value is copied, because an address outlives the frame in which it arrived. */
    public static Address readFrom(CborReader reader) {
        return reader.struct(fields -> new Address(fields.unsigned(LARGEST_TRANSPORT), fields.copyOfBytes(MAX_LENGTH)));
    }

    void writeTo(BareWriter writer) {
        writer.u8(transport).bytes(value());
    }

    static Address readFrom(BareReader reader) {
        return new Address(reader.u8(), reader.bytes(MAX_LENGTH).toArray());
    }

    @Override
    public int compareTo(Address that) {
        return transport != that.transport
                ? Integer.compare(transport, that.transport)
                : Arrays.compareUnsigned(value, that.value);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Address that
                        && hash == that.hash
                        && transport == that.transport
                        && Arrays.equals(value, that.value));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return transport + "#" + text();
    }

    private String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            return "Invalid UTF-8";
        }
    }
}
