// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import ockam.wire.CborWriter;
import org.jspecify.annotations.Nullable;

/**
 * What a service answers (authority, section 1.1).
 *
 * @param status 200, or why not
 * @param body what belongs to 200, if anything does
 * @param error what to say otherwise
 */
record Reply(
        int status, @Nullable ByteString body, @Nullable String error) {
    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int INTERNAL_ERROR = 500;

    static final Reply DONE = new Reply(OK, null, null);
    static final Reply UNKNOWN_PATH = badRequest("unknown path");

    static Reply of(ByteString body) {
        return new Reply(OK, body, null);
    }

    static Reply badRequest(String error) {
        return new Reply(BAD_REQUEST, null, error);
    }

    static Reply forbidden(String error) {
        return new Reply(FORBIDDEN, null, error);
    }

    static Reply failed(String error) {
        return new Reply(INTERNAL_ERROR, null, error);
    }

    boolean isOk() {
        return status == OK;
    }

    /** Encodes the answer to this request, with a number of its own. */
    ByteString encode(long id, Request request) {
        return encode(id, request.id(), request.path(), request.method());
    }

    /**
     * Encodes the answer to what is no request.
     *
     * @param re the number of that, or 0
     */
    ByteString encode(long id, long re) {
        return encode(id, re, null, null);
    }

    private ByteString encode(long id, long re, @Nullable String path, @Nullable Method method) {
        ByteString content = error == null ? body : error(path, method);
        CborWriter writer = CborWriter.create(64).map(4);
        writer.unsigned(1).unsigned(id).unsigned(2).unsigned(re);
        writer.unsigned(3).unsigned(status).unsigned(4).bool(content != null);
        if (content != null) {
            writer.raw(content);
        }
        return Incoming.wrapped(writer.toByteString());
    }

    private ByteString error(@Nullable String path, @Nullable Method method) {
        CborWriter writer = CborWriter.create(64).map(1 + (path == null ? 0 : 1) + (method == null ? 0 : 1));
        if (path != null) {
            writer.unsigned(1).text(path);
        }
        if (method != null) {
            writer.unsigned(2).unsigned(method.number());
        }
        return writer.unsigned(3).text(error == null ? "" : error).toByteString();
    }

    /** Prints no body: it may hold a code. */
    @Override
    public String toString() {
        return "Reply(" + status + (error == null ? "" : ", " + error) + ")";
    }
}
