// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalsTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Refusals refusals = new Refusals(now::get);

    private boolean refusedAfterMillis(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
        return refusals.refused();
    }

    @Test
    void oneSecondWithoutAnAcceptedFrameIsOutOfStep() {
        assertThat(refusedAfterMillis(0)).isFalse();
        assertThat(refusedAfterMillis(999)).isFalse();
        assertThat(refusedAfterMillis(1)).isTrue();
        assertThat(refusedAfterMillis(1)).as("already said").isFalse();
        assertThat(refusals.accepted()).isTrue();
        assertThat(refusals.accepted()).as("already said").isFalse();
    }

    @Test
    void anAcceptedFrameBeginsAnew() {
        for (int i = 0; i < 10; i++) {
            assertThat(refusedAfterMillis(900)).isFalse();
            assertThat(refusals.accepted()).isFalse();
        }
    }

    @Test
    void timeInWhichNothingComesCountsOnlyAfterARefusedFrame() {
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(refusedAfterMillis(0)).isFalse();
        assertThat(refusedAfterMillis(5_000)).isTrue();
    }
}
