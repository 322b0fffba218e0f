// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.Cancellable;
import akka.actor.typed.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import ockam.fixtures.MutableClock;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * Timers, and a clock beside them, moved by the test, on its thread; unlike {@code ManualTime} at once. The clock may be set: timers do not go
 * by it.
 */
final class HandTime implements Scheduler {
    private final MutableClock clock = new MutableClock();
    private final List<Timer> timers = new ArrayList<>();
    /** Since the beginning. */
    private Duration passed = Duration.ZERO;

    private final class Timer implements Cancellable {
        private final Duration at;
        private final Runnable work;

        Timer(Duration at, Runnable work) {
            this.at = at;
            this.work = work;
        }

        @Override
        public boolean cancel() {
            return timers.remove(this);
        }

        @Override
        public boolean isCancelled() {
            return !timers.contains(this);
        }
    }

    MutableClock clock() {
        return clock;
    }

    /** How many timers are running. */
    int timers() {
        return timers.size();
    }

    void passes(Duration time) {
        Duration end = passed.plus(time);
        for (Optional<Timer> next = due(end); next.isPresent(); next = due(end)) {
            Timer timer = next.get();
            timers.remove(timer);
            if (timer.at.compareTo(passed) > 0) {
                goesOn(timer.at.minus(passed));
            }
            timer.work.run();
        }
        goesOn(end.minus(passed));
    }

    private void goesOn(Duration time) {
        passed = passed.plus(time);
        clock.goesOn(time);
    }

    private Optional<Timer> due(Duration end) {
        return timers.stream()
                .filter(timer -> timer.at.compareTo(end) <= 0)
                .min(Comparator.comparing(timer -> timer.at));
    }

    @Override
    public Cancellable scheduleOnce(Duration delay, Runnable runnable, ExecutionContext executor) {
        Timer timer = new Timer(passed.plus(delay), runnable);
        timers.add(timer);
        return timer;
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellable scheduleWithFixedDelay(
            Duration initial, Duration delay, Runnable runnable, ExecutionContext executor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellable scheduleWithFixedDelay(
            FiniteDuration initial, FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellable scheduleAtFixedRate(
            Duration initial, Duration interval, Runnable runnable, ExecutionContext executor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cancellable scheduleAtFixedRate(
            FiniteDuration initial, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        throw new UnsupportedOperationException();
    }
}
