// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import java.util.List;
import java.util.function.Function;
import ockam.wire.Bare;
import ockam.wire.BareReader;
import ockam.wire.Cbor;
import ockam.wire.CborLimits;
import ockam.wire.CborReader;
import ockam.wire.Decoded;
import org.jspecify.annotations.Nullable;

/**
 * An answer of an authority as a client reads it (routing, section 2.3).
 *
 * @param re the number of the request, or 0
 * @param status 200, or any other number; 0 if there was none
 * @param hasBody whether what follows the header is a body
 * @param content header and body
 */
record Answer(long re, long status, boolean hasBody, ByteString content) {
    /** The longest answer: that with all members. */
    static final int MAX_LENGTH = 8 * 1024 * 1024;

    private static final CborLimits LIMITS = new CborLimits(8, 200_000, MAX_LENGTH);

    static Decoded<Answer> decode(ByteString payload) {
        return Bare.decode(payload, LIMITS, BareReader::bytes)
                .flatMap(content -> Cbor.decode(content, LIMITS, reader -> new Header().read(reader, content)));
    }

    private static final class Header {
        private @Nullable Long re;
        private long status;
        private @Nullable Boolean hasBody;

        private Answer read(CborReader reader, ByteString content) {
            Fields.read(reader, this::read);
            return re == null || hasBody == null
                    ? reader.fail("the header has no " + (re == null ? "id of a request" : "word of a body"))
                    : new Answer(re, status, hasBody, content);
        }

        private void read(long number, CborReader value) {
            switch ((int) Math.min(number & Long.MAX_VALUE, Integer.MAX_VALUE)) {
                case 2 -> re = value.unsigned();
                case 3 -> {
                    Long read = value.optional(CborReader::unsigned);
                    status = read == null ? 0 : read;
                }
                case 4 -> hasBody = value.bool();
                default -> value.skip();
            }
        }
    }

    boolean isOk() {
        return status == Reply.OK;
    }

    /** Reads the body, one item behind the header. */
    <T> Decoded<T> body(Function<? super CborReader, ? extends T> decoder) {
        return hasBody ? behindHeader(decoder) : Decoded.refused("there is no body");
    }

    private <T> Decoded<T> behindHeader(Function<? super CborReader, ? extends T> decoder) {
        return Cbor.decode(content, LIMITS, reader -> {
            reader.skip();
            return decoder.apply(reader);
        });
    }

    /** What an answer other than 200 says, whatever its header says of a body; empty if it says nothing that can be read. */
    String error() {
        for (Function<CborReader, String> form :
                List.<Function<CborReader, String>>of(Answer::errorMap, CborReader::text, Answer::utf8)) {
            if (behindHeader(form) instanceof Decoded.Value<String> text) {
                return text.value();
            }
        }
        return "";
    }

    private static String errorMap(CborReader reader) {
        String[] text = {""};
        Fields.read(reader, (number, value) -> {
            if (number == 3) {
                String read = value.optional(CborReader::text);
                text[0] = read == null ? "" : read;
            } else {
                value.skip();
            }
        });
        return text[0];
    }

    private static String utf8(CborReader reader) {
        return reader.bytes().utf8String();
    }

    /** Prints no body: it may hold a code. */
    @Override
    public String toString() {
        return "Answer(" + re + ", " + status + ")";
    }
}
