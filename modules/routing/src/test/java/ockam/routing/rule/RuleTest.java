// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import ockam.routing.rule.RuleException.Reason;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
    private static final Identifier ALICE = Identifier.parse("I" + "0a".repeat(32));
    private static final Identifier BOB = Identifier.parse("I" + "0b".repeat(32));
    private static final Subject MEMBER = Subject.of(ALICE, Attributes.ofTexts(Map.of("role", "member")));
    private static final Rule IS_MEMBER = Rule.attribute("role").is("member");
    private static final Rule IS_OWNER = Rule.attribute("role").is("owner");
    private static final Rule IS_GUEST = Rule.attribute("guest").is("true");

    @Test
    void asksAboutAttributes() {
        assertThat(IS_MEMBER.allows(MEMBER)).isTrue();
        assertThat(IS_OWNER.allows(MEMBER)).isFalse();
        assertThat(Rule.attribute("role").isIn("owner", "member").allows(MEMBER))
                .isTrue();
        assertThat(Rule.attribute("role").isIn("owner", "guest").allows(MEMBER)).isFalse();
        assertThat(Rule.attribute("role").isIn().allows(MEMBER)).isFalse();
        assertThat(Rule.attribute("role").exists().allows(MEMBER)).isTrue();
        assertThat(Rule.attribute("guest").exists().allows(MEMBER)).isFalse();
        assertThat(Rule.attribute("guest").exists().not().allows(MEMBER)).isTrue();
    }

    @Test
    void isTheSameByCallsAndAsText() {
        assertThat(IS_MEMBER).isEqualTo(Rule.parse("role=member"));
        assertThat(IS_MEMBER.and(Rule.attribute("guest").exists().not()))
                .isEqualTo(Rule.parse("(and (= subject.role \"member\") (not (exists? subject.guest)))"));
        assertThat(Rule.identifier(ALICE)).isEqualTo(Rule.parse(ALICE.toString()));
        assertThat(Rule.hasCredential()).isEqualTo(Rule.parse("(= subject.has_credential true)"));
    }

    @Test
    void asksAboutIdentifiersAndCredentials() {
        assertThat(Rule.identifier(ALICE).allows(MEMBER)).isTrue();
        assertThat(Rule.identifier(BOB).allows(MEMBER)).isFalse();
        assertThat(Rule.identifier(BOB, ALICE).allows(MEMBER)).isTrue();
        assertThat(Rule.identifier().allows(MEMBER)).isFalse();
        assertThat(Rule.hasCredential().allows(MEMBER)).isTrue();
        assertThat(Rule.hasCredential().allows(Subject.withoutCredential(ALICE)))
                .isFalse();
    }

    @Test
    void combinesRulesAndStopsEarly() {
        assertThat(IS_MEMBER.and(IS_OWNER).allows(MEMBER)).isFalse();
        assertThat(IS_OWNER.or(IS_MEMBER).allows(MEMBER)).isTrue();
        assertThat(IS_OWNER.not().allows(MEMBER)).isTrue();
        assertThat(IS_MEMBER.or(IS_GUEST).allows(MEMBER)).isTrue();
        assertThat(IS_OWNER.and(IS_GUEST).denial(MEMBER)).isEqualTo("it does not hold");
        assertThat(Rule.all().allows(MEMBER)).isTrue();
        assertThat(Rule.any().allows(MEMBER)).isFalse();
        assertThat(Rule.all(IS_MEMBER, IS_MEMBER, IS_OWNER).allows(MEMBER)).isFalse();
        assertThat(Rule.any(IS_OWNER, IS_OWNER, IS_MEMBER).allows(MEMBER)).isTrue();
    }

    @Test
    void aMissingAttributeDeniesWhateverTheRuleMakesOfIt() {
        assertThat(IS_GUEST.denial(MEMBER)).isEqualTo("subject.guest is missing");
        assertThat(IS_GUEST.not().denial(MEMBER)).isEqualTo("subject.guest is missing");
        assertThat(IS_GUEST.or(IS_MEMBER).denial(MEMBER)).isEqualTo("subject.guest is missing");
        assertThat(IS_GUEST.or(IS_MEMBER).not().allows(MEMBER)).isFalse();
        assertThat(IS_MEMBER.denial(MEMBER)).isEmpty();
    }

    @Test
    void knowsTheResourceAndTheActionThatItIsFor() { // authority, section 8.1
        Rule rule = Rule.parse("(if (= resource.id \"inventory\") (= subject.role \"member\") false)");
        Rule action = Rule.parse("(and (exists? resource.id action.id) (member? action.id [action.id]))");

        assertThat(rule.denial(MEMBER)).isEqualTo("resource.id is missing");
        assertThat(action.allows(MEMBER)).isFalse();
        assertThat(rule.forResource("inventory").allows(MEMBER)).isTrue();
        assertThat(rule.forResource("orders").denial(MEMBER)).isEqualTo("it does not hold");
        assertThat(action.forResource("any").allows(MEMBER)).isTrue();
        assertThat(Rule.parse("(= action.id \"handle_message\")")
                        .forResource("any")
                        .allows(MEMBER))
                .isTrue();
        assertThat(rule.forResource("inventory"))
                .hasToString(rule.toString())
                .isNotEqualTo(rule)
                .isEqualTo(rule.forResource("inventory"));
    }

    @Test
    void namesTheResourceInEveryPartOfARule() {
        for (String text : List.of(
                "(or false (not (!= resource.id \"r\")))",
                "(and true (= resource.id \"r\" \"r\"))",
                "(if (> resource.id \"q\") (< resource.id \"s\") false)",
                "(member? \"r\" [resource.id action.id])",
                "(exists? resource.id subject.role)")) {
            assertThat(Rule.parse(text).allows(MEMBER)).as(text).isFalse();
            assertThat(Rule.parse(text).forResource("r").allows(MEMBER))
                    .as(text)
                    .isTrue();
        }
    }

    @Test
    void anAttributeCannotPassForTheResource() { // authority, section 8.1
        Subject liar = Subject.of(ALICE, Attributes.ofTexts(Map.of("resource.id", "inventory")));

        assertThat(Rule.parse("(= resource.id \"inventory\")").allows(liar)).isFalse();
        assertThat(Rule.parse("(= subject.resource.id \"inventory\")")
                        .forResource("orders")
                        .allows(liar))
                .isTrue();
    }

    @Test
    void isEqualByItsPartsAndPrintsTheFullForm() {
        Rule rule = Rule.attribute("role")
                .isIn("a\"b\\", "\u202e\n")
                .and(Rule.hasCredential().not());

        assertThat(rule)
                .hasToString("(and (member? subject.role [\"a\\\"b\\\\\" \"\\u{202e}\\u{a}\"])"
                        + " (not (= subject.has_credential true)))")
                .isEqualTo(Rule.parse(rule.toString()))
                .hasSameHashCodeAs(Rule.parse(rule.toString()))
                .isNotEqualTo(IS_MEMBER);
        assertThat(Rule.parse("(= -0.5 1e300 nan +inf -inf)")).hasToString("(= -0.5 1.0E300 nan +inf -inf)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"", "(", "a'", "\u00e9"})
    void refusesNamesThatNoTextHas(String name) {
        assertThatThrownBy(() -> Rule.attribute(name))
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_NAME));
    }

    @Test
    void isBoundedInDepth() {
        Rule deepest = IS_MEMBER;
        for (int depth = 2; depth < Rule.MAX_DEPTH; depth++) {
            deepest = deepest.not();
        }
        Rule rule = deepest;

        assertThat(Rule.parse(rule.toString())).isEqualTo(rule);
        assertThatThrownBy(rule::not)
                .isInstanceOfSatisfying(
                        RuleException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_DEEP));
    }
}
