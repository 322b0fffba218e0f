// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Why, and where, bytes were refused by a decoder.
 *
 * @param reason the rule that was broken
 * @param offset where the item begins that broke it, counted from the start of the input
 */
public record DecodeFailure(Reason reason, int offset) {

    /** The rule that was broken. */
    public enum Reason {
        /** The input ends before the value does. */
        TRUNCATED,
        /** Another kind of item than the one that belongs here. */
        UNEXPECTED_TYPE,
        /** An indefinite length where only a definite one is allowed: byte strings, texts and the pair around a variant. */
        INDEFINITE_LENGTH,
        /** A byte string or an array that does not have the one length that fits, or a struct that lacks a field. */
        WRONG_LENGTH,
        /** A byte string or a text beyond {@link CborLimits#maxLength()}. */
        TOO_LONG,
        /** An array, a map or a list beyond the number of entries allowed for it. */
        TOO_MANY,
        /** Nesting beyond {@link CborLimits#maxDepth()}. */
        TOO_DEEP,
        /** A text that is not UTF-8. */
        INVALID_UTF8,
        /** Well-formed, but outside what the value may be, or in another form than the one that a strict decoder takes. */
        INVALID_VALUE,
        /** The value is complete, but more bytes follow; only for a strict decoder. */
        TRAILING_BYTES
    }

    @Override
    public String toString() {
        return reason + " at byte " + offset;
    }
}
