// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import ockam.routing.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. What one inlet may have under way on a node, in messages and in bytes. A message is let in when the window is empty, so that one of any
 * legal size gets through, or when the window has room and the node has, too.
 *
 * <p>Thread safe, without locks. An inlet that found no room calls {@link #sleep} and tries once more; any release after that wakes it.
 */
@InternalApi
public final class Window {
    /** Told when there may be room again, and when a message of this inlet was lost. Called on any thread. */
    public interface Inlet {
        /** There may be room. */
        void wake();

        /** A message that was let in came to nothing. */
        void lost(DropReason reason);
    }

    /** Those who send plainly wait for nothing and are told of nothing. */
    static final Inlet NOBODY = new Inlet() {
        @Override
        public void wake() {}

        @Override
        public void lost(DropReason reason) {}
    };

    private final int maxMessages;
    private final long maxBytes;
    private final ByteBudget node;
    private final Inlet inlet;
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean asleep = new AtomicBoolean();

    Window(int maxMessages, long maxBytes, ByteBudget node, Inlet inlet) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.node = node;
        this.inlet = inlet;
    }

    /** Lets a message in, if there is room. */
    public @Nullable Permit tryAdmit(int bytes) {
        long share = Shares.ofMessage(bytes);
        while (true) {
            long now = held.get();
            boolean empty = now == 0;
            if (!empty && (Shares.messages(now) >= maxMessages || Shares.bytes(now) + bytes > maxBytes)) {
                return null;
            }
            if (held.compareAndSet(now, now + share)) {
                if (empty) {
                    node.take(share);
                } else if (!node.tryTake(share)) {
                    held.addAndGet(-share);
                    return null;
                }
                return new Permit(this, share);
            }
        }
    }

    /** Whether a message without bytes would be let in, as far as this window goes. */
    public boolean hasRoom() {
        long now = held.get();
        return now == 0 || (Shares.messages(now) < maxMessages && Shares.bytes(now) < maxBytes);
    }

    /** From now on the next release wakes the inlet. The caller must try once more before it waits. */
    public void sleep() {
        asleep.set(true);
        if (hasRoom()) {
            // Then it is the node that has none, and the releases of other windows count.
            node.addWaiting(this);
        }
    }

    /** The same for one who only waits until everything has come back. */
    public void sleepUntilRelease() {
        asleep.set(true);
    }

    void release(long share, @Nullable DropReason lost) {
        held.addAndGet(-share);
        node.giveBack(share);
        if (lost != null) {
            inlet.lost(lost);
        }
        wake();
    }

    void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            inlet.wake();
        }
    }

    /** Whether nothing is under way. */
    public boolean isEmpty() {
        return held.get() == 0;
    }
}
