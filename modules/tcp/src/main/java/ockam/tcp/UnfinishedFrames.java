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
    private final Set<Share> shares = ConcurrentHashMap.newKeySet();

    UnfinishedFrames(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The share of one connection; {@code giveWay} is run, on any thread, if it has to end. */
    Share open(Runnable giveWay) {
        Share share = new Share(giveWay);
        shares.add(share);
        return share;
    }

    long bytes() {
        return bytes.get();
    }

    /** What one connection holds; used by its reader only, except for {@link #giveWay}. */
    final class Share {
        private final Runnable giveWay;
        private volatile int held;

        private Share(Runnable giveWay) {
            this.giveWay = giveWay;
        }

        /** It holds so many bytes now. */
        void set(int now) {
            int before = held;
            if (now == before) {
                return;
            }
            held = now;
            if (bytes.addAndGet(now - before) > maxBytes && now > before) {
                shares.stream()
                        .max(Comparator.comparingInt(share -> share.held))
                        .ifPresent(share -> share.giveWay.run());
            }
        }

        /** The connection has ended. */
        void close() {
            set(0);
            shares.remove(this);
        }
    }
}
