// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The end of a group is told to those that are in it, once. */
class StreamGroupTest {
    private final StreamGroup group = new StreamGroup();
    private final List<RuntimeException> told = new ArrayList<>();
    private final Consumer<RuntimeException> member = told::add;
    private final Consumer<RuntimeException> other = told::add;

    private void end(String text) {
        group.end(() -> new IllegalStateException(text));
    }

    @Test
    void tellsEachMemberOnce() {
        group.join(member);
        group.join(other);
        assertThat(group.failure()).isNull();

        end("first");
        end("second");

        assertThat(told)
                .hasSize(2)
                .doesNotHaveDuplicates()
                .allSatisfy(failure -> assertThat(failure).hasMessage("first"));
        assertThat(group.failure()).hasMessage("first");
        assertThat(group.size()).isZero();
    }

    @Test
    void forgetsOneThatLeaves() {
        group.join(member);
        group.join(other);
        group.leave(member);
        assertThat(group.size()).isEqualTo(1);

        end("over");

        assertThat(told).hasSize(1);
    }

    @Test
    void tellsOneThatJoinsTooLate() {
        end("over");

        group.join(member);

        assertThat(told)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("over"));
        assertThat(group.size()).isZero();
    }
}
