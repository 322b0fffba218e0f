// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.routing.spi.Interleavings.require;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.routing.RoutingDropReason;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Windows, permits and the node's bytes in the hands of several threads, in every order of their steps that Lincheck tries. */
@Tag("interleavings")
class WindowInterleavings {

    /** What each thread holds. Lincheck counts threads from 1; what comes before them all has the number 0. */
    private static final class Hands {
        private final List<Deque<Permit>> byThread = new ArrayList<>();

        Hands() {
            for (int thread = 0; thread <= Interleavings.THREADS; thread++) {
                byThread.add(new ArrayDeque<>());
            }
        }

        boolean take(int thread, @Nullable Permit permit) {
            if (permit != null) {
                byThread.get(thread).add(permit);
            }
            return permit != null;
        }

        @Nullable
        Permit last(int thread) {
            return byThread.get(thread).peekLast();
        }

        @Nullable
        Permit takeLast(int thread) {
            return byThread.get(thread).pollLast();
        }
    }

    /** A window of a node that has room, and permits that come in from another and go out to it. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "bytes", gen = IntGen.class, conf = "1:3")
    public static class OneWindow {
        private final ByteBudget node = new ByteBudget(1_000);
        private final Window window = new Window(2, 4, node, () -> {});
        private final Window.Lane lane = window.lane();
        private final Window other = new Window(100, 1_000, node, () -> {});
        private final Hands inside = new Hands();
        private final Hands outside = new Hands();

        public OneWindow() {
            for (int thread = 0; thread <= Interleavings.THREADS; thread++) {
                outside.take(thread, other.lane().tryAdmit(1));
            }
        }

        @Operation
        public boolean admit(int thread, int bytes) {
            return inside.take(thread, lane.tryAdmit(bytes));
        }

        @Operation
        public void release(int thread) {
            Permit permit = inside.takeLast(thread);
            if (permit != null) {
                permit.release(null);
            }
        }

        @Operation
        public boolean moveIn(int thread) {
            return move(thread, outside, window, inside);
        }

        @Operation
        public boolean moveOut(int thread) {
            return move(thread, inside, other, outside);
        }

        private static boolean move(int thread, Hands from, Window to, Hands into) {
            Permit permit = from.last(thread);
            return permit != null && to.tryTakeOver(permit) && into.take(thread, from.takeLast(thread));
        }

        @Operation
        public void grow(int thread, int bytes) {
            Permit permit = inside.last(thread);
            if (permit != null) {
                permit.growBy(bytes);
            }
        }

        @Operation
        public boolean isEmpty() {
            return window.isEmpty();
        }

        @Operation
        public boolean hasRoom() {
            return window.hasRoom();
        }
    }

    @Test
    void windowsLetInAsIfOneCallCameAfterTheOther() {
        Interleavings.checkResults(OneWindow.class, 150);
    }

    /** What the windows of a node take of its bytes. */
    @Param(name = "thread", gen = ThreadIdGen.class)
    @Param(name = "bytes", gen = IntGen.class, conf = "1:3")
    public static class OneNode {
        private final ByteBudget node = new ByteBudget(4);
        private final long[] held = new long[Interleavings.THREADS + 1];

        @Operation
        public boolean tryTake(int thread, int bytes) {
            boolean taken = node.tryTake(Shares.ofMessage(bytes));
            if (taken) {
                held[thread] += Shares.ofMessage(bytes);
            }
            return taken;
        }

        @Operation
        public void take(int thread, int bytes) {
            node.take(Shares.ofMessage(bytes));
            held[thread] += Shares.ofMessage(bytes);
        }

        @Operation
        public void giveBack(int thread) {
            node.giveBack(held[thread]);
            held[thread] = 0;
        }

        @Operation
        public long bytes() {
            return node.bytes();
        }

        @Operation
        public int messages() {
            return node.messages();
        }
    }

    @Test
    void nodesLetInAsIfOneCallCameAfterTheOther() {
        Interleavings.checkResults(OneNode.class, 150);
    }

    /** An entrance like the stage of a stream: it keeps what finds no room, and sleeps until it is woken. */
    private static final class Entrance {
        final Window window;
        final Window.Lane lane;
        final Queue<Permit> pool;
        int pending;
        volatile boolean woken;

        Entrance(ByteBudget node, Queue<Permit> pool) {
            this.window = new Window(2, 4, node, () -> woken = true);
            this.lane = window.lane();
            this.pool = pool;
        }

        void enter(int bytes) {
            if (pending == 0) {
                tryWith(bytes);
            } else if (woken) {
                tryWith(pending);
            }
        }

        private void tryWith(int bytes) {
            woken = false;
            pending = bytes;
            if (!isLetIn()) {
                window.sleep(bytes);
                isLetIn();
            }
        }

        private boolean isLetIn() {
            Permit permit = lane.tryAdmit(pending);
            if (permit != null) {
                pending = 0;
                pool.add(permit);
            }
            return permit != null;
        }
    }

    /** Two entrances, whose windows and whose node have little room. */
    @Param(name = "bytes", gen = IntGen.class, conf = "1:3")
    @Param(name = "which", gen = IntGen.class, conf = "0:1")
    public static class TwoEntrances {
        private final ByteBudget node = new ByteBudget(7);
        private final Queue<Permit> pool = new ConcurrentLinkedQueue<>();
        private final Entrance first = new Entrance(node, pool);
        private final Entrance second = new Entrance(node, pool);
        private final Window.Lane others = new Window(100, 1_000, node, () -> {}).lane();
        /** These stay until the end, so that only the node can make room for the second. */
        private final List<Permit> staying = List.of(others.admit(1), second.lane.admit(1));

