// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import ockam.routing.DropReason;
import ockam.wire.Address;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. What a connection may have under way of what it has read: a {@link Window}, with a lane for each whole onward route, and two
 * ways for messages to leave it before they have ended.
 *
 * <ul>
 *   <li>A message that arrives at the writer of the same connection is <i>turned</i>: it counts in a second window. Otherwise two nodes whose
 *       windows are full of answers to each other would wait for each other.
 *   <li>The messages of a lane from which nothing comes back for too long are <i>detached</i>: they no longer count, except for the node. So
 *       one destination that is stuck does not hold up the others for long. Lanes that leave by another connection have more time: a slow
 *       network takes much at once, and then nothing for a while.
 *   <li>While a lane is detached, a lane that begins with the same address and from which nothing has ever come back is detached with its
 *       first message. Otherwise somebody could hold up the others again and again, by routes that differ only behind a destination that is
 *       stuck. Lanes from which something has come back go on: the first address may be a hop.
 * </ul>
 *
 * <p>Messages are let in by one thread, that of the reader. The rest is thread safe.
 */
@InternalApi
public final class ReadWindow {
    /**
     * Bounds.
     *
     * @param messages that may be under way and not turned
     * @param bytes of these
     * @param turnedMessages that may wait for the writer
     * @param turnedBytes of these
     * @param totalBytes of these, those turned and those detached together; a message that comes when nothing else is under way gets in
     * @param outwardPatience after how many looks without anything that came back a lane is detached that leaves by another connection
     */
    public record Bounds(
            int messages, long bytes, int turnedMessages, long turnedBytes, long totalBytes, long outwardPatience) {}

    private static final long NEVER = -1;

    private final Bounds bounds;
    private final ByteBudget node;
    private final Window window;
    private final Window turned;
    private final AtomicLong detached = new AtomicLong();
    /** How often the reader has begun to wait or has looked at what came back. */
    private final AtomicLong looks = new AtomicLong();

    private final Map<Route, Lane> lanes = new HashMap<>(); // only used by the reader
    private @Nullable Lane last; // likewise
    /** By the address with which their routes begin, lanes that were detached, each the last one; likewise. */
    private final Map<Address, Lane> stalled = new HashMap<>();

    private long laneBytes; // of the routes of the lanes, which count nowhere else; likewise
    private int sweepAt; // so many lanes; likewise
    private long sweepAtBytes; // likewise

    /** {@code wake} is run, on any thread, when there may be room again. */
    ReadWindow(Bounds bounds, ByteBudget node, Runnable wake) {
        this.bounds = bounds;
        this.node = node;
        this.sweepAt = 2 * bounds.messages();
        this.sweepAtBytes = bounds.bytes();
        this.window = new Window(bounds.messages(), bounds.bytes(), node, wake);
        this.turned = new Window(bounds.turnedMessages(), bounds.turnedBytes(), node, wake);
    }

    /** The lane of the messages that go along a route. */
    public Lane lane(Route onwardRoute) {
        Lane lane = last;
        if (lane == null || !lane.route.equals(onwardRoute)) {
            lane = lanes.get(onwardRoute);
            if (lane == null) {
                lane = add(onwardRoute);
            }
            last = lane;
        }
        return lane;
    }

    /** Strangers choose the routes: how many there are, and how long. */
    private Lane add(Route route) {
        if (lanes.size() >= sweepAt || laneBytes >= sweepAtBytes) {
            lanes.values().removeIf(Lane::isEmpty);
            stalled.values().removeIf(lane -> !lane.isStalled());
            laneBytes = lanes.keySet().stream().mapToLong(Route::footprint).sum();
            // Many are left only if much is detached.
            sweepAt = Math.max(2 * bounds.messages(), 2 * lanes.size());
            sweepAtBytes = Math.max(bounds.bytes(), 2 * laneBytes);
        }
        Lane lane = new Lane(route);
        lanes.put(route, lane);
        laneBytes += route.footprint();
        return lane;
    }

    /** Whether a small message would be let in, as far as this connection goes. */
    public boolean hasRoom() {
        return window.isEmpty() || (window.hasRoom() && total() < bounds.totalBytes());
    }

    /**
     * From now on the next release wakes the reader, who must try once more before it waits.
     *
     * @param bytes what the message holds that found no room; 0 if there is none yet
     */
    public void sleep(int bytes) {
        turned.sleepUntilRelease();
        window.sleep(bytes);
    }

    /** The same for a reader that only waits until nothing is under way. */
    public void sleepUntilRelease() {
        turned.sleepUntilRelease();
        window.sleepUntilRelease();
    }

    /** Whether nothing that was read is under way, apart from what was turned or detached. */
    public boolean isEmpty() {
        return window.isEmpty();
    }

