// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

/** A token of the full form, and where it begins. */
sealed interface Token {
    /** Where it begins, in characters. */
    int position();

    /** A bracket: one of {@code ( ) [ ]}. */
    record Bracket(char kind, int position) implements Token {}

    /** A string, a number, or true or false. */
    record Literal(Value value, int position) implements Token {}

    /** An operator or a name. */
    record Word(String text, int position) implements Token {}

    /** The end of the text. */
    record End(int position) implements Token {}
}
