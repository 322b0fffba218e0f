// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import ockam.routing.DropReason;
import ockam.routing.spi.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * Messages between the threads that deliver and the one that takes. It needs no bound of its own: everything in it holds a permit.
 *
 * <p>Whoever delivers calls the wake-up at most once until it is {@linkplain #awake() acknowledged}. What comes after {@link #close} is
 * released, never kept.
 */
final class ArrivalQueue {
    private final Queue<Delivery> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable wake;
    private volatile @Nullable DropReason closed;

    ArrivalQueue(Runnable wake) {
        this.wake = wake;
    }

    /** From any thread. */
    void deliver(Delivery delivery) {
        queue.add(delivery);
        DropReason reason = closed;
        if (reason != null) {
            releaseAll(reason);
        } else if (!woken.get() && woken.compareAndSet(false, true)) {
            wake.run();
        }
    }

    /** The taker has seen the wake-up; to be called before it looks into the queue. */
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

    /** Nobody takes any more; a second call changes nothing but the reason. */
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
