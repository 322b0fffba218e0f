// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How long is waited before what has failed is tried again. */
class BackoffTest {
    @Test
    void waitsDoubleUpToABound() {
        Backoff backoff = new Backoff(() -> 0, () -> true);
        assertThat(backoff.isNew()).isTrue();
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(seconds));
            assertThat(backoff.isNew()).isFalse();
        }

        backoff.reset();

        assertThat(backoff.isNew()).isTrue();
        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void upToHalfOfAWaitIsAddedAtRandom() {
        Backoff backoff = new Backoff(() -> 0.5, () -> true);
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(1_250));
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void oneOfManyThatFailTogetherIsWarnedOf() {
        Set<String> asked = new HashSet<>();
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        Logger logger = (Logger) LoggerFactory.getLogger(BackoffTest.class);
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
        for (int i = 0; i < 3; i++) {
            Backoff backoff = new Backoff(() -> 0, () -> asked.add("failed"));
            backoff.failed(logger, "It failed", new IllegalStateException("out of order"));
            backoff.failed(logger, "It failed", new IllegalStateException("out of order"));
        }
        logger.detachAppender(events);

        assertThat(events.list)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.WARN, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG);
        assertThat(events.list.get(5).getFormattedMessage()).isEqualTo("It failed; trying again in PT2S");
    }
}
