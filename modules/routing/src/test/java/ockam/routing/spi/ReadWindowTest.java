// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a connection may have under way, what leaves its window before it has ended, and that everything comes back. */
class ReadWindowTest {
    private static final ReadWindow.Bounds BOUNDS = new ReadWindow.Bounds(4, 1_000, 2, 500, 2_000, 3);
    private static final Route FAST = Route.of("fast");
    private static final Route STUCK = Route.of("stuck");

    private final ByteBudget budget = new ByteBudget(1_000_000);
    private final AtomicInteger woken = new AtomicInteger();
    private final ReadWindow window = new ReadWindow(BOUNDS, budget, woken::incrementAndGet);

    private Permit admitted(Route route, int bytes) {
        return Objects.requireNonNull(window.lane(route).tryAdmit(bytes), "no room");
    }

    private @Nullable Permit refused(Route route, int bytes) {
        return window.lane(route).tryAdmit(bytes);
    }

    @Test
    void lanesShareTheWindow() {
        List<Permit> permits =
                List.of(admitted(FAST, 10), admitted(STUCK, 10), admitted(FAST, 10), admitted(Route.of("other"), 10));
        assertThat(refused(FAST, 10)).isNull();
        assertThat(window.hasRoom()).isFalse();
        window.sleep(10);
        assertThat(woken).hasValue(0);

        permits.get(1).release(null);

        assertThat(woken).hasValue(1);
        assertThat(window.hasRoom()).isTrue();
        assertThat(window.total()).isEqualTo(30);
    }

    // ---- a destination that is stuck ----

    @Test
    void detachesOnlyTheLanesFromWhichNothingComesBack() {
        Permit stuck = admitted(STUCK, 100);
        Permit early = admitted(FAST, 100);
        admitted(FAST, 100);
        admitted(STUCK, 100);
        window.watch();
        early.release(null);

        window.detachStalled();

        assertThat(window.lane(FAST).isStalled()).isFalse();
        assertThat(window.lane(STUCK).isStalled()).isTrue();
        assertThat(window.detachedBytes()).isEqualTo(200);
        assertThat(window.total()).isEqualTo(300);
        assertThat(budget.messages()).as("what the node has under way").isEqualTo(3);
        assertThat(refused(STUCK, 1)).as("behind those that are stuck").isNull();
        assertThat(List.of(admitted(FAST, 1), admitted(FAST, 1), admitted(FAST, 1)))
                .hasSize(3);
        stuck.release(null);
        assertThat(window.lane(STUCK).isStalled()).as("one is left").isTrue();
    }

