// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A structure with one field of each kind that Ockam's messages have, written and read as the other modules do it.
 *
 * <p>{@code [ route, id, ?number, flag, [ *text ], { *h'key': h'value' }, choice, ?h'note' ]}
 */
record Sample(
        Route route,
        Identifier id,
        @Nullable Long number,
        boolean flag,
        List<String> texts,
        Map<ByteString, ByteString> attributes,
        Choice choice,
        @Nullable ByteString note) {

    sealed interface Choice {}

    record Key(ByteString bytes) implements Choice {}

    record Range(long from, long until) implements Choice {}

    record Nothing() implements Choice {}

    static Decoded<Sample> decode(byte[] bytes) {
        return Cbor.decode(bytes, CborLimits.defaults(), Sample::readFrom);
    }

    ByteString encode() {
        CborWriter writer = CborWriter.create(0);
        writeTo(writer);
        return writer.toByteString();
    }

    void writeTo(CborWriter writer) {
        writer.array(note == null ? 7 : 8);
        route.writeTo(writer);
        id.writeTo(writer);
        writer.optional(number, (value, out) -> out.unsigned(value))
                .bool(flag)
                .list(texts, (text, out) -> out.text(text))
                .sortedMap(attributes);
        if (choice instanceof Key key) {
            writer.variant(0, 1).bytes(key.bytes());
        } else if (choice instanceof Range range) {
            writer.variant(1, 2).unsigned(range.from()).unsigned(range.until());
        } else {
            writer.variant(2, 0);
        }
        if (note != null) {
            writer.bytes(note);
        }
    }

    static Sample readFrom(CborReader reader) {
        return reader.struct(fields -> new Sample(
                Route.readFrom(fields),
                Identifier.readFrom(fields),
                fields.optional(CborReader::unsigned),
                fields.bool(),
                fields.list(CborReader::text),
                fields.map(CborReader::bytes, CborReader::bytes),
                readChoice(fields),
                fields.optional(CborReader::bytes)));
    }

    private static Choice readChoice(CborReader reader) {
        return reader.variant((index, fields) -> switch (index) {
            case 0 -> new Key(fields.bytes(4));
            case 1 -> new Range(fields.unsigned(), fields.unsigned());
            case 2 -> new Nothing();
            default -> fields.fail(DecodeFailure.Reason.INVALID_VALUE);
        });
    }
}
