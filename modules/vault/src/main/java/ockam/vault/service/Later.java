// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later, such as Akka's scheduler does; thread safe, does not block. */
@FunctionalInterface
public interface Later {
    /**
     * Runs the action once after this time, on a thread of its own choice, and soon returns. Running what is returned makes it not run any
     * more, if it has not begun; it may be run at any time and again.
     */
    Runnable after(Duration time, Runnable action);

    /** Returns one that runs everything on this executor. */
    static Later on(ScheduledExecutorService executor) {
        return (time, action) -> {
            ScheduledFuture<?> scheduled = executor.schedule(action, time.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }
}
