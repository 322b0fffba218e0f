// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration MIN = Duration.ofMillis(200);
    private static final Duration MAX = Duration.ofSeconds(10);

    private static List<Long> next(Backoff backoff, int count) {
        return Stream.generate(backoff::next)
                .limit(count)
                .map(Duration::toMillis)
                .toList();
    }

    @Test
    void beginsAtOnceAndDoublesUpToTheLargest() {
        Backoff backoff = new Backoff(MIN, MAX, () -> 1);

        assertThat(next(backoff, 10))
                .containsExactly(0L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L, 10_000L);
        backoff.reset();
        assertThat(next(backoff, 3)).containsExactly(0L, 200L, 400L);
    }

    @Test
    void drawsFromTheWholeTime() {
        Random random = new Random(1);
        LongSummaryStatistics waits = LongStream.generate(() -> {
                    Backoff backoff = new Backoff(MIN, MAX, random::nextDouble);
                    backoff.next();
                    return backoff.next().toMillis();
                })
                .limit(1_000)
                .summaryStatistics();

        assertThat(waits.getMin()).isLessThan(10);
        assertThat(waits.getMax()).isBetween(190L, 200L);
        assertThat(waits.getAverage()).isBetween(90.0, 110.0);
    }

    @Test
    void staysWithinBoundsForEver() {
        Backoff backoff = new Backoff(Duration.ofDays(20), Duration.ofDays(20), () -> 1);

        assertThat(next(backoff, 100).subList(1, 100))
                .containsOnly(Duration.ofDays(20).toMillis());
    }
}
