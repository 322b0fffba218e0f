// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static ockam.routing.spi.Interleavings.require;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import ockam.wire.Route;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A connection's window in the hands of its reader and of others, in every order of their steps that Lincheck tries. */
@Tag("interleavings")
class ReadWindowInterleavings {
    private static final List<Route> ROUTES =
            List.of(Route.of("stuck"), Route.of("first"), Route.of("second"), Route.of("third"));

    /** Like the stage of a connection: it keeps what finds no room, and sleeps until it is woken. */
    private static final class Reader {
        private final Queue<Permit> pool;
        private final ReadWindow window;
        private @Nullable Route pending;
        private int pendingBytes;
        private volatile boolean woken;

        Reader(ReadWindow.Bounds bounds, ByteBudget node, Queue<Permit> pool) {
            this.pool = pool;
            this.window = new ReadWindow(bounds, node, () -> woken = true);
        }

        void read(int bytes, Route route) {
            Route waiting = pending;
            if (waiting == null) {
                tryWith(bytes, route);
            } else if (woken) {
                tryWith(pendingBytes, waiting);
            }
        }

        /** What would only wait behind what is stuck is dropped. */
        private void tryWith(int bytes, Route route) {
            woken = false;
            pending = null;
            pendingBytes = bytes;
            ReadWindow.Lane lane = window.lane(route);
            if (lane.isStalled() || isLetIn(lane)) {
                return;
            }
            window.sleep(bytes);
            if (!isLetIn(lane)) {
                pending = route;
                window.watch();
            }
        }

        private boolean isLetIn(ReadWindow.Lane lane) {
            Permit permit = lane.tryAdmit(pendingBytes);
            if (permit != null) {
                pool.add(permit);
            }
            return permit != null;
        }

        /** Then it tries again, as the stage does. */
        void detach() {
            window.detachStalled();
            Route waiting = pending;
            if (waiting != null) {
                tryWith(pendingBytes, waiting);
            }
        }

        void comesToRest() {
            while (pending != null && woken) {
                read(0, ROUTES.get(0));
            }
            Route waiting = pending;
            require(
                    waiting == null || window.lane(waiting).tryAdmit(pendingBytes) == null,
                    "it sleeps for lack of room");
        }
    }

    /** One that reads and now and then detaches; others end messages, let them grow, and have them arrive at the writer. */
    @Param(name = "bytes", gen = IntGen.class, conf = "1:3")
    @Param(name = "route", gen = IntGen.class, conf = "0:3")
    public static class OneReader {
        private final ByteBudget node = new ByteBudget(12);
        private final Queue<Permit> pool = new ConcurrentLinkedQueue<>();
        private final Reader reader = new Reader(new ReadWindow.Bounds(2, 4, 2, 3, 7, 1), node, pool);
        /** This stays until the end, so that the node may have no room either. */
        private final Permit staying =
                new Window(100, 1_000, node, () -> {}).lane().admit(4);

        /** Something is detached, the window is full, and the reader sleeps with one more. */
        public OneReader() {
            reader.read(2, ROUTES.get(0));
            reader.detach();
            reader.read(2, ROUTES.get(1));
            reader.read(1, ROUTES.get(2));
            reader.read(1, ROUTES.get(3));
            pool.add(pool.remove()); // what is detached is not the first that the others take
        }

        @Operation(nonParallelGroup = "reader")
        public void read(int bytes, int route) {
            reader.read(bytes, ROUTES.get(route));
        }

        @Operation(nonParallelGroup = "reader")
        public void detach() {
            reader.detach();
        }

        @Operation
        public void release() {
            Permit permit = pool.poll();
            if (permit != null) {
                permit.release(null);
            }
        }

        @Operation
        public void turn() {
            Permit permit = pool.poll();
            if (permit != null) {
                reader.window.turn(permit);
                pool.add(permit);
            }
        }

        @Operation
        public void grow(int bytes) {
            Permit permit = pool.poll();
            if (permit != null) {
                permit.growBy(bytes);
                pool.add(permit);
            }
        }

        @Validate
        public void nobodySleepsWithRoomAndAllComesBack() {
            reader.comesToRest();
            require(reader.window.total() + 4 == node.bytes(), "the same bytes, wherever they count");
            while (!pool.isEmpty()) {
                release();
                reader.comesToRest();
            }
            require(reader.pending == null, "all was let in or dropped");
            require(reader.window.isEmpty(), "the window is empty");
            require(reader.window.total() == 0 && reader.window.detachedBytes() == 0, "nothing is turned or detached");
            staying.release(null);
            require(node.messages() == 0 && node.bytes() == 0, "the node is empty");
        }
    }

    @Test
    void readersAreWokenAndEverythingComesBack() {
        Interleavings.checkEnd(OneReader.class, 150);
    }
}
