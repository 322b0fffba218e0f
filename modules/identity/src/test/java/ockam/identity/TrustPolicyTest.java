// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import ockam.fixtures.LogLines;
import ockam.wire.Identifier;
import org.junit.jupiter.api.Test;

/** Who is trusted (secure channel, section 7.1; secure channel, section 9, item 15). */
class TrustPolicyTest {
    private static final Identifier ALICE = identifier("a");
    private static final Identifier BOB = identifier("b");
    private static final Identifier CAROL = identifier("c");

    private static final TrustPolicy YES = peer -> true;
    private static final TrustPolicy NO = peer -> false;
    private static final TrustPolicy NOT_ASKED = peer -> {
        throw new AssertionError("asked");
    };

    private static Identifier identifier(String digit) {
        return Identifier.parse("I" + digit.repeat(64));
    }

    @Test
    void trustsOneIdentifier() {
        TrustPolicy policy = TrustPolicy.identifier(ALICE);

        assertThat(policy.trusts(Identifier.parse(ALICE.toString()))).isTrue();
        assertThat(policy.trusts(BOB)).isFalse();
    }

    @Test
    void trustsSeveralIdentifiers() {
        for (TrustPolicy policy : List.of(TrustPolicy.anyOf(ALICE, BOB), TrustPolicy.anyOf(List.of(ALICE, BOB, BOB)))) {
            assertThat(policy.trusts(ALICE)).isTrue();
            assertThat(policy.trusts(BOB)).isTrue();
            assertThat(policy.trusts(CAROL)).isFalse();
        }
    }

    @Test
    void trustsNoOneWithoutIdentifiers() {
        assertThat(TrustPolicy.anyOf().trusts(ALICE)).isFalse();
    }

    @Test
    void andFollowsItsTruthTable() {
        assertThat(YES.and(YES).trusts(ALICE)).isTrue();
        assertThat(YES.and(NO).trusts(ALICE)).isFalse();
        assertThat(NO.and(YES).trusts(ALICE)).isFalse();
        assertThat(NO.and(NO).trusts(ALICE)).isFalse();
        assertThat(NO.and(NOT_ASKED).trusts(ALICE)).isFalse();
    }

    @Test
    void orFollowsItsTruthTable() {
        assertThat(YES.or(YES).trusts(ALICE)).isTrue();
        assertThat(YES.or(NO).trusts(ALICE)).isTrue();
        assertThat(NO.or(YES).trusts(ALICE)).isTrue();
        assertThat(NO.or(NO).trusts(ALICE)).isFalse();
        assertThat(YES.or(NOT_ASKED).trusts(ALICE)).isTrue();
    }

    @Test
    void openPolicyTrustsEveryoneAndWarnsOnce() {
        try (LogLines log = LogLines.of(TrustPolicy.class)) {
            TrustPolicy policy = TrustPolicy.acceptAnyPeerInsecure();

            assertThat(policy.trusts(ALICE)).isTrue();
            assertThat(policy.trusts(BOB)).isTrue();

            assertThat(log.textsWithLevels())
                    .singleElement()
                    .asString()
                    .startsWith("WARN ")
                    .contains("any peer");
        }
    }

    @Test
    void otherPoliciesLogNoWarning() {
        try (LogLines log = LogLines.of(TrustPolicy.class)) {
            assertThat(TrustPolicy.identifier(ALICE).or(TrustPolicy.anyOf(BOB)).trusts(BOB))
                    .isTrue();

            assertThat(log.textsWithLevels()).isEmpty();
        }
    }

    @Test
    void printsWhomItTrusts() {
        assertThat(TrustPolicy.identifier(ALICE).or(TrustPolicy.anyOf(BOB)))
                .asString()
                .contains(ALICE.toString(), BOB.toString());
    }
}
