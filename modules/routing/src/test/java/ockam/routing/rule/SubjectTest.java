// SPDX-License-Identifier: Apache-2.0

package ockam.routing.rule;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.Map;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

class SubjectTest {
    private static final Identifier ALICE = Identifier.parse("I" + "0a".repeat(32));
    private static final Identifier MALLORY = Identifier.parse("I" + "0b".repeat(32));

    private static boolean allows(String rule, Subject subject) {
        return Rule.parse(rule).allows(subject);
    }

    @Test
    void hasItsAttributesAsStrings() {
        Subject member =
                Subject.of(ALICE, Attributes.ofTexts(Map.of("role", "member", "a b", "x", "resource.id", "r")));

        assertThat(allows("(= subject.role \"member\")", member)).isTrue();
        assertThat(allows("(exists? subject.resource.id)", member)).isTrue();
        assertThat(allows("(exists? resource.id)", member)).isFalse();
        assertThat(allows("(exists? role)", member)).isFalse();
    }

    @Test
    void hasItsIdentifier() {
        for (Subject alice :
                new Subject[] {Subject.of(ALICE), Subject.withoutCredential(ALICE), Subject.of(ALICE, Attributes.none())
                }) {
            assertThat(allows("(= subject.identifier \"" + ALICE + "\")", alice))
                    .isTrue();
            assertThat(alice).hasToString(ALICE.toString());
        }
    }

    @Test
    void saysWhetherThereIsACredential() { // authority, section 10, items 40 and 42
        String has = "(= subject.has_credential true)";
        String hasNot = "(= subject.has_credential false)";

        assertThat(allows(has, Subject.of(ALICE, Attributes.none()))).isTrue();
        assertThat(allows(has, Subject.withoutCredential(ALICE))).isFalse();
        assertThat(allows(hasNot, Subject.withoutCredential(ALICE))).isTrue();
        assertThat(allows(has, Subject.of(ALICE))).isFalse();
        assertThat(allows(hasNot, Subject.of(ALICE))).isFalse();
        assertThat(Rule.parse(has).denial(Subject.of(ALICE))).isEqualTo("subject.has_credential is missing");
    }

    @Test
    void attributesDoNotTakeTheReservedNames() { // authority, section 10, item 39
        Subject mallory = Subject.of(
                MALLORY, Attributes.ofTexts(Map.of("identifier", ALICE.toString(), "has_credential", "true")));

        assertThat(Rule.identifier(ALICE).allows(mallory)).isFalse();
        assertThat(Rule.identifier(MALLORY).allows(mallory)).isTrue();
        assertThat(Rule.hasCredential().allows(mallory)).isTrue();
        assertThat(allows("(= subject.has_credential \"true\")", mallory)).isFalse();
    }

    @Test
    void leavesOutWhatIsNotUtf8() { // authority, section 10, item 39
        Subject odd = Subject.of(
                ALICE,
                Attributes.of(Map.of(
                        ByteString.fromArray(new byte[] {(byte) 0xff}),
                        ByteString.fromString("x"),
                        ByteString.fromString("role"),
                        ByteString.fromArray(new byte[] {(byte) 0xff}))));

        assertThat(allows("(exists? subject.role)", odd)).isFalse();
    }
}
