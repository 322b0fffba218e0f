// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import ockam.routing.rule.Value.Decimal;
import ockam.routing.rule.Value.Fault;
import ockam.routing.rule.Value.Sequence;
import ockam.routing.rule.Value.Text;
import ockam.routing.rule.Value.Truth;
import ockam.routing.rule.Value.Whole;

/** How two values compare. Those of different types do not: 1 and 1.5 neither (authority, section 8.3). */
enum Comparison {
    LESS,
    EQUAL,
    GREATER,
    /** With a number that is none. */
    UNORDERED,
    DIFFERENT_TYPES;

    static final Fault TYPES_DIFFER = new Fault("two values of different types are compared");

    /** Compares strings by their bytes in UTF-8, and sequences by length first. */
    static Comparison of(Value one, Value other) {
        if (one instanceof Text a && other instanceof Text b) {
            return of(byBytes(a.text(), b.text()));
        }
        if (one instanceof Whole a && other instanceof Whole b) {
            return of(Long.compare(a.number(), b.number()));
        }
        if (one instanceof Decimal a && other instanceof Decimal b) {
            return ofNumbers(a.number(), b.number());
        }
        if (one instanceof Truth a && other instanceof Truth b) {
            return of(a.compareTo(b));
        }
        if (one instanceof Sequence a && other instanceof Sequence b) {
            return ofSequences(a, b);
        }
        return DIFFERENT_TYPES;
    }

    private static Comparison of(int sign) {
        return sign == 0 ? EQUAL : sign < 0 ? LESS : GREATER;
    }

    private static Comparison ofNumbers(double a, double b) {
        if (a == b) {
            return EQUAL; // also 0 and -0
        }
        return a < b ? LESS : a > b ? GREATER : UNORDERED;
    }

    private static Comparison ofSequences(Sequence a, Sequence b) {
        if (a.elements().size() != b.elements().size()) {
            return of(Integer.compare(a.elements().size(), b.elements().size()));
        }
        for (int i = 0; i < a.elements().size(); i++) {
            Comparison elements = of(a.elements().get(i), b.elements().get(i));
            if (elements != EQUAL) {
                return elements;
            }
        }
        return EQUAL;
    }

    /** The order of the bytes is that of the code points, which in UTF-16 differs from that of the characters only in surrogates. */
    private static int byBytes(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                if (Character.isSurrogate(x) != Character.isSurrogate(y)) {
                    return Character.isSurrogate(x) ? 1 : -1; // half of a character that is beyond all others
                }
                return x - y;
            }
        }
        return a.length() - b.length();
    }
}
