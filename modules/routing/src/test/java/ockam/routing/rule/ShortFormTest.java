// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import ockam.routing.rule.RuleException.Reason;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar, table and traps of authority, section 8.2 (authority, section 10, item 35). */
class ShortFormTest {
    private static final String HEX = "f7b6916768cf4de3262b5b2fb47f0c383aa6dcb267fd0fa7b5822456537caa75";

    private static void assertMeans(String shortForm, String fullForm) {
        assertThat(Rule.parse(shortForm)).isEqualTo(Rule.parse(fullForm)).hasToString(fullForm);
    }

    private static void assertRefused(String text, Reason reason, int position) {
        assertThatThrownBy(() -> Rule.parse(text)).isInstanceOfSatisfying(RuleException.class, e -> {
            assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
            assertThat(e.position()).as(e.getMessage()).isEqualTo(position);
        });
    }

    private static String a(String name) {
        return "(= subject." + name + " \"true\")";
    }

    @Test
    void readsTheTableOfTheProtocol() {
        assertMeans("a", a("a"));
        assertMeans("a=x", "(= subject.a \"x\")");
        assertMeans("a=\"x y\"", "(= subject.a \"x y\")");
        assertMeans("I" + HEX, "(= subject.identifier \"I" + HEX + "\")");
        assertMeans("a or (b and not c)", "(or " + a("a") + " (and " + a("b") + " (not " + a("c") + ")))");
    }

    @Test
    void notBindsTighterThanAndAndAndTighterThanOr() {
        assertMeans("a or b and not c", "(or " + a("a") + " (and " + a("b") + " (not " + a("c") + ")))");
        assertMeans("not a and b or c", "(or (and (not " + a("a") + ") " + a("b") + ") " + a("c") + ")");
        assertMeans("a and b and c", "(and " + a("a") + " " + a("b") + " " + a("c") + ")");
        assertMeans("(a or b) and c", "(and (or " + a("a") + " " + a("b") + ") " + a("c") + ")");
    }

    @Test
    void readsNames() {
        assertMeans("___reserved", a("___reserved"));
        assertMeans("-a.b_c-1", a("-a.b_c-1"));
        assertMeans("a=1.2_-", "(= subject.a \"1.2_-\")");
        assertMeans("a=\"*\"", "(= subject.a \"*\")");
        assertMeans("a=\"\u00e9\"", "(= subject.a \"\u00e9\")");
        assertMeans("a=\"\\\"", "(= subject.a \"\\\\\")"); // no escapes
    }

    @Test
    void blanksAroundOperatorsMayBeMissing() {
        assertMeans("a andb", "(and " + a("a") + " " + a("b") + ")");
        assertMeans("(a)and(b)or(c)", "(or (and " + a("a") + " " + a("b") + ") " + a("c") + ")");
        assertMeans("not(a)", "(not " + a("a") + ")");
        assertMeans(" \t\r\nnot\ta", "(not " + a("a") + ")");
        assertMeans(" ( a ) ", a("a"));
    }

    @Test
    void notIsReadBeforeNames() {
        assertMeans("notary", "(not " + a("ary") + ")");
        assertMeans("notnota", "(not (not " + a("a") + "))");
        assertMeans("not1", a("not1"));
        assertMeans("not not", "(not " + a("not") + ")");
        assertMeans("not=x", "(= subject.not \"x\")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"android", "order", "true", "false", "and", "or", "not", "has_credential", "I12"})
    void theseArePlainNames(String name) {
        assertMeans(name, a(name));
    }

    @Test
    void trueIsNoRuleThatAllowsEverybody() {
        Subject alice = Subject.of(Identifier.parse("I" + HEX));

        assertThat(Rule.parse("true").denial(alice)).isEqualTo("subject.true is missing");
    }

    @Test
    void anIdentifierInUpperCaseNeverMatches() {
        Subject alice = Subject.of(Identifier.parse("I" + HEX));

        assertThat(Rule.parse("I" + HEX).allows(alice)).isTrue();
        assertThat(Rule.parse("I" + HEX.toUpperCase(Locale.ROOT)).allows(alice)).isFalse();
        assertMeans("I" + HEX + "0", a("I" + HEX + "0"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            quoteCharacter = '`',
            value = {
                " a|UNKNOWN_OPERATOR|1",
                "a |UNEXPECTED_END|2",
                "1|UNKNOWN_OPERATOR|0",
                ".a|UNEXPECTED_CHARACTER|0",
                "a=*|UNEXPECTED_CHARACTER|2",
                "a= x|UNEXPECTED_CHARACTER|2",
                "a =x|UNEXPECTED_CHARACTER|2",
                "a=|UNEXPECTED_END|2",
                "a=\"\"|UNEXPECTED_CHARACTER|3",
                "a=\"x|UNEXPECTED_CHARACTER|3",
                "a and|UNEXPECTED_END|5",
                "a AND b|UNEXPECTED_CHARACTER|2",
                "a b|UNEXPECTED_CHARACTER|2",
                "(a|UNEXPECTED_END|2",
                "a)|UNEXPECTED_CHARACTER|1",
                "na*me|UNEXPECTED_CHARACTER|2",
                "a\u00e9|UNEXPECTED_CHARACTER|1",
                "a,b|UNEXPECTED_CHARACTER|1",
            })
    void refusesOtherTextsAndSaysWhere(String text, Reason reason, int position) {
        assertRefused(text, reason, position);
    }

    @Test
    void refusesAValueOfAnIdentifier() {
        assertRefused("I" + HEX + "=x", Reason.UNEXPECTED_CHARACTER, 65);
    }

    @Test
    void givesTheReasonsOfBothForms() {
        assertThatThrownBy(() -> Rule.parse("a b"))
                .hasMessageContaining("the short form cannot go on at character 2")
                .hasMessageContaining("in the full form, at character 0 one of these has to be: and, or, not");
    }

    @Test
    void isBoundedInLengthAndDepth() {
        String longest = "a or ".repeat((Rule.MAX_LENGTH - 1) / 5) + "a";
        assertThat(longest.length()).isLessThanOrEqualTo(Rule.MAX_LENGTH);
        assertThat(Rule.parse(longest).toString()).startsWith("(or ");
        assertRefused("a".repeat(Rule.MAX_LENGTH + 1), Reason.TOO_LONG, Rule.MAX_LENGTH);

        assertMeans("(".repeat(Rule.MAX_DEPTH - 1) + "a" + ")".repeat(Rule.MAX_DEPTH - 1), a("a"));
        String tooDeep = "(".repeat(Rule.MAX_DEPTH) + "a" + ")".repeat(Rule.MAX_DEPTH);
        assertRefused(tooDeep, Reason.TOO_DEEP, Rule.MAX_DEPTH);
        assertThat(Rule.parse("not ".repeat(Rule.MAX_DEPTH - 2) + "a").toString())
                .startsWith("(not (not");
        assertThatThrownBy(() -> Rule.parse("not ".repeat(Rule.MAX_DEPTH) + "a"))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_DEEP));
    }
}
