// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;

/**
 * A message as transports carry it from node to node: both routes and the payload, as an array in CBOR (routing, section 3.3).
 *
 * <p>It is written with four elements, the last one null, because some peers accept nothing else. It is read with three elements, or with a
 * tracing context as the fourth, which is dropped.
 */
public final class TransportMessage {
    /** The most bytes that an encoded message may have, 16 MiB (routing, section 3.2). */
    public static final int MAX_SIZE = 16 * 1024 * 1024;

    /** What the encoding adds to the routes and a payload of 64 KiB or more: the heads of the array and of the payload, and the null. */
    public static final int OVERHEAD = 7;

    /** A payload of fewer bytes is copied, so that it keeps nothing else in memory. */
    private static final int COPIED = 1024;

    private static final int ELEMENTS = 4;
    private static final ByteString END = ByteString.fromArray(new byte[] {(byte) Cbor.NULL});

    private TransportMessage() {}

    /** The exact size of an encoded message, in bytes. */
    public static int encodedSize(LocalMessage message) {
        return Math.addExact(
                Math.addExact(
                        Cbor.headSize(ELEMENTS) + END.size(),
                        Math.addExact(
                                message.onwardRoute().encodedSize(),
                                message.returnRoute().encodedSize())),
                Cbor.bytesSize(message.payload().size()));
    }

    /** Encodes a message without its local info. The result shares the memory of a payload of 1 KiB or more. */
    public static ByteString encode(LocalMessage message) {
        ByteString payload = message.payload();
        boolean copies = payload.size() < COPIED;
        CborWriter writer = CborWriter.create(encodedSize(message) - (copies ? 0 : payload.size() + END.size()));
        writer.array(ELEMENTS);
        message.onwardRoute().writeTo(writer);
        message.returnRoute().writeTo(writer);
        return copies
                ? writer.bytes(payload).nul().toByteString()
                : writer.bytesHead(payload.size())
                        .toByteString()
                        .concat(payload)
                        .concat(END);
    }

    /**
     * Decodes a message. A payload of 1 KiB or more shares the memory of the bytes.
     *
     * @param bytes at most {@link #MAX_SIZE}; anything after the message is ignored
     */
    public static Decoded<LocalMessage> decode(ByteString bytes) {
        return Cbor.decode(
                bytes,
                CborLimits.defaults(),
                reader -> reader.struct(fields -> {
                    Route onward = Route.readFrom(fields);
                    Route back = Route.readFrom(fields);
                    ByteString payload = fields.bytes();
                    fields.optional(CborReader::text);
                    return LocalMessage.of(onward, back, payload.size() < COPIED ? payload.compact() : payload);
                }));
    }
}
