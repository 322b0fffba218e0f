// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Says that a value of this module was asked for something it cannot do, or was to be made from something that it is not.
 *
 * <p>Thrown for mistakes of local code and configuration. Bytes that come from a peer never lead here by themselves:
 * decoders answer with {@link Decoded.Failure}. The message never repeats the text or the bytes that were refused.
 */
public final class WireException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Reason {
        /** A text with half of a surrogate pair, for which UTF-8 has no bytes. */
        INVALID_TEXT,
        /** A text or a number that does not form an address. */
        INVALID_ADDRESS,
        /** A text that does not form a route, or an empty route where one with addresses is needed. */
        INVALID_ROUTE,
        /** A text or bytes that do not form an identifier. */
        INVALID_IDENTIFIER,
        /** An address was asked of an empty route. */
        INCOMPLETE_ROUTE,
        /** The value of a {@link Decoded.Failure} was asked for. */
        UNDECODABLE
    }

    private final Reason reason;

    /** An exception with a text that is safe to log. */
    public WireException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** What was wrong. */
    public Reason reason() {
        return reason;
    }
}
