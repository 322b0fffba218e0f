// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/**
 * Notices that objects have become unreachable. As long as it has any, it looks for them ten times a second, by the timer of the actor
 * system: a {@link java.lang.ref.Cleaner} would have a thread, which lives until the garbage collector has found the cleaner itself. Thread
 * safe.
 */
final class Forgotten {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    private static final class Trace extends PhantomReference<Object> {
        final Runnable action;

        Trace(Object object, ReferenceQueue<Object> queue, Runnable action) {
            super(object, queue);
            this.action = action;
        }
    }

    private final BiConsumer<Duration, Runnable> later;
    private final ReferenceQueue<Object> unreachable = new ReferenceQueue<>();
    private final Set<Trace> traces = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean waiting = new AtomicBoolean();

    /** The timer runs an action after a while, unless its actor system has terminated. */
    Forgotten(BiConsumer<Duration, Runnable> timer) {
        this.later = timer;
    }

    /** Runs the action when the object has become unreachable, unless the returned one is run before. */
    Runnable add(Object object, Runnable action) {
        Trace trace = new Trace(object, unreachable, action);
        traces.add(trace);
        lookLater();
        return () -> {
            traces.remove(trace);
            trace.clear();
        };
    }

    private void lookLater() {
        if (!traces.isEmpty() && waiting.compareAndSet(false, true)) {
            later.accept(INTERVAL, this::look);
        }
    }

    private void look() {
        waiting.set(false);
        for (Reference<?> found = unreachable.poll(); found != null; found = unreachable.poll()) {
            if (found instanceof Trace trace && traces.remove(trace)) {
                trace.action.run();
            }
        }
        lookLater();
    }
}
