// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.identity.TrustPolicy.Expectation.NAMED;
import static ockam.identity.TrustPolicy.Expectation.OPEN;
import static ockam.identity.TrustPolicy.Expectation.REFUSED;
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
    void namesAreExpectedAndAllOthersAreRefusedBeforeAnyProof() {
        for (TrustPolicy policy : List.of(TrustPolicy.identifier(ALICE), TrustPolicy.anyOf(ALICE, CAROL))) {
            assertThat(policy.expects(ALICE)).isEqualTo(NAMED);
            assertThat(policy.expects(BOB)).isEqualTo(REFUSED);
        }
        assertThat(TrustPolicy.anyOf().expects(ALICE)).isEqualTo(REFUSED);
        assertThat(TrustPolicy.acceptAnyPeerInsecure().expects(ALICE)).isEqualTo(OPEN);
    }

    @Test
    void functionIsNotAskedBeforeTheProof() {
        assertThat(NOT_ASKED.expects(ALICE)).isEqualTo(OPEN);
        TrustPolicy combined = NOT_ASKED.and(TrustPolicy.identifier(ALICE)).or(NOT_ASKED);
        assertThat(combined.expects(ALICE)).isEqualTo(NAMED);
        assertThat(combined.expects(BOB)).isEqualTo(OPEN);
    }

    @Test
    void expectationOfBothIsNoIfOneSaysNoAndElseTheName() {
        TrustPolicy named = TrustPolicy.identifier(ALICE);
        TrustPolicy refused = TrustPolicy.identifier(BOB);

        assertThat(named.and(named).expects(ALICE)).isEqualTo(NAMED);
        assertThat(named.and(YES).expects(ALICE)).isEqualTo(NAMED);
        assertThat(YES.and(named).expects(ALICE)).isEqualTo(NAMED);
        assertThat(YES.and(YES).expects(ALICE)).isEqualTo(OPEN);
        for (TrustPolicy policy : List.of(refused.and(named), named.and(refused), refused.and(YES), YES.and(refused))) {
            assertThat(policy.expects(ALICE)).isEqualTo(REFUSED);
        }
    }

    @Test
    void expectationOfEitherIsTheBetterOne() {
        TrustPolicy named = TrustPolicy.identifier(ALICE);
        TrustPolicy refused = TrustPolicy.identifier(BOB);

        for (TrustPolicy policy : List.of(named.or(refused), refused.or(named), named.or(YES), YES.or(named))) {
            assertThat(policy.expects(ALICE)).isEqualTo(NAMED);
        }
        assertThat(refused.or(YES).expects(ALICE)).isEqualTo(OPEN);
        assertThat(YES.or(refused).expects(ALICE)).isEqualTo(OPEN);
        assertThat(refused.or(refused).expects(ALICE)).isEqualTo(REFUSED);
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