    @Test
    void letsALaneInAgainWhenAllThatWasDetachedHasEnded() {
        Permit first = admitted(STUCK, 100);
        Permit second = admitted(STUCK, 100);
        window.watch();
        window.detachStalled();
        first.growTo(150);
        assertThat(window.detachedBytes()).isEqualTo(250);
        window.sleepUntilRelease();

        first.release(RoutingDropReason.NO_SUCH_ADDRESS);
        second.release(null);

        assertThat(woken).hasValue(1);
        assertThat(window.detachedBytes()).isZero();
        assertThat(budget.messages()).isZero();
        assertThat(budget.bytes()).isZero();
        Permit next = admitted(STUCK, 100);
        assertThat(window.lane(STUCK).isStalled()).isFalse();
        assertThat(window.isEmpty()).as("it counts here again").isFalse();
        next.release(null);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void detachesALaneOnlyIfNothingHasComeBackSinceTheLastLook() {
        Permit first = admitted(STUCK, 100);
        admitted(STUCK, 100);
        window.watch();
        first.release(null);
        window.detachStalled();
        assertThat(window.detachedBytes()).isZero();

        window.detachStalled();

        assertThat(window.detachedBytes()).isEqualTo(100);
    }

    /** Strangers choose the tails of their routes. */
    @Test
    void isPatientWithWhatLeavesByAnotherConnection() {
        ReadWindow other = new ReadWindow(BOUNDS, budget, () -> {});
        Permit first = admitted(STUCK, 100);
        admitted(STUCK, 100);
        other.turn(first);
        window.watch();

        window.detachStalled();
        window.detachStalled();
        assertThat(window.detachedBytes())
                .as("after fewer looks than its patience")
                .isZero();
        first.release(null);
        window.detachStalled();
        window.detachStalled();
        window.detachStalled();
        assertThat(window.detachedBytes()).as("something came back in between").isZero();
        window.detachStalled();

        assertThat(window.detachedBytes()).isEqualTo(100);
        assertThat(other.total()).as("it is none of its messages").isZero();
    }

    @Test
    void detachesWhatBeginsLikeAStalledLaneAtOnce() {
        Permit stuck = admitted(Route.of("stuck", "0"), 10);
        window.watch();
        window.detachStalled();

        List<Permit> others = new ArrayList<>();
        for (int i = 1; i <= 3 * BOUNDS.messages(); i++) {
            others.add(admitted(Route.of("stuck", Integer.toString(i)), 10));
        }

        assertThat(window.isEmpty()).as("nobody else waits for these").isTrue();
        assertThat(window.detachedBytes()).isEqualTo(10 + 10 * others.size());
        assertThat(window.lane(Route.of("stuck", "1")).isStalled()).isTrue();
        assertThat(refused(Route.of("stuck", "1"), 10))
                .as("behind the one that was let in")
                .isNull();
        stuck.release(null);
        others.forEach(permit -> permit.release(null));
        assertThat(window.detachedBytes()).isZero();
        Permit later = admitted(Route.of("stuck", "new"), 10);
        assertThat(window.isEmpty()).as("nothing is stalled there any more").isFalse();
        later.release(null);
        assertThat(budget.messages()).isZero();
    }

    @Test
    void leavesLanesAloneThatBeginLikeAStalledOneButMove() {
        Route moving = Route.of("hop", "moving");
        admitted(moving, 10).release(null);
        admitted(Route.of("hop", "stuck"), 10);
        window.watch();
        window.detachStalled();

        List<Permit> permits = List.of(admitted(moving, 10), admitted(moving, 10));

        assertThat(window.lane(moving).isStalled()).isFalse();
        assertThat(window.detachedBytes()).isEqualTo(10);
        Permit first = admitted(Route.of("hop", "new"), 10);
        first.release(null);
        admitted(Route.of("hop", "new"), 10);
        assertThat(window.lane(Route.of("hop", "new")).isStalled())
                .as("now it has moved")
                .isFalse();
        assertThat(permits).hasSize(2);
    }

    @Test
    void countsWhatIsDetachedInTheTotal() {
        admitted(STUCK, 1_700);
        window.watch();
        window.detachStalled();
        Permit first = admitted(FAST, 100);
        assertThat(window.total()).isEqualTo(1_800);

        assertThat(refused(FAST, 201)).as("one more byte than in all").isNull();
        assertThat(window.hasRoom()).isTrue();
        assertThat(refused(FAST, 200)).isNotNull();
        assertThat(window.hasRoom()).as("its own messages and bytes are few").isFalse();
        window.sleep(1);
        first.release(null);
        assertThat(woken).hasValue(1);
        assertThat(refused(FAST, 100)).isNotNull();
    }

    @Test
    void letsOneMessageInHoweverMuchIsDetached() {
        List<Permit> stuck = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stuck.add(admitted(Route.of("stuck-" + i), 250));
        }
        stuck.forEach(permit -> permit.growTo(1_000));
        window.watch();
        window.detachStalled();
        assertThat(window.total()).isEqualTo(4_000);
        assertThat(window.hasRoom()).isTrue();

        assertThat(refused(FAST, 5_000)).isNotNull();
        assertThat(refused(FAST, 1)).isNull();
        assertThat(window.hasRoom()).isFalse();
    }

    // ---- answers ----

    @Test
    void turnsWhatCameInHereAndArrivesAtTheWriter() {
        List<Permit> permits = List.of(admitted(FAST, 100), admitted(FAST, 100), admitted(FAST, 100));

        permits.forEach(permit -> turn(window, permit));

        assertThat(window.isEmpty())
                .as("the third found no room among those turned")
                .isFalse();
        assertThat(window.total()).isEqualTo(300);
        window.sleepUntilRelease();
        permits.get(0).release(null);
        assertThat(woken).hasValue(1);
        permits.get(1).release(null);
        permits.get(2).release(null);
        assertThat(window.isEmpty()).isTrue();
        assertThat(budget.messages()).isZero();
    }

