// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import ockam.routing.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. What one entrance of a node may have under way, in messages and in bytes. A message is let in when the window is empty, so
 * that one of any legal size gets through, or when both the window and the node have room.
 *
 * <p>Messages come in by the {@linkplain #lane lanes} of the window. Thread safe, without locks. An entrance that found no room calls
 * {@link #sleep} and tries once more; any release after that wakes it.
 */
@InternalApi
public final class Window implements Permit.Account {
    private final int maxMessages;
    private final long maxBytes;
    private final ByteBudget node;
    private final Runnable wake;
    private final Runnable nodeHasRoom = this::nodeHasRoom; // one for the life of the window
    private final AtomicBoolean waitsForNode = new AtomicBoolean();
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean asleep = new AtomicBoolean();

    /** {@code wake} is run, on any thread, when there may be room again. */
    Window(int maxMessages, long maxBytes, ByteBudget node, Runnable wake) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.node = node;
        this.wake = wake;
    }

    /**
     * Creates a lane. An entrance may have several, to tell losses apart: a stream has one, a connection may have one for each route.
     *
     * @param lost called, on any thread, for each message that came in by this lane and was lost, and of which no copy arrived either,
     *     before its room is free again
     */
    public Lane lane(Consumer<DropReason> lost) {
        return new Lane(this, lost);
    }

    /** Creates a lane for an entrance that is not told of losses. */
    Lane lane() {
        return lane(unused -> {});
    }

    /** Counts a message, if there is room for it. */
    boolean tryTake(long share) {
        while (true) {
            long now = held.get();
            boolean empty = now == 0;
            if (!empty && !fits(now, share)) {
                return false;
            }
            if (held.compareAndSet(now, now + share)) {
                if (empty) {
                    node.take(share);
                } else if (!node.tryTake(share)) {
                    held.addAndGet(-share);
                    return false;
                }
                return true;
            }
        }
    }

    /** Counts a message, whatever there is. */
    private void take(long share) {
        held.addAndGet(share);
        node.take(share);
    }

    private boolean fits(long now, long share) {
        return Shares.messages(now) < maxMessages && Shares.bytes(now) + Shares.bytes(share) <= maxBytes;
    }

    @Override
    public void grow(long bytes) {
        held.addAndGet(bytes);
        node.take(bytes);
    }

    @Override
    public boolean tryTakeOver(long share) {
        while (true) {
            long now = held.get();
            if (now != 0 && !fits(now, share)) {
                return false;
            }
            if (held.compareAndSet(now, now + share)) {
                return true;
            }
        }
    }

    @Override
    public void handOver(long share) {
        held.addAndGet(-share);
        wakeUp();
    }

    @Override
    public void release(long share) {
        held.addAndGet(-share);
        node.giveBack(share);
        wakeUp();
    }

    /**
     * Counts a message that another window has let in, if there is room for it here.
     *
     * @param permit to be held by the caller
     */
    boolean tryTakeOver(Permit permit) {
        return permit.tryMoveTo(this);
    }

    /** Whether a message of one byte would be let in, as far as this window goes. */
    public boolean hasRoom() {
        long now = held.get();
        return now == 0 || fits(now, Shares.ofMessage(1));
    }

    /**
     * From now on the next release wakes the entrance. The caller must try once more before it waits, and be the only one that lets messages
     * into this window: another one that is refused at the same moment could hide that it is the node that has no room.
     *
     * @param bytes what the message holds that found no room; 0 if there is none yet
     */
    public void sleep(int bytes) {
        asleep.set(true);
        long now = held.get();
        if ((now == 0 || fits(now, Shares.ofMessage(bytes))) && waitsForNode.compareAndSet(false, true)) {
            // Then it is the node that has no room, and releases of other windows must wake this one.
            node.addWaiting(nodeHasRoom);
        }
    }

    private void nodeHasRoom() {
        waitsForNode.set(false);
        wakeUp();
    }

    /** The same for an entrance that only waits until everything has been released. */
    public void sleepUntilRelease() {
        asleep.set(true);
    }

    /** Wakes the entrance, if it sleeps. */
    void wakeUp() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            wake.run();
        }
    }

    /** What is under way, in bytes. */
    public long bytes() {
        return Shares.bytes(held.get());
    }

    /** Whether nothing is under way. */
    public boolean isEmpty() {
        return held.get() == 0;
    }

    /** A lane of a {@link Window}, by which messages come in. Thread safe. */
    public static final class Lane {
        private final Window window;
        private final Consumer<DropReason> lost;

        private Lane(Window window, Consumer<DropReason> lost) {
            this.window = window;
            this.lost = lost;
        }

        /**
         * Lets a message in, if there is room.
         *
         * @param bytes what it holds, see {@link ockam.wire.LocalMessage#footprint}
         * @return its permit, or null
         */
        public @Nullable Permit tryAdmit(int bytes) {
            long share = Shares.ofMessage(bytes);
            return window.tryTake(share) ? new Permit(lost, window, share) : null;
        }

        /** Lets a message in that must get through, whatever there is. */
        Permit admit(int bytes) {
            long share = Shares.ofMessage(bytes);
            window.take(share);
            return new Permit(lost, window, share);
        }
    }
}
