// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

/**
 * A text that is no rule, or parts that form none. Its own text may be shown to whoever wrote the rule; it repeats no more of it than a
 * word.
 */
public final class RuleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Reason {
        /** There is nothing in the text but blanks and comments. */
        EMPTY,
        /** More characters than {@link Rule#MAX_LENGTH}. */
        TOO_LONG,
        /** Nested deeper than {@link Rule#MAX_DEPTH}. */
        TOO_DEEP,
        /** A character that cannot be there. */
        UNEXPECTED_CHARACTER,
        /** The text ends where something has to follow. */
        UNEXPECTED_END,
        /** An operator that does not exist, or something else in its place. */
        UNKNOWN_OPERATOR,
        /** An operator with more or fewer arguments than it takes, or of another kind. */
        WRONG_ARGUMENTS,
        /** A string with an escape that does not exist, or that is not UTF-8. */
        INVALID_STRING,
        /** A number that does not fit into 64 bits. */
        INVALID_NUMBER,
        /** A sequence whose elements are of different types, or that has other expressions in it. */
        MIXED_SEQUENCE,
        /** A name that no text of a rule could have. */
        INVALID_NAME
    }

    private final Reason reason;
    private final int position;

    RuleException(Reason reason, int position, String text) {
        super(text);
        this.reason = reason;
        this.position = position;
    }

    /** Returns what was wrong. */
    public Reason reason() {
        return reason;
    }

    /** Returns at which character of the text, counted from 0; 0 if there is no text. */
    public int position() {
        return position;
    }
}
