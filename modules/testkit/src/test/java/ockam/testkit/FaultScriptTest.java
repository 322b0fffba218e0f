// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;

class FaultScriptTest {
    private static final FaultScript NONE = FaultScript.create();

    /** What leaves when these payloads arrive, each for the route after its colon, or else for one and the same. */
    private static List<String> run(FaultScript script, String... arriving) {
        FaultPlan<Integer> plan = script.plan();
        List<String> left = new ArrayList<>();
        for (int i = 0; i < arriving.length; i++) {
            String[] parts = arriving[i].split(":", 2);
            Route route = Route.of(parts.length == 1 ? "end" : parts[1]);
            plan.harm(i, ByteString.fromString(parts[0]), route)
                    .forEach(parcel -> left.add(parcel.payload().utf8String()));
        }
        return left;
    }

    @Test
    void withoutStepsEverythingPasses() {
        assertThat(run(NONE, "a", "b")).containsExactly("a", "b");
    }

    @Test
    void eachStepIsForOneMessageAndTheRestPasses() {
        assertThat(run(NONE.pass().drop(), "a", "b", "c", "d")).containsExactly("a", "c", "d");
        assertThat(run(NONE.pass(2).duplicate(), "a", "b", "c", "d")).containsExactly("a", "b", "c", "c", "d");
    }

    @Test
    void delayedMessageLeavesAfterSoManyLaterOnes() {
        assertThat(run(NONE.delay(2), "a", "b", "c", "d")).containsExactly("b", "c", "a", "d");
    }

    @Test
    void flipsTheBitThatItNames() {
        assertThat(run(NONE.corrupt(0).corrupt(9).corrupt(16), "aa", "aa", "aa"))
                .containsExactly("`a", "ac", "`a");
        assertThat(run(NONE.corrupt(3), "")).containsExactly("");
    }

    @Test
    void leavesSoManyBytes() {
        assertThat(run(NONE.truncate(2).truncate(0).truncate(9), "abc", "abc", "abc"))
                .containsExactly("ab", "", "abc");
    }

    @Test
    void replaysTheMessageOfSoLongAgo() {
        assertThat(run(NONE.pass(2).replay(2).replay(1), "a", "b", "c", "d"))
                .containsExactly("a", "b", "c", "a", "d", "c");
        assertThat(run(NONE.pass().replay(2), "a", "b"))
                .as("nothing is there to be replayed")
                .containsExactly("a", "b");
    }

    @Test
    void lendsThePayloadOfTheLastMessageWithAnotherRoute() {
        assertThat(run(NONE.pass(3).splice(), "a:x", "b:y", "c:y", "d:x")).containsExactly("a", "b", "c", "c");
        assertThat(run(NONE.pass(3).splice(), "a:x", "b:y", "c:y", "d:y")).containsExactly("a", "b", "c", "a");
        assertThat(run(NONE.pass(2).splice(), "a:x", "b:x", "c:x"))
                .as("there is no other route")
                .containsExactly("a", "b", "c");
    }

    @Test
    void scriptsAreJoinedAndRepeated() {
        assertThat(NONE.drop().then(NONE.pass().duplicate())).hasToString("[drop, pass, duplicate]");
        assertThat(NONE.drop().pass().times(2)).hasToString("[drop, pass, drop, pass]");
        assertThat(run(NONE.pass(2).then(NONE.replay(2)), "a", "b", "c")).containsExactly("a", "b", "c", "a");
    }

    @Test
    void scriptDoesNotChange() {
        FaultScript one = NONE.drop();
        one.pass();
        one.times(3);

        assertThat(one).hasToString("[drop]");
        assertThat(run(one, "a", "b")).containsExactly("b");
        assertThat(run(one, "a", "b")).as("from its beginning").containsExactly("b");
    }

    @Test
    void printsItsSteps() {
        assertThat(NONE.pass()
                        .drop()
                        .duplicate()
                        .delay(2)
                        .corrupt(3)
                        .truncate(4)
                        .replay(5)
                        .splice())
                .hasToString("[pass, drop, duplicate, delay by 2, flip bit 3, truncate to 4, replay 5, splice]");
    }

    @Test
    void refusesWhatIsNoStep() {
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.delay(0)).withMessage("at least 1, not 0");
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.corrupt(-1)).withMessage("at least 0, not -1");
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.truncate(-1)).withMessage("at least 0, not -1");
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.replay(0)).withMessage("at least 1, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.replay(1_001))
                .withMessage("at most 1000, not 1001");
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.pass(0)).withMessage("at least 1, not 0");
    }

    @Test
    void isBounded() {
        FaultScript most = NONE.drop().times(10_000);

        assertThatIllegalArgumentException().isThrownBy(most::drop).withMessage("a script has at most 10000 steps");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NONE.drop().times(10_001))
                .withMessage("a script has at most 10000 steps");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> most.then(NONE.pass()))
                .withMessage("a script has at most 10000 steps");
    }
}
