// SPDX-License-Identifier: Apache-2.0

package ockam.wire.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private final Exception cause = new IllegalStateException("cause");

    @Test
    void findsTheCauseAtAnyDepth() {
        assertThat(Failures.unwrapped(new CompletionException(cause))).isSameAs(cause);
        assertThat(Failures.unwrapped(new ExecutionException(cause))).isSameAs(cause);
        assertThat(Failures.unwrapped(new CompletionException(new ExecutionException(new CompletionException(cause)))))
                .isSameAs(cause);
    }

    @Test
    void keepsAFailureThatIsTheCauseItself() {
        Exception other = new IllegalArgumentException(cause);
        assertThat(Failures.unwrapped(cause)).isSameAs(cause);
        assertThat(Failures.unwrapped(new CompletionException(other))).isSameAs(other);
    }

    @Test
    void keepsAWrapperAroundNothing() {
        Exception empty = new CompletionException("no cause", null);
        assertThat(Failures.unwrapped(new ExecutionException(empty))).isSameAs(empty);
    }
}
