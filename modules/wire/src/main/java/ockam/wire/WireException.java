// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import org.jspecify.annotations.Nullable;

/**
 * Reports that a value of this module cannot do what was asked of it, or cannot be made from the given input.
 *
 * <p>Thrown for mistakes of local code and configuration. Bytes from a peer never cause this exception by themselves: decoders
 * return {@link Decoded.Failure}. The message never repeats the text or the bytes that were refused.
 */
public final class WireException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Reason {
        /** A text with half of a surrogate pair, for which UTF-8 has no bytes. */
        INVALID_TEXT,
        /** A text or a number that does not form an address. */
        INVALID_ADDRESS,
        /** The value of an address has more than {@link Address#MAX_LENGTH} bytes. */
        ADDRESS_TOO_LONG,
        /** A text that does not form a route, or an empty route where one with addresses is needed. */
        INVALID_ROUTE,
        /** A text or bytes that do not form an identifier. */
        INVALID_IDENTIFIER,
        /** More attributes than {@link Attributes} holds, or more bytes of them. */
        TOO_MANY_ATTRIBUTES,
        /** An empty route was asked for an address. */
        INCOMPLETE_ROUTE,
        /** A value that its codec cannot encode, such as one with a null in it. */
        UNENCODABLE,
        /** A {@link Decoded.Failure} was asked for its value. */
        UNDECODABLE
    }

    private final Reason reason;

    /** Creates an exception with a text that is safe to log. */
    public WireException(Reason reason, String message) {
        this(reason, message, null);
    }

    /** Creates an exception with a text that is safe to log, and the exception behind it, if there is one. */
    public WireException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Returns what was wrong. */
    public Reason reason() {
        return reason;
    }
}
