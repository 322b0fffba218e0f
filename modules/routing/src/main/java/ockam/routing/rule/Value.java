// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import java.util.List;

/** What an expression yields for a subject, or why it yields nothing (authority, section 8.3). Immutable. */
sealed interface Value {
    /** A string; every attribute is one. */
    record Text(String text) implements Value {}

    /** An integer. */
    record Whole(long number) implements Value {}

    /** A floating-point number. Not a number is equal to nothing, not even to itself; as parts of rules, two of them are. */
    record Decimal(double number) implements Value {}

    /** A boolean. */
    enum Truth implements Value {
        FALSE,
        TRUE;

        static Truth of(boolean truth) {
            return truth ? TRUE : FALSE;
        }
    }

    /** Values of one type. */
    record Sequence(List<Value> elements) implements Value {
        public Sequence {
            elements = List.copyOf(elements);
        }
    }

    /**
     * An error: the rule denies. Made with the rule, not when it is asked, so that a stranger who is denied costs no memory.
     *
     * @param text what is wrong, as a clause for a log line
     */
    record Fault(String text) implements Value {}
}
