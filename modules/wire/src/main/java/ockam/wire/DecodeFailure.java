// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

/**
 * Why and where a decoder refused bytes.
 *
 * @param reason the rule that was broken
 * @param offset where the item that broke it begins, counted from the start of the input
 * @param detail what more the codec says, such as which field it was; may be empty. It is logged, so it repeats nothing of what was refused,
 *     except names that are meant to be shown
 */
public record DecodeFailure(Reason reason, int offset, String detail) {

    /** Creates a failure without a detail. */
    public DecodeFailure(Reason reason, int offset) {
        this(reason, offset, "");
    }

    /** The rule that was broken. */
    public enum Reason {
        /** The input ends before the value does. */
        TRUNCATED,
        /** An item of a different kind than expected here. */
        UNEXPECTED_TYPE,
        /** An indefinite length where only a definite one is allowed: byte strings, texts and the pair around a variant. */
        INDEFINITE_LENGTH,
        /** A byte string or an array that does not have the required length, or a struct that lacks a field. */
        WRONG_LENGTH,
        /** A byte string or a text beyond {@link CborLimits#maxLength()}. */
        TOO_LONG,
        /** An array, a map or a list beyond the number of entries allowed for it. */
        TOO_MANY,
        /** Nesting beyond {@link CborLimits#maxDepth()}. */
        TOO_DEEP,
        /** A text that is not UTF-8. */
        INVALID_UTF8,
        /** Well-formed, but outside the range of valid values, or not in the one form that a strict decoder accepts. */
        INVALID_VALUE,
        /** More bytes follow the value; only from a strict decoder. */
        TRAILING_BYTES
    }

    @Override
    public String toString() {
        return reason + " at byte " + offset + (detail.isEmpty() ? "" : ": " + detail);
    }
}
