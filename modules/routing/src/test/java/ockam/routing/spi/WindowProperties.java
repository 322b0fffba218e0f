// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.List;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Windows of one node, compared with a model that adds up: what is let in, who holds what, what is lost, and who is woken. */
class WindowProperties {
    private static final int WINDOWS = 3;
    private static final int MAX_MESSAGES = 3;
    private static final int MAX_BYTES = 100;
    private static final int NODE_BYTES = 180;

    private enum Kind {
        ADMIT,
        RETAIN,
        GROW,
        MOVE,
        RELEASE,
        LOSE,
        ARRIVE,
        LET_GO,
        RETRY
    }

    private record Step(Kind kind, int which, int bytes) {}

    private static Gen<Step> steps() {
        return arbitrary()
                .enumValues(Kind.class)
                .zip(integers().between(0, 30), integers().between(0, 150), Step::new);
    }

    /** A permit that was given out, and how many hold it. */
    private static final class Held {
        final Permit permit;
        final int lane;
        int window;
        int bytes;
        int holders = 1;
        /** What became of it so far, copies included. */
        boolean arrived;

        @Nullable
        DropReason lost;

        Held(Permit permit, int window, int bytes) {
            this.permit = permit;
            this.lane = window;
            this.window = window;
            this.bytes = bytes;
        }
    }

    /** An entrance like the stage of a stream: it keeps what finds no room, and sleeps until it is woken. */
    private static final class Sleeper {
        final Window window;
        final Window.Lane lane;

        @Nullable
        Integer pending;

        boolean woken;
        final List<DropReason> lost = new ArrayList<>();

        Sleeper(ByteBudget budget) {
            window = new Window(MAX_MESSAGES, MAX_BYTES, budget, () -> woken = true);
            lane = window.lane(lost::add);
        }
    }

    private static final class World {
        private final ByteBudget budget = new ByteBudget(NODE_BYTES);
        private final List<Sleeper> entrances = new ArrayList<>();
        private final List<Held> held = new ArrayList<>();
        private final List<Permit> ended = new ArrayList<>();
        private final List<List<DropReason>> lostByLane = new ArrayList<>();

        World() {
            for (int i = 0; i < WINDOWS; i++) {
                entrances.add(new Sleeper(budget));
                lostByLane.add(new ArrayList<>());
            }
        }

        void take(Step step) {
            switch (step.kind()) {
                case ADMIT -> {
                    int window = step.which() % WINDOWS;
                    if (entrances.get(window).pending == null) {
                        admit(window, step.bytes());
                    }
                }
                case RETAIN -> retain(step.which());
                case GROW -> grow(step.which(), step.bytes());
                case MOVE -> move(step.which(), step.bytes() % WINDOWS);
                case RELEASE -> release(step.which(), null);
                case LOSE -> release(step.which(), reason(step.bytes()));
                case ARRIVE -> arrive(step.which());
                case LET_GO -> letGo(step.which());
                case RETRY -> retry(step.which() % WINDOWS);
            }
            check();
        }

        private void admit(int window, int bytes) {
            Sleeper entrance = entrances.get(window);
            boolean fits = fits(window, bytes);
            Permit permit = entrance.lane.tryAdmit(bytes);
            assertThat(permit != null).as("let in").isEqualTo(fits);
            if (permit == null) {
                entrance.woken = false;
                entrance.window.sleep(bytes);
                permit = entrance.lane.tryAdmit(bytes);
                assertThat(permit).as("nothing has changed").isNull();
                entrance.pending = bytes;
            } else {
                entrance.pending = null;
                held.add(new Held(permit, window, bytes));
            }
        }

        private boolean fits(int window, int bytes) {
            if (messages(window) == 0) {
                return true;
            }
            return messages(window) < MAX_MESSAGES
                    && bytes(window) + bytes <= MAX_BYTES
                    && bytes() + bytes <= NODE_BYTES;
        }

        private long messages(int window) {
            return held.stream().filter(one -> one.window == window).count();
        }

        private long bytes(int window) {
            return held.stream()
                    .filter(one -> one.window == window)
                    .mapToLong(one -> one.bytes)
                    .sum();
        }

        private long bytes() {
            return held.stream().mapToLong(one -> one.bytes).sum();
        }

