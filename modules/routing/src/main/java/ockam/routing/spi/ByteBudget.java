// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What all windows of a node may hold together, in bytes. Thread safe, without locks. */
final class ByteBudget {
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();
    /** Wakes windows that found no room; a release empties it. */
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
        if (Shares.bytes(held.addAndGet(share)) <= maxBytes) {
            return true;
        }
        held.addAndGet(-share);
        return false;
    }

    /** Takes a share whatever there is: of the only message of a window, or more bytes of one that is in. */
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

    /** Whoever watches has a reason to look. */
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
