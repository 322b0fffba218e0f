// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import java.util.function.Function;
import ockam.wire.Cbor;
import ockam.wire.CborReader;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import org.jspecify.annotations.Nullable;

/**
 * A request to a service of an authority (routing, section 2.3).
 *
 * @param id its number, of 32 bits
 * @param path what it is about
 * @param method what is to be done; null is none that exists
 * @param content header and body as they arrived
 * @param hasBody whether what follows the header is a body
 */
record Request(long id, String path, @Nullable Method method, ByteString content, boolean hasBody) implements Incoming {

    /** Makes a request; a body of null is none. */
    static Request of(long id, Method method, String path, @Nullable ByteString body) {
        CborWriter writer = CborWriter.create(64).map(4);
        writer.unsigned(1).unsigned(id).unsigned(2).text(path);
        writer.unsigned(3).unsigned(method.number()).unsigned(4).bool(body != null);
        if (body != null) {
            writer.raw(body);
        }
        return new Request(id, path, method, writer.toByteString(), body != null);
    }

    ByteString encode() {
        return Incoming.wrapped(content);
    }

    /** Reads the body, one item behind the header. */
    <T> Decoded<T> body(Function<? super CborReader, ? extends T> decoder) {
        return hasBody
                ? Cbor.decode(content, LIMITS, reader -> {
                    reader.skip();
                    return decoder.apply(reader);
                })
                : Decoded.refused("there is none");
    }

    /** Whether it asks for this, with a path that is compared as a whole. */
    boolean is(Method wanted, String... paths) {
        if (method == wanted) {
            for (String each : paths) {
                if (path.equals(each)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Prints no body: it may hold a code. */
    @Override
    public String toString() {
        return "Request(" + id + ")";
    }
}
