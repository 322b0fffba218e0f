// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import ockam.routing.rule.RuleException.Reason;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operators and errors of authority, section 8.3 (authority, section 10, items 34 to 36). */
class FullFormTest {
    private static final Subject SUBJECT = Subject.of(
            Identifier.parse("I" + "0a".repeat(32)), Attributes.ofTexts(Map.of("b", "true", "role", "member")));
    private static final String TYPES = "two values of different types are compared";

    private static void assertDenied(String rule, String why) {
        assertThat(Rule.parse(rule).allows(SUBJECT)).as(rule).isFalse();
        assertThat(Rule.parse(rule).denial(SUBJECT)).as(rule).isEqualTo(why);
    }

    private static void assertRefused(String text, Reason reason, int position) {
        assertThatThrownBy(() -> Rule.parse(text)).isInstanceOfSatisfying(RuleException.class, e -> {
            assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
            assertThat(e.position()).as(e.getMessage()).isEqualTo(position);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(= subject.role \"member\")",
                "= subject.role \"member\"",
                "(and (and))",
                "(and true)",
                "(or false true)",
                "(or (= subject.b \"true\") (= subject.a \"true\"))",
                "(and (not (or)))",
                "(if (exists? subject.a) (= subject.a \"x\") true)",
                "(if true true (= subject.a \"x\"))",
                "(= 1 1 1)",
                "(= 0.0 -0.0)",
                "(!= 1 2)",
                "(!= 1 1 2)",
                "(!= nan nan)",
                "(< 1 2 3)",
                "(< -1 0x0)",
                "(> 3 2 1)",
                "(< 1.5 inf)",
                "(> 1.5 -inf)",
                "(< \"a\" \"b\")",
                "(< \"a\" \"ab\")",
                "(< \"\\u{e000}\" \"\\u{10000}\")",
                "(> \"\\u{10000}\" \"\\u{ffff}\")",
                "(< false true)",
                "(< [9] [1 1])",
                "(< [1 2] [1 3])",
                "(= [1 2] [1 2])",
                "(= [] [])",
                "(member? subject.role [\"owner\" \"member\"])",
                "(member? \"member\" [subject.b subject.role])",
                "(member? 1 [1])",
                "(exists? subject.b subject.role)",
                "(exists?)",
                "(= 1_000 1000)",
                "(= +7 7)",
                "(= 0xff 255)",
                "(= 9223372036854775807 0x7fffffffffffffff)",
                "(= 1e3 1000.0)",
                "(= 1. 1.0)",
                "(= \"\\t\\n\\r\\\"\\'\\\\\\41\\u{42}\" \"\\09\\0a\\0d\\22\\27\\5cAB\")",
                "(= \"\\c3\\a9\" \"\u00e9\")",
                "(= (= 1 2) false)",
                ";; comment\n(= (; inner (; nested ;) ;) 1 1)",
            })
    void allows(String rule) {
        assertThat(Rule.parse(rule).denial(SUBJECT)).isEmpty();
        assertThat(Rule.parse(rule).allows(SUBJECT)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(and (or))",
                "(and true false)",
                "(= 1 2)",
                "(= 1 1 2)",
                "(= nan nan)",
                "(!=)",
                "(!= 1)",
                "(!= 1 1)",
                "(< 1 1)",
                "(< nan 1.0)",
                "(> nan 1.0)",
                "(< 1 3 2)",
                "(exists? subject.a)",
                "(exists? subject.b subject.a)",
                "(member? 2 [1])",
                "(member? \"x\" [])",
                "(= [1] [1 2])",
                "(and (not (and)))",
            })
    void deniesWithoutAnError(String rule) {
        assertDenied(rule, "it does not hold");
    }

    @Test
    void aMissingAttributeIsAnErrorAndNotFalse() { // authority, section 10, item 34
        assertDenied("not a", "subject.a is missing");
        assertDenied("a or b", "subject.a is missing");
        assertThat(Rule.parse("b or a").allows(SUBJECT)).isTrue();
        assertDenied("(!= subject.a \"x\")", "subject.a is missing");
        assertDenied("(= 1 2 subject.a)", "subject.a is missing"); // all are evaluated before two are compared
        assertDenied("(if (= subject.a \"x\") true true)", "subject.a is missing");
        assertDenied("(member? subject.a [\"x\"])", "subject.a is missing");
        assertDenied("(member? \"x\" [subject.role subject.a])", "subject.a is missing");
        assertDenied("(if (exists? subject.a) (= subject.a \"x\") false)", "it does not hold");
    }

    @Test
    void valuesOfDifferentTypesDoNotCompare() { // authority, section 10, item 36
        assertDenied("(= 1 1.5)", TYPES);
        assertDenied("(= 1 1.0)", TYPES);
        assertDenied("(= \"1\" 1)", TYPES);
        assertDenied("(= subject.b true)", TYPES);
        assertDenied("(!= subject.b true)", TYPES);
        assertDenied("(< [1] [\"a\"])", TYPES);
        assertDenied("(member? 1 [\"a\"])", TYPES);
        assertDenied("has_credential", TYPES);
        assertDenied("(= 1 2 \"a\")", "it does not hold"); // stops at the first that does not hold
        assertDenied("(= 1 1 \"a\")", TYPES);
    }

    @Test
    void onlyBooleansAreTrueOrFalse() { // authority, section 10, item 36
        assertDenied("(and \"true\" true)", "a part of 'and' is not a boolean");
        assertDenied("(or 1 true)", "a part of 'or' is not a boolean");
        assertDenied("(and (not subject.b))", "what 'not' applies to is not a boolean");
        assertDenied("(if subject.b true true)", "the test of 'if' is not a boolean");
        assertDenied("(member? 1 subject.b)", "what 'member?' looks into is not a sequence");
        assertDenied("(and true subject.b)", "the result is not a boolean"); // the last one is returned unchecked
        assertDenied("(or false 1)", "the result is not a boolean");
        assertDenied("(if true [1] true)", "the result is not a boolean");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                "  |EMPTY|2",
                ";; nothing|EMPTY|10",
                "(; no end|UNEXPECTED_END|9",
                "()|UNKNOWN_OPERATOR|1",
                "(|UNEXPECTED_END|1",
                "(= 1 1|UNEXPECTED_END|6",
                "(= 1 1))|UNEXPECTED_CHARACTER|7",
                "(= 1 1) (= 1 1)|UNEXPECTED_CHARACTER|8",
                "= 1 1)|UNEXPECTED_CHARACTER|5",
                "((= 1 1))|UNEXPECTED_CHARACTER|2",
                "(xor true false)|UNEXPECTED_CHARACTER|5",
                "\"a\"|UNKNOWN_OPERATOR|0",
                "[1]|UNKNOWN_OPERATOR|0",
                "(= 1)|WRONG_ARGUMENTS|1",
                "(<)|WRONG_ARGUMENTS|1",
                "(> 1)|WRONG_ARGUMENTS|1",
                "(and (not))|WRONG_ARGUMENTS|6",
                "(not true true)|WRONG_ARGUMENTS|1",
                "(if true true)|WRONG_ARGUMENTS|1",
                "(member? 1)|WRONG_ARGUMENTS|1",
                "(exists? \"a\")|WRONG_ARGUMENTS|1",
                "(= \"a 1)|UNEXPECTED_END|8",
                "(= \"\\x\" 1)|INVALID_STRING|3",
                "(= \"\\ff\" 1)|INVALID_STRING|3",
                "(= \"\\c3a\\a9\" 1)|INVALID_STRING|3",
                "(= \"\\c3\" 1)|INVALID_STRING|3",
                "(= \"\\u{d800}\" 1)|INVALID_STRING|3",
                "(= \"\\u{110000}\" 1)|INVALID_STRING|3",
                "(= \"\\u{}\" 1)|INVALID_STRING|3",
                "(= \"\\u41\" 1)|INVALID_STRING|3",
                "(= \"\ud800\" 1)|INVALID_STRING|3",
                "(= \"\t\" 1)|INVALID_STRING|3",
                "(= 9223372036854775808 1)|INVALID_NUMBER|3",
                "(= 0x 1)|UNEXPECTED_CHARACTER|3",
                "(= 1_ 1)|UNEXPECTED_CHARACTER|3",
                "(= 1_0.5 1)|UNEXPECTED_CHARACTER|3",
                "(= 'a' 1)|UNEXPECTED_CHARACTER|3",
                "(= \u00e9 1)|UNEXPECTED_CHARACTER|3",
                "(= [1 \"a\"] 1)|MIXED_SEQUENCE|3",
                "(= [1 1.5] 1)|MIXED_SEQUENCE|3",
                "(= [1 subject.a] 1)|MIXED_SEQUENCE|3",
                "(= [(= 1 1)] 1)|MIXED_SEQUENCE|3",
                "(= [1 1)|UNEXPECTED_CHARACTER|7",
                "(= 1 1]|UNEXPECTED_CHARACTER|6",
            })
    void refusesOtherTextsAndSaysWhere(String text, Reason reason, int position) {
        assertRefused(text, reason, position);
    }

    @Test
    void isBoundedInDepth() {
        String deepest = "(not ".repeat(Rule.MAX_DEPTH - 2) + "(= 1 1)" + ")".repeat(Rule.MAX_DEPTH - 2);
        assertThat(Rule.parse(deepest)).hasToString(deepest);
        String tooDeep = "(not ".repeat(Rule.MAX_DEPTH - 1) + "(= 1 1)" + ")".repeat(Rule.MAX_DEPTH - 1);
        assertRefused(tooDeep, Reason.TOO_DEEP, 5 * (Rule.MAX_DEPTH - 1) + 3);
        String sequences = "(= 1 " + "[".repeat(Rule.MAX_DEPTH) + "]".repeat(Rule.MAX_DEPTH) + ")";
        assertRefused(sequences, Reason.TOO_DEEP, 5 + Rule.MAX_DEPTH - 1);
    }

    @Test
    void whatTheShortFormReadsIsNotOfTheFullForm() {
        assertThat(Rule.parse("(not subject.b)")).hasToString("(not (= subject.subject.b \"true\"))");
        assertThat(Rule.parse("(and)")).hasToString("(= subject.and \"true\")");
        assertThat(Rule.parse("(and (not subject.b))")).hasToString("(and (not subject.b))");
        assertThat(Rule.parse("(and (and))")).hasToString("(and (and))");
        assertThat(Rule.parse("(and (and or subject.b))")).hasToString("(and (and or subject.b))");
        assertThat(Rule.parse("(and (and (= 1 1)))")).hasToString("(= 1 1)");
        assertThat(Rule.parse("(and subject.b)")).hasToString("(and subject.b)");
        assertThat(Rule.parse("(and \"x\")")).hasToString("(and \"x\")");
    }
}
