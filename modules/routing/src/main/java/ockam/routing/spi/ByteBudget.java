// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what all windows of a node hold together, and bounds its bytes. Thread safe, without locks. */
final class ByteBudget {
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();
    /**
     * Wake-ups of windows that found no room; the next release runs them all, in the order in which they began to wait. Which of them gets
     * the room does not matter much: each has something under way, or it would have been let in, and is let in when that has ended.
     */
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    /** Run after every release, as long as somebody watches. */
    private volatile @Nullable Runnable watching;

    ByteBudget(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Takes a share, if there is room.
     *
     * @param share see {@link Shares}
     */
    boolean tryTake(long share) {
        while (true) {
            long now = held.get();
            if (Shares.bytes(now) + Shares.bytes(share) > maxBytes) {
                return false;
            }
            if (held.compareAndSet(now, now + share)) {
                return true;
            }
        }
    }

    /** Takes a share even if there is no room: that of a window's only message, or more bytes of a message already counted. */
    void take(long share) {
        held.addAndGet(share);
    }

    void giveBack(long share) {
        held.addAndGet(-share);
        for (Runnable wake = waiting.poll(); wake != null; wake = waiting.poll()) {
            wake.run();
        }
        lookAgain();
    }

    /** From now on this is run after every release, and nothing else; null ends it. */
    void watch(@Nullable Runnable released) {
        watching = released;
    }

    /** Tells the watcher to look again. */
    void lookAgain() {
        Runnable watcher = watching;
        if (watcher != null) {
            watcher.run();
        }
    }

    void addWaiting(Runnable wake) {
        waiting.add(wake);
    }

    int messages() {
        return Shares.messages(held.get());
    }

    long bytes() {
        return Shares.bytes(held.get());
    }
}
