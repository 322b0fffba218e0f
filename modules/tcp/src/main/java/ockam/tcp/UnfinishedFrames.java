// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the connections of a node hold of frames that have not arrived completely: no window counts them yet. When it is too much, the
 * connection with the largest gives way. Thread safe.
 */
final class UnfinishedFrames {
    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final Set<Share> holding = ConcurrentHashMap.newKeySet();

    UnfinishedFrames(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The share of one connection; {@code giveWay} is run, on any thread and perhaps more than once, if it has to end. */
    Share share(Runnable giveWay) {
        return new Share(giveWay);
    }

    long bytes() {
        return bytes.get();
    }

    private void makeRoom() {
        if (bytes.get() > maxBytes) {
            holding.stream().max(Comparator.comparingInt(share -> share.held)).ifPresent(share -> share.giveWay.run());
        }
    }

    /** What one connection holds; used by its reader only, except for {@link #giveWay}. */
    final class Share {
        private final Runnable giveWay;
        private volatile int held;

        private Share(Runnable giveWay) {
            this.giveWay = giveWay;
        }

        /** It holds so many bytes now; none when the connection has ended. */
        void set(int now) {
            int before = held;
            if (now == before) {
                return;
            }
            held = now;
            if (now == 0) {
                holding.remove(this);
            } else if (before == 0) {
                holding.add(this);
            }
            bytes.addAndGet(now - before);
            makeRoom(); // also with less: one that has given way may not have been enough
        }
    }
}
