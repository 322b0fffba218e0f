// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How long is waited before what has failed is tried again. */
class BackoffTest {
    @Test
    void waitsDoubleUpToABound() {
        Backoff backoff = new Backoff(() -> 0, () -> true);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(seconds));
        }

        backoff.reset();

        assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void upToHalfOfAWaitIsAddedAtRandom() {
        Backoff backoff = new Backoff(() -> 0.5, () -> true);
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(1_250));
        assertThat(backoff.next()).isEqualTo(Duration.ofMillis(2_500));
    }

    private static List<ILoggingEvent> logged(Consumer<Logger> failures) {
        ListAppender<ILoggingEvent> events = new ListAppender<>();
        events.start();
        Logger logger = (Logger) LoggerFactory.getLogger(BackoffTest.class);
        logger.setLevel(Level.DEBUG);
        logger.addAppender(events);
        failures.accept(logger);
        logger.detachAppender(events);
        return events.list;
    }

    private static void fails(Backoff backoff, Logger logger) {
        backoff.failed(logger, "It failed", new IllegalStateException("out of order"));
    }

    @Test
    void oneOfManyThatFailTogetherIsWarnedOf() {
        Set<String> asked = new HashSet<>();
        List<ILoggingEvent> events = logged(logger -> {
            for (int i = 0; i < 3; i++) {
                Backoff backoff = new Backoff(() -> 0, () -> asked.add("failed"));
                fails(backoff, logger);
                fails(backoff, logger);
            }
        });

        assertThat(events)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.WARN, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG, Level.DEBUG);
        assertThat(events.get(5).getFormattedMessage()).isEqualTo("It failed; trying again in PT2S");
    }

    @Test
    void whatGoesOnFailingIsWarnedOfOnceWhenThatIsNewsAgain() {
        AtomicBoolean isNews = new AtomicBoolean();
        Backoff backoff = new Backoff(() -> 0, isNews::get);
        List<ILoggingEvent> events = logged(logger -> {
            fails(backoff, logger);
            isNews.set(true);
            fails(backoff, logger);
            fails(backoff, logger);
            backoff.reset();
            fails(backoff, logger);
        });

        assertThat(events)
                .extracting(ILoggingEvent::getLevel)
                .containsExactly(Level.DEBUG, Level.WARN, Level.DEBUG, Level.WARN);
    }
}
