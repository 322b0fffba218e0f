// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Runs things when the test says that the time has come, on its thread. Not thread safe. */
final class ManualLater implements Later {
    private record Task(Duration at, int number, Runnable action) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparing(Task::number));
    private Duration now = Duration.ZERO;
    private int count;

    @Override
    public Runnable after(Duration time, Runnable action) {
        var task = new Task(now.plus(time), count++, action);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    void goesOn(Duration time) {
        Duration until = now.plus(time);
        while (!tasks.isEmpty() && tasks.element().at().compareTo(until) <= 0) {
            next();
        }
        now = until;
    }

    /** Goes on until nothing waits any more. */
    void goesOnToTheEnd() {
        while (!tasks.isEmpty()) {
            next();
        }
    }

    private void next() {
        Task task = tasks.remove();
        now = task.at();
        task.action().run();
    }

    Duration now() {
        return now;
    }

    int waiting() {
        return tasks.size();
    }
}
