// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The time of an actor system, which stands still until a test lets some pass. Other than Akka's own, it waits for nothing, and leaves what
 * is due to the threads that it is meant for: with {@link Turns} it then waits for its turn.
 */
final class ManualClock {
    /** The one that {@link #config} leads to; Akka makes schedulers by name. */
    static final ManualClock ALL = new ManualClock();

    private final List<Timer> timers = new ArrayList<>(); // guarded by this
    private long now; // in nanoseconds; guarded by this

    private ManualClock() {}

    /** Lets an actor system live by this clock. */
    static Config config() {
        return ConfigFactory.parseString("akka.scheduler.implementation = \"" + Scheduler.class.getName() + "\"");
    }

    /** What is due within that time is given to its threads, in the order in which it is due. */
    void pass(Duration time) {
        long end;
        synchronized (this) {
            end = now + time.toNanos();
        }
        for (Timer next = nextUntil(end); next != null; next = nextUntil(end)) {
            next.threads.execute(next.task);
        }
    }

    /** The next that is due by then, at which time it is now; or null. */
    private synchronized @Nullable Timer nextUntil(long end) {
        Timer next = timers.stream()
                .min(Comparator.comparingLong(timer -> timer.due))
                .filter(timer -> timer.due <= end)
                .orElse(null);
        if (next == null) {
            now = end;
            return null;
        }
        now = next.due;
        timers.remove(next);
        return next;
    }

    private synchronized Cancellable add(long delay, Runnable task, ExecutionContext threads) {
        Timer timer = new Timer(now + delay, task, threads);
        timers.add(timer);
        return timer;
    }

    private synchronized boolean remove(Timer timer) {
        return timers.remove(timer);
    }

    private final class Timer implements Cancellable {
        final long due;
        final Runnable task;
        final ExecutionContext threads;
        volatile boolean cancelled;

        Timer(long due, Runnable task, ExecutionContext threads) {
            this.due = due;
            this.task = task;
            this.threads = threads;
        }

        @Override
        public boolean cancel() {
            cancelled = remove(this);
            return cancelled;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }
    }

    /** How Akka finds the clock. */
    static final class Scheduler extends AbstractScheduler {
        Scheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

        @Override
        public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext threads) {
            return ALL.add(delay.toNanos(), task, threads);
        }

        @Override
        @Deprecated
        public Cancellable schedule(
                FiniteDuration delay, FiniteDuration interval, Runnable task, ExecutionContext threads) {
            throw new UnsupportedOperationException("at a fixed rate");
        }

        @Override
        public double maxFrequency() {
            return 1_000;
        }
    }
}