        /** Both entrances sleep: the first because its window is full, the second because the node is, nearly. */
        public TwoEntrances() {
            first.enter(2);
            first.enter(2);
            first.enter(1);
            second.enter(2);
        }

        @Operation(nonParallelGroup = "first")
        public void enterFirst(int bytes) {
            first.enter(bytes);
        }

        @Operation(nonParallelGroup = "second")
        public void enterSecond(int bytes) {
            second.enter(bytes);
        }

        /** Others take the room that the second has been woken for. */
        @Operation(nonParallelGroup = "second")
        public void enterSecondTooLate(int bytes) {
            Permit permit = others.tryAdmit(bytes);
            if (permit != null) {
                pool.add(permit);
            }
            second.enter(bytes);
        }

        @Operation
        public void release() {
            Permit permit = pool.poll();
            if (permit != null) {
                permit.release(null);
            }
        }

        @Operation
        public void move(int which) {
            Permit permit = pool.poll();
            if (permit != null) {
                (which == 0 ? first : second).window.tryTakeOver(permit);
                pool.add(permit);
            }
        }

        @Operation
        public void grow(int bytes) {
            Permit permit = pool.poll();
            if (permit != null) {
                permit.growTo(bytes);
                pool.add(permit);
            }
        }

        @Validate
        public void nobodySleepsWithRoom() {
            comesToRest(first);
            comesToRest(second);
            while (!pool.isEmpty()) {
                release();
                comesToRest(first);
                comesToRest(second);
            }
            require(first.pending == 0 && second.pending == 0, "all were let in");
            for (Permit permit : staying) {
                permit.release(null);
            }
            require(first.window.isEmpty() && second.window.isEmpty(), "both windows are empty");
            require(node.messages() == 0 && node.bytes() == 0, "the node is empty");
        }

        private void comesToRest(Entrance entrance) {
            while (entrance.pending != 0 && entrance.woken) {
                entrance.enter(0);
            }
            require(
                    entrance.pending == 0 || entrance.lane.tryAdmit(entrance.pending) == null,
                    "it sleeps for lack of room");
        }
    }

    @Test
    void whoeverFindsNoRoomIsWoken() {
        Interleavings.checkEnd(TwoEntrances.class, 150);
    }

    /** A permit that is shared, moved between two windows, and given back. */
    @Param(name = "bytes", gen = IntGen.class, conf = "1:3")
    @Param(name = "which", gen = IntGen.class, conf = "0:1")
    public static class OnePermit {
        private final ByteBudget node = new ByteBudget(100);
        private final Window first = new Window(2, 100, node, () -> {});
        private final Window second = new Window(2, 100, node, () -> {});
        private final AtomicInteger toldLost = new AtomicInteger();
        private final Permit permit = Objects.requireNonNull(
                first.lane(reason -> toldLost.incrementAndGet()).tryAdmit(1));
        /** As often as it is held. */
        private final Queue<Permit> pool = new ConcurrentLinkedQueue<>();

        private volatile boolean arrived;
        private volatile boolean lost;
        private volatile boolean refused;

        public OnePermit() {
            pool.add(permit);
            copy();
        }

        @Operation
        public void copy() {
            Permit held = pool.poll();
            if (held != null) {
                if (held.retain()) {
                    pool.add(held);
                } else {
                    refused = true;
                }
                pool.add(held);
            }
        }

        /** By somebody who does not hold it, and perhaps too late. */
        @Operation
        public void copyLate() {
            if (permit.retain()) {
                pool.add(permit);
            }
        }

        @Operation
        public void release() {
            Permit held = pool.poll();
            if (held != null) {
                arrived = true;
                held.release(null);
            }
        }

        @Operation
        public void lose() {
            Permit held = pool.poll();
            if (held != null) {
                lost = true;
                held.release(RoutingDropReason.NO_ROOM);
            }
        }

        @Operation
        public void arrive() {
            Permit held = pool.poll();
            if (held != null) {
                arrived = true;
                held.arrived();
                pool.add(held);
            }
        }

        @Operation
        public void letGo() {
            Permit held = pool.poll();
            if (held != null) {
                held.letGo();
            }
        }

        @Operation
        public void grow(int bytes) {
            Permit held = pool.poll();
            if (held != null) {
                held.growBy(bytes);
                pool.add(held);
            }
        }

        @Operation
        public void move(int which) {
            Permit held = pool.poll();
            if (held != null) {
                (which == 0 ? first : second).tryTakeOver(held);
                pool.add(held);
            }
        }

        @Validate
        public void comesBackOnce() {
            while (!pool.isEmpty()) {
                require(node.messages() == 1, "it is counted while it is held");
                letGo();
            }
            require(!refused, "who holds it can share it");
            require(first.isEmpty() && second.isEmpty(), "both windows are empty");
            require(node.messages() == 0 && node.bytes() == 0, "the node is empty");
            require(!permit.retain(), "nobody gets it after it came back");
            require(toldLost.get() == (lost && !arrived ? 1 : 0), "a loss is told once, and only if nothing arrived");
        }
    }

    @Test
    void permitComesBackOnceWhoeverHeldIt() {
        Interleavings.checkEnd(OnePermit.class, 150);
    }
}