    /** The bytes of all messages that were read and have not ended. */
    public long total() {
        return window.bytes() + turned.bytes() + Shares.bytes(detached.get());
    }

    /** The bytes of messages that were detached and have not ended. */
    public long detachedBytes() {
        return Shares.bytes(detached.get());
    }

    /** How many lanes are remembered. */
    int lanes() {
        return lanes.size();
    }

    /**
     * A message has arrived at the writer. If it came in here, it is turned if there is room for it; if by another connection, that one is
     * patient with its lane.
     */
    public void turn(Delivery delivery) {
        Permit permit = delivery.permit();
        if (permit != null) {
            turn(permit);
        }
    }

    /** The same by its permit, which somebody holds. */
    void turn(Permit permit) {
        if (permit.isCountedBy(this::isMine)) {
            turned.tryTakeOver(permit);
        }
    }

    private boolean isMine(Permit.Account account) {
        if (account instanceof Lane lane) {
            if (lane.isOf(this)) {
                return true;
            }
            lane.leavesHere();
        }
        return false;
    }

    /** The reader begins to wait: {@link #detachStalled} will ask what has happened since. */
    public void watch() {
        looks.incrementAndGet();
    }

    /**
     * Detaches the lanes that hold messages and from which none has come back since the last call of this or of {@link #watch}; if they leave
     * by another connection, only after several such calls.
     */
    public void detachStalled() {
        long before = looks.getAndIncrement();
        lanes.values().forEach(lane -> {
            if (!lane.isSpared(before)) {
                lane.detachIfStalled(before);
            }
        });
    }

    private boolean hasStalled(Address first) {
        Lane lane = stalled.get(first);
        return lane != null && lane.isStalled();
    }

    /** Messages that go along one route. Thread safe, except that only the reader lets them in. */
    public final class Lane implements Permit.Account {
        private final Route route;
        private long held; // guarded by this
        private boolean isDetached; // guarded by this
        private long movedAt = NEVER; // after so many looks; guarded by this
        private boolean isOutward; // guarded by this
        private long spared; // so many times since something has come back; guarded by this

        private Lane(Route route) {
            this.route = route;
        }

        private boolean isOf(ReadWindow other) {
            return ReadWindow.this == other;
        }

        private synchronized void leavesHere() {
            isOutward = true;
        }

        private synchronized boolean isSpared(long look) {
            return isOutward && held != 0 && movedAt < look && ++spared < bounds.outwardPatience();
        }

        private synchronized boolean isEmpty() {
            return held == 0;
        }

        /** Whether messages of the lane were detached and have not ended; those that come now would only wait behind them. */
        public synchronized boolean isStalled() {
            return isDetached && held != 0;
        }

        /**
         * Lets a message in, if there is room and the lane is not stalled.
         *
         * @param bytes what it holds, see {@link ockam.wire.LocalMessage#footprint}
         * @return its permit, or null
         */
        public @Nullable Permit tryAdmit(int bytes) {
            long share = Shares.ofMessage(bytes);
            if (isStalled() || (!window.isEmpty() && total() + bytes > bounds.totalBytes()) || !window.tryTake(share)) {
                return null;
            }
            synchronized (this) {
                isDetached = false; // it was empty
                held += share;
            }
            if (hasStalled(route.next())) {
                detachIfStalled(NEVER + 1);
            }
            return new Permit(Lane::ignore, this, share);
        }

        /** The node counts what is lost. */
        private static void ignore(DropReason unused) {}

        /** Detaches it, if it holds messages and none has come back since that look. */
        private void detachIfStalled(long look) {
            long leaving;
            synchronized (this) {
                leaving = movedAt >= look || isDetached ? 0 : held;
                isDetached |= leaving != 0;
                detached.addAndGet(leaving);
            }
            if (leaving != 0) {
                stalled.put(route.next(), this);
                window.handOver(leaving);
            }
        }

        /** Returns whether the lane is detached. */
        private synchronized boolean change(long shares, boolean moved) {
            held += shares;
            if (moved) {
                movedAt = looks.get();
                spared = 0;
            }
            if (isDetached) {
                detached.addAndGet(shares);
            }
            return isDetached;
        }

        /** In one step: detached in between, the message would be taken from the window before it has grown there. */
        @Override
        public synchronized void grow(long bytes) {
            if (change(bytes, false)) {
                node.take(bytes);
            } else {
                window.grow(bytes);
            }
        }

        @Override
        public boolean tryTakeOver(long share) {
            throw new UnsupportedOperationException("a lane takes over nothing");
        }

        @Override
        public void handOver(long share) {
            if (change(-share, true)) {
                window.wakeUp();
            } else {
                window.handOver(share);
            }
        }

        @Override
        public void release(long share) {
            if (change(-share, true)) {
                node.giveBack(share);
                window.wakeUp();
            } else {
                window.release(share);
            }
        }
    }
}
