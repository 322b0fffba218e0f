// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection's window with real threads: one reads and detaches, two end messages, let them grow, and have them written. */
class ReadWindowRaceTest {
    private static final int MESSAGES = 200_000;
    private static final int OTHERS = 2;
    private static final ReadWindow.Bounds BOUNDS = new ReadWindow.Bounds(4, 400, 2, 200, 1_000, 1);
    private static final List<Route> ROUTES = List.of(Route.of("first"), Route.of("second"), Route.of("third"));

    /** Too few for all, so that sometimes it is the node that has no room. */
    private final ByteBudget node = new ByteBudget(1_200);

    private final Semaphore woken = new Semaphore(0);
    private final ReadWindow window = new ReadWindow(BOUNDS, node, woken::release);
    private final Window.Lane elsewhere = new Window(2, 1_000, node, () -> {}).lane();
    private final Queue<Permit> pool = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(1 + OTHERS);
    private volatile boolean read;

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void readerIsAlwaysWokenAndEverythingComesBack() {
        CompletableFuture<?>[] runs = new CompletableFuture<?>[1 + OTHERS];
        runs[0] = CompletableFuture.runAsync(() -> read(new Random(1)), threads).whenComplete((done, failure) -> {
            read = true;
        });
        for (int i = 1; i <= OTHERS; i++) {
            Random random = new Random(i + 1L);
            runs[i] = CompletableFuture.runAsync(() -> handle(random), threads);
        }
        CompletableFuture.allOf(runs).orTimeout(60, TimeUnit.SECONDS).join();

        assertThat(pool).isEmpty();
        assertThat(window.isEmpty()).isTrue();
        assertThat(window.total()).isZero();
        assertThat(window.detachedBytes()).isZero();
        assertThat(node.messages()).isZero();
        assertThat(node.bytes()).isZero();
    }

    private void read(Random random) {
        for (int i = 0; i < MESSAGES; i++) {
            if (random.nextInt(4) == 0) {
                window.watch();
            }
            if (random.nextInt(4) == 0) {
                window.detachStalled();
            }
            assertThat(window.total()).as("never less than nothing").isBetween(0L, 1L << 30);
            letIn(ROUTES.get(random.nextInt(ROUTES.size())), 1 + random.nextInt(200));
        }
    }

    /** It waits without a time limit. What would only wait behind what is detached is dropped. */
    private void letIn(Route route, int bytes) {
        ReadWindow.Lane lane = window.lane(route);
        while (!lane.isStalled()) {
            Permit permit = lane.tryAdmit(bytes);
            if (permit == null) {
                woken.drainPermits();
                window.sleep(bytes);
                permit = lane.tryAdmit(bytes);
            }
            if (permit != null) {
                pool.add(permit);
                return;
            }
            woken.acquireUninterruptibly();
        }
    }

    private void handle(Random random) {
        while (!read || !pool.isEmpty()) {
            Permit permit = pool.poll();
            if (permit == null) {
                if (random.nextInt(8) == 0) {
                    release(elsewhere.tryAdmit(random.nextInt(300)));
                }
                Thread.onSpinWait();
                continue;
            }
            switch (random.nextInt(4)) {
                case 0 -> {
                    permit.growBy(1 + random.nextInt(20));
                    pool.add(permit);
                }
                case 1 -> {
                    window.turn(permit);
                    pool.add(permit);
                }
                default -> release(permit);
            }
        }
    }

    private static void release(@Nullable Permit permit) {
        if (permit != null) {
            permit.release(null);
        }
    }
}