        private void retain(int which) {
            if (!held.isEmpty()) {
                Held one = held.get(which % held.size());
                assertThat(one.permit.retain()).isTrue();
                one.holders++;
            }
            if (!ended.isEmpty()) {
                assertThat(ended.get(which % ended.size()).retain())
                        .as("held again after it was given back")
                        .isFalse();
            }
        }

        private void grow(int which, int bytes) {
            if (!held.isEmpty()) {
                Held one = held.get(which % held.size());
                one.permit.growTo(bytes * 4);
                one.bytes = Math.max(one.bytes, bytes * 4);
            }
        }

        /** The window that lets in is told of a loss, whichever counts the message. */
        private void move(int which, int target) {
            if (held.isEmpty()) {
                return;
            }
            Held one = held.get(which % held.size());
            if (one.window == target) {
                return;
            }
            boolean fits = messages(target) == 0
                    || (messages(target) < MAX_MESSAGES && bytes(target) + one.bytes <= MAX_BYTES);
            assertThat(entrances.get(target).window.tryTakeOver(one.permit))
                    .as("moved")
                    .isEqualTo(fits);
            if (fits) {
                one.window = target;
            }
        }

        private void release(int which, @Nullable DropReason reason) {
            if (held.isEmpty()) {
                return;
            }
            Held one = held.get(which % held.size());
            if (reason == null) {
                one.arrived = true;
            } else {
                one.lost = reason;
            }
            oneHolderLess(one);
            one.permit.release(reason);
        }

        /** It has arrived, whatever becomes of what is made from it. */
        private void arrive(int which) {
            if (!held.isEmpty()) {
                Held one = held.get(which % held.size());
                one.arrived = true;
                one.permit.arrived();
            }
        }

        /** Only one who has made copies of a message does so: there are others, or they have ended. */
        private void letGo(int which) {
            if (held.isEmpty()) {
                return;
            }
            Held one = held.get(which % held.size());
            if (one.holders > 1 || one.arrived || one.lost != null) {
                oneHolderLess(one);
                one.permit.letGo();
            }
        }

        /** The message is lost if none of its copies has arrived. */
        private void oneHolderLess(Held one) {
            if (--one.holders == 0) {
                held.remove(one);
                ended.add(one.permit);
                DropReason reason = one.lost;
                if (reason != null && !one.arrived) {
                    lostByLane.get(one.lane).add(reason);
                }
            }
        }

        private static DropReason reason(int which) {
            RoutingDropReason[] reasons = RoutingDropReason.values();
            return reasons[which % reasons.length];
        }

        private void retry(int window) {
            Sleeper entrance = entrances.get(window);
            Integer pending = entrance.pending;
            if (pending != null && entrance.woken) {
                admit(window, pending);
            }
        }

        private void check() {
            assertThat(budget.messages()).isEqualTo(held.size());
            assertThat(budget.bytes()).isEqualTo(bytes());
            for (int i = 0; i < WINDOWS; i++) {
                Sleeper entrance = entrances.get(i);
                assertThat(entrance.lost).isEqualTo(lostByLane.get(i));
                assertThat(entrance.window.isEmpty()).isEqualTo(messages(i) == 0);
                Integer pending = entrance.pending;
                if (pending != null && !entrance.woken) {
                    assertThat(fits(i, pending))
                            .as("asleep with room for %d bytes", pending)
                            .isFalse();
                }
            }
        }

        private void retryAll() {
            for (int i = 0; i < WINDOWS; i++) {
                retry(i);
            }
        }

        void end() {
            retryAll();
            while (!held.isEmpty()) {
                release(0, null);
                check();
                retryAll();
            }
            assertThat(entrances)
                    .allSatisfy(entrance -> assertThat(entrance.pending).isNull());
            assertThat(budget.messages()).isZero();
            assertThat(budget.bytes()).isZero();
        }
    }

    @Test
    void letInWhatFitsAndLeaveNoneAsleepWithRoom() {
        qt().withExamples(3_000)
                .forAll(lists().of(steps()).ofSizeBetween(1, 60))
                .checkAssert(steps -> {
                    World world = new World();
                    steps.forEach(world::take);
                    world.end();
                });
    }
}
