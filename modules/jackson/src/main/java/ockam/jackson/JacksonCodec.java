// SPDX-License-Identifier: Apache-2.0

package ockam.jackson;

import akka.util.ByteString;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import ockam.wire.Codec;
import ockam.wire.DecodeFailure;
import ockam.wire.DecodeFailure.Reason;
import ockam.wire.Decoded;
import ockam.wire.WireException;
import ockam.wire.internal.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The codec of one type. The texts of Jackson's exceptions repeat what was read, so failures are told in words of our own, with nothing of
 * the payload but what looks like a name.
 */
record JacksonCodec<T>(Format format, String name, ObjectReader reader, ObjectWriter writer) implements Codec<T> {
    private static final Pattern NAME = Pattern.compile("[\\w.$-]{1,64}");

    // ---- writing ----

    @Override
    @SuppressWarnings("NullAway") // a mistake of the application's
    public ByteString encode(T value) {
        if (value == null) {
            throw unencodable("null", null);
        }
        try {
            return Bytes.wrap(writer.writeValueAsBytes(value)); // nobody else has the array
        } catch (IOException | RuntimeException e) {
            Throwable cause = e instanceof JsonMappingException ? e.getCause() : e;
            String what = cause instanceof Unencodable refused ? refused.what() : "the value";
            throw unencodable(what + path(e, 0), e);
        }
    }

    private WireException unencodable(String what, @Nullable Exception cause) {
        return new WireException(
                WireException.Reason.UNENCODABLE, "the codec " + name + " cannot encode " + what, cause);
    }

    // ---- reading ----

    @Override
    public Decoded<T> decode(ByteString payload) {
        byte[] bytes = Bytes.array(payload); // the parser only reads it, and keeps nothing of it
        if (bytes.length == 0) {
            return new Decoded.Failure<>(new DecodeFailure(Reason.TRUNCATED, 0));
        }
        try (JsonParser parser = reader.createParser(bytes)) {
            T value = reader.readValue(parser);
            if (value == null) {
                return Decoded.refused("it is null");
            }
            // Not the next token: CBOR has bytes that are none.
            int end = format.skipBlanks(bytes, offset(parser.currentLocation(), bytes.length));
            return end == bytes.length
                    ? new Decoded.Value<>(value)
                    : new Decoded.Failure<>(new DecodeFailure(Reason.TRAILING_BYTES, end));
        } catch (IOException | RuntimeException e) {
            return new Decoded.Failure<>(failure(e, bytes.length));
        }
    }

    private static DecodeFailure failure(Exception e, int length) {
        int offset = e instanceof JacksonException located ? offset(located.getLocation(), length) : 0;
        // What the parser throws inside a value has the path to that value around it.
        Throwable cause =
                e instanceof JsonMappingException && e.getCause() instanceof JsonProcessingException ? e.getCause() : e;
        return cause instanceof JsonEOFException
                ? new DecodeFailure(Reason.TRUNCATED, offset)
                : new DecodeFailure(Reason.INVALID_VALUE, offset, detail(cause) + path(e, unknown(e)));
    }

    private static int offset(@Nullable JsonLocation location, int length) {
        return location == null ? 0 : (int) Math.max(0, Math.min(location.getByteOffset(), length));
    }

    private static String detail(Throwable e) {
        if (e instanceof InvalidTypeIdException refused) {
            String id = refused.getTypeId();
            return (id != null && NAME.matcher(id).matches() ? id + " is" : "there is")
                    + " no type of "
                    + refused.getBaseType().getRawClass().getSimpleName();
        }
        if (e instanceof UnrecognizedPropertyException) {
            return "an unknown property";
        }
        if (e instanceof JsonMappingException && e.getCause() != null) { // of a constructor, for example
            return "refused with " + e.getCause().getClass().getSimpleName();
        }
        if (e instanceof MismatchedInputException refused && refused.getTargetType() != null) {
            return "no " + refused.getTargetType().getSimpleName();
        }
        if (e instanceof StreamConstraintsException) {
            return "beyond a limit";
        }
        return e instanceof StreamReadException ? "malformed" : e.getClass().getSimpleName();
    }

    /** How many names at the end of the path the sender chose. */
    private static int unknown(Exception e) {
        return e instanceof UnrecognizedPropertyException ? 1 : 0;
    }

    private static String path(Exception e, int withoutLast) {
        List<JsonMappingException.Reference> path =
                e instanceof JsonMappingException mapping ? mapping.getPath() : List.of();
        StringBuilder text = new StringBuilder();
        for (JsonMappingException.Reference step : path.subList(0, Math.max(0, path.size() - withoutLast))) {
            if (step.getFieldName() == null) {
                text.append('[').append(step.getIndex()).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(name(step));
            }
        }
        return text.isEmpty() ? "" : " in " + text;
    }

    /** The keys of a map are content, and not shown. */
    private static String name(JsonMappingException.Reference step) {
        Object from = step.getFrom();
        boolean isKey =
                from instanceof Map<?, ?> || (from instanceof Class<?> type && Map.class.isAssignableFrom(type));
        return isKey || !NAME.matcher(step.getFieldName()).matches() ? "?" : step.getFieldName();
    }

    @Override
    public String toString() {
        return name;
    }
}
