// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 7); // nanoTime may wrap around
    private final RateLimit limit = new RateLimit(100, now::get);

    private void passMillis(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void allowsThatMuchAtOnceAndNoMore() {
        assertThat(limit.take(60)).isTrue();
        assertThat(limit.take(41)).isFalse();
        assertThat(limit.take(40)).isTrue();
        assertThat(limit.take(1)).isFalse();
    }

    @Test
    void comesBackWithTime() {
        limit.take(100);
        passMillis(9);
        assertThat(limit.take(1)).isFalse();
        passMillis(1);
        assertThat(limit.take(1)).isTrue();
        passMillis(500);
        assertThat(limit.take(50)).isTrue();
        assertThat(limit.take(1)).isFalse();
    }

    @Test
    void refusedAmountsCostNothing() {
        limit.take(90);
        for (int i = 0; i < 1000; i++) {
            assertThat(limit.take(11)).isFalse();
        }
        assertThat(limit.take(10)).isTrue();
    }

    @Test
    void nothingIsSavedUp() {
        passMillis(3_600_000);
        assertThat(limit.take(101)).isFalse();
        assertThat(limit.take(100)).isTrue();
        assertThat(limit.take(1)).isFalse();
    }

    @Test
    void oftenAskedItAllowsNoLess() {
        limit.take(100);
        int taken = 0;
        for (int i = 0; i < 10_000; i++) { // 110 microseconds each
            now.addAndGet(110_000);
            taken += limit.take(1) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(110);
    }

    @Test
    void ofNothingThereIsNothing() {
        RateLimit none = new RateLimit(0, now::get);
        passMillis(10_000);
        assertThat(none.take(1)).isFalse();
    }
}
