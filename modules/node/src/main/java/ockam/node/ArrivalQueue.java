// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import ockam.routing.DropReason;
import ockam.routing.spi.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * A queue between the threads that deliver messages and the one that takes them. It needs no separate bound: everything in it holds a
 * permit.
 *
 * <p>The delivering threads call the wake-up at most once until it is {@linkplain #awake() acknowledged}. What arrives after {@link #close}
 * is lost, never kept.
 */
final class ArrivalQueue {
    private final Queue<Delivery> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable wake;
    private volatile @Nullable DropReason closed;

    ArrivalQueue(Runnable wake) {
        this.wake = wake;
    }

    /** Called on any thread. */
    void deliver(Delivery delivery) {
        queue.add(delivery);
        DropReason reason = closed;
        if (reason != null) {
            releaseAll(reason);
        } else if (!woken.get() && woken.compareAndSet(false, true)) {
            wake.run();
        }
    }

    /** Acknowledges the wake-up; called before looking into the queue. */
    void awake() {
        woken.set(false);
    }

    @Nullable
    Delivery poll() {
        return queue.poll();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Takes time in proportion. */
    int size() {
        return queue.size();
    }

    /** Declares that nothing more is taken; a second call changes nothing but the reason. */
    void close(DropReason reason) {
        closed = reason;
        releaseAll(reason);
    }

    private void releaseAll(DropReason reason) {
        for (Delivery delivery = queue.poll(); delivery != null; delivery = queue.poll()) {
            delivery.lost(reason);
        }
    }
}
