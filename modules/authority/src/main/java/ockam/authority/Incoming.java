// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import ockam.wire.Bare;
import ockam.wire.BareReader;
import ockam.wire.BareWriter;
import ockam.wire.Cbor;
import ockam.wire.CborLimits;
import ockam.wire.CborReader;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import org.jspecify.annotations.Nullable;

/** What arrives at a service of an authority (authority, section 1.1). */
sealed interface Incoming permits Request, Incoming.Unreadable {
    /** The longest request in bytes: twice what attributes may have. */
    int MAX_LENGTH = 32 * 1024;

    CborLimits LIMITS = new CborLimits(8, MAX_LENGTH, MAX_LENGTH);

    /** The number by which the answer names it, of 32 bits. */
    long id();

    /**
     * A request that cannot be read beyond its number. Implementations in Rust do not answer it (authority, section 1.1).
     *
     * @param id its number
     * @param why which rule it breaks, safe to show
     */
    record Unreadable(long id, String why) implements Incoming {}

    /** Only decodes; whatever has no number is refused, since nobody could say what an answer belongs to. */
    static Codec<Incoming> codec() {
        return IncomingCodec.INSTANCE;
    }

    /** Decodes requests. */
    final class IncomingCodec implements Codec<Incoming> {
        private static final IncomingCodec INSTANCE = new IncomingCodec();

        private IncomingCodec() {}

        @Override
        public ByteString encode(Incoming value) {
            if (value instanceof Request request) {
                return request.encode();
            }
            throw new IllegalArgumentException("only a request can be sent");
        }

        @Override
        public Decoded<Incoming> decode(ByteString payload) {
            return Bare.decode(payload, LIMITS, BareReader::bytes).flatMap(IncomingCodec::read);
        }

        private static Decoded<Incoming> read(ByteString content) {
            Header header = new Header();
            Decoded<Incoming> decoded = Cbor.decode(content, LIMITS, reader -> header.read(reader, content));
            if (decoded instanceof Decoded.Failure<Incoming> refused && header.id != null) {
                return new Decoded.Value<>(
                        new Unreadable(header.id, refused.failure().toString()));
            }
            return decoded;
        }

        @Override
        public String name() {
            return "request to an authority";
        }
    }

    /** A header that is being read. */
    final class Header {
        private static final int MAX_ID_BITS = 32;

        private @Nullable Long id;
        private @Nullable String path;
        private @Nullable Method method;
        private @Nullable Boolean hasBody;

        private Incoming read(CborReader reader, ByteString content) {
            Fields.read(reader, this::read);
            if (id == null || path == null || hasBody == null) {
                return reader.fail(
                        "the header has no " + (id == null ? "id" : path == null ? "path" : "word of a body"));
            }
            return new Request(id, path, method, content, hasBody);
        }

        private static Method method(CborReader reader) {
            long number = reader.unsigned();
            for (Method each : Method.values()) {
                if (each.number() == number) {
                    return each;
                }
            }
            return reader.fail("there is no such method");
        }

        private void read(long number, CborReader value) {
            switch ((int) Math.min(number & Long.MAX_VALUE, Integer.MAX_VALUE)) {
                case 1 -> {
                    long read = value.unsigned();
                    id = read >>> MAX_ID_BITS == 0 ? (Long) read : value.<Long>fail("an id has 32 bits");
                }
                case 2 -> path = value.text();
                case 3 -> method = value.optional(Header::method);
                case 4 -> hasBody = value.bool();
                default -> value.skip();
            }
        }
    }

    /** Wraps header and body for the wire. */
    static ByteString wrapped(ByteString content) {
        return BareWriter.create(content.length() + 3).bytes(content).toByteString();
    }
}