    @Test
    void turnsNothingThatCameInElsewhere() {
        ReadWindow other = new ReadWindow(BOUNDS, budget, () -> {});
        Permit permit = Objects.requireNonNull(other.lane(FAST).tryAdmit(100));

        turn(window, permit);

        assertThat(other.isEmpty()).isFalse();
        assertThat(window.total()).isZero();
    }

    @Test
    void turnsWhatWasDetached() {
        Permit permit = admitted(STUCK, 100);
        window.watch();
        window.detachStalled();

        turn(window, permit);

        assertThat(window.detachedBytes()).isZero();
        assertThat(window.lane(STUCK).isStalled()).isFalse();
        assertThat(window.total()).isEqualTo(100);
        permit.release(null);
        assertThat(window.total()).isZero();
    }

    @Test
    void remembersNoMoreLanesThanHoldMessages() {
        for (int i = 0; i < 1_000; i++) {
            admitted(Route.of("to-" + i), 1).release(null);
        }

        assertThat(window.lanes()).isLessThanOrEqualTo(2 * BOUNDS.messages());
    }

    @Test
    void remembersFewerLanesIfTheirRoutesAreLong() {
        for (int i = 0; i < BOUNDS.messages(); i++) {
            Route route = Route.of("to-" + i, "x".repeat(Address.MAX_LENGTH));
            admitted(route, 1).release(null);
            assertThat(window.lanes() * route.footprint())
                    .as("the bytes of the routes, which count nowhere else")
                    .isLessThanOrEqualTo((int) BOUNDS.bytes() + route.footprint());
        }
    }

    @Test
    void forgetsLanesAfterTheyWereMany() {
        List<Permit> stuck = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            stuck.add(admitted(Route.of("stuck-" + i), 1));
            window.watch();
            window.detachStalled();
        }
        assertThat(window.lanes()).isEqualTo(100);
        stuck.forEach(permit -> permit.release(null));

        for (int i = 0; i < 1_000; i++) {
            admitted(Route.of("to-" + i), 1).release(null);
        }

        assertThat(window.lanes()).isLessThanOrEqualTo(2 * BOUNDS.messages());
    }

    // ---- in any order ----

    @Test
    void everythingComesBackAfterAnySteps() {
        qt().forAll(lists().of(integers().between(0, 999)).ofSizeBetween(0, 200))
                .checkAssert(steps -> {
                    ByteBudget all = new ByteBudget(1_000_000);
                    ReadWindow any = new ReadWindow(BOUNDS, all, () -> {});
                    List<Permit> held = new ArrayList<>();
                    for (int step : steps) {
                        int number = step / 10;
                        switch (step % 10) {
                            case 0, 1, 2, 3 -> {
                                Permit permit = any.lane(Route.of("to-" + number % 2, "x-" + number % 3))
                                        .tryAdmit(number * 5);
                                if (permit != null) {
                                    held.add(permit);
                                }
                            }
                            case 4, 5 -> {
                                if (!held.isEmpty()) {
                                    held.remove(number % held.size()).release(null);
                                }
                            }
                            case 6 -> {
                                if (!held.isEmpty()) {
                                    held.get(number % held.size()).growBy(number);
                                }
                            }
                            case 7 -> {
                                if (!held.isEmpty()) {
                                    turn(any, held.get(number % held.size()));
                                }
                            }
                            case 8 -> any.detachStalled();
                            default -> any.watch();
                        }
                        assertThat(all.messages()).isEqualTo(held.size());
                        assertThat(any.total())
                                .as("the same bytes, wherever they count")
                                .isEqualTo(all.bytes());
                    }
                    held.forEach(permit -> permit.release(null));
                    assertThat(any.isEmpty()).isTrue();
                    assertThat(any.total()).isZero();
                    assertThat(all.messages()).isZero();
                });
    }

    /** The message arrives at the writer. */
    private static void turn(ReadWindow window, Permit permit) {
        Endpoint writer =
                new Endpoint(EndpointSpec.open(Address.of("writer")), new NoNode(unused -> {}), new Holding());
        LocalMessage message = LocalMessage.of(Route.of("writer"), Route.empty(), ByteString.emptyByteString());
        window.turn(new Delivery(writer, Address.of("worker"), message, permit));
    }
}
