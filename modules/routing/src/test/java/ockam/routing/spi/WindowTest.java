// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import org.junit.jupiter.api.Test;

/** Single guarantees of windows, lanes and permits; what holds in any order of steps is in {@link WindowProperties}. */
class WindowTest {
    private static final int MAX_BYTES = 100;

    private final ByteBudget budget = new ByteBudget(10 * MAX_BYTES);
    private final AtomicInteger woken = new AtomicInteger();
    private final Window window = new Window(2, MAX_BYTES, budget, woken::incrementAndGet);

    private static Permit admitted(Window.Lane lane, int bytes) {
        return Objects.requireNonNull(lane.tryAdmit(bytes));
    }

    /** All who wait are woken at once, and large messages find room less often than small ones. */
    @Test
    void letsLargeMessagesInHoweverManySmallOnesTakeTheRoomOfTheNode() {
        ByteBudget small = new ByteBudget(100);
        AtomicInteger turns = new AtomicInteger();
        Window large = new Window(10, 1_000, small, turns::incrementAndGet);
        Window others = new Window(1_000, 1_000, small, () -> {});
        Permit before = Objects.requireNonNull(large.lane().tryAdmit(90));
        Deque<Permit> crowd = new ArrayDeque<>();
        for (int i = 1; i <= 100; i++) {
            assertThat(large.lane().tryAdmit(90)).isNull();
            large.sleep(90);
            takeAll(others, crowd);
            crowd.remove().release(null);
            takeAll(others, crowd); // they are quicker
            assertThat(large.lane().tryAdmit(90)).as("no room").isNull();
            large.sleep(90);
            turns.set(0);

            before.release(null);
            takeAll(others, crowd);

            assertThat(turns).as("woken").hasPositiveValue();
            before = Objects.requireNonNull(large.lane().tryAdmit(90), "it is let in, as its only message");
        }
        before.release(null);
        crowd.forEach(permit -> permit.release(null));
        assertThat(small.messages()).isZero();
    }

    private static void takeAll(Window window, Deque<Permit> into) {
        for (Permit permit = window.lane().tryAdmit(1);
                permit != null;
                permit = window.lane().tryAdmit(1)) {
            into.add(permit);
        }
    }

    @Test
    void tellsOfALossBeforeThereIsRoomAgain() {
        List<Boolean> emptyWhenTold = new ArrayList<>();
        Permit permit = admitted(window.lane(reason -> emptyWhenTold.add(window.isEmpty())), 1);

        permit.release(RoutingDropReason.NO_SUCH_ADDRESS);

        assertThat(emptyWhenTold).containsExactly(false);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void tellsOnlyTheLaneThatTheMessageCameInBy() {
        List<DropReason> first = new ArrayList<>();
        List<DropReason> second = new ArrayList<>();
        Window.Lane lane = window.lane(first::add);
        Permit ofSecond = admitted(window.lane(second::add), 1);
        Permit ofFirst = admitted(lane, 1);
        assertThat(lane.tryAdmit(1)).as("the lanes of a window share its room").isNull();

        ofFirst.release(RoutingDropReason.INCOMING_DENIED);
        ofSecond.release(null);

        assertThat(first).containsExactly(RoutingDropReason.INCOMING_DENIED);
        assertThat(second).isEmpty();
    }

    @Test
    void tellsOfALossOnlyWhenNothingHoldsThePermit() {
        List<DropReason> lost = new ArrayList<>();
        Permit permit = admitted(window.lane(lost::add), 1);
        assertThat(permit.retain()).isTrue();

        permit.release(RoutingDropReason.INCOMING_DENIED);
        assertThat(lost).isEmpty();
        permit.release(RoutingDropReason.NO_ROOM);

        assertThat(lost).containsExactly(RoutingDropReason.NO_ROOM);
    }

    @Test
    void tellsOfNoLossIfACopyHasArrived() {
        List<DropReason> lost = new ArrayList<>();
        Window.Lane lane = window.lane(lost::add);
        Permit lostLast = admitted(lane, 1);
        Permit lostFirst = admitted(lane, 1);
        assertThat(lostLast.retain() && lostFirst.retain()).isTrue();

        lostLast.release(null);
        lostLast.release(RoutingDropReason.NO_SUCH_ADDRESS);
        lostFirst.release(RoutingDropReason.NO_SUCH_ADDRESS);
        lostFirst.release(null);

        assertThat(lost).isEmpty();
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void tellsOfNoLossOfWhatIsMadeOfAMessageThatHasArrived() {
        List<DropReason> lost = new ArrayList<>();
        Permit permit = admitted(window.lane(lost::add), 1);

        permit.arrived();
        permit.release(RoutingDropReason.NO_SUCH_ADDRESS);

        assertThat(lost).isEmpty();
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void tellsOfALossThatOneKnewBeforeTheLastLetGo() {
        List<DropReason> lost = new ArrayList<>();
        Permit permit = admitted(window.lane(lost::add), 1);
        assertThat(permit.retain()).isTrue();

        permit.release(RoutingDropReason.NO_SUCH_ADDRESS);
        assertThat(lost).isEmpty();
        permit.letGo();

        assertThat(lost).containsExactly(RoutingDropReason.NO_SUCH_ADDRESS);
        assertThat(permit.retain()).isFalse();
    }

    @Test
    void growsBeyondItsWindowAndGivesAllOfItBack() {
        Window.Lane lane = window.lane();
        Permit permit = admitted(lane, MAX_BYTES);

        permit.growTo(8 * MAX_BYTES);
        permit.growTo(MAX_BYTES);
        assertThat(budget.bytes()).isEqualTo(8 * MAX_BYTES);
        assertThat(lane.tryAdmit(0)).isNull();
        permit.release(null);

        assertThat(budget.bytes()).isZero();
        assertThat(lane.tryAdmit(0)).isNotNull();
    }

    @Test
    void letsInWhatMustGetThroughHoweverFullItIs() {
        Window.Lane lane = window.lane();
        Permit first = admitted(lane, MAX_BYTES);
        assertThat(lane.tryAdmit(1)).isNull();

        Permit second = lane.admit(MAX_BYTES);

        assertThat(budget.messages()).isEqualTo(2);
        assertThat(budget.bytes()).isEqualTo(2 * MAX_BYTES);
        first.release(null);
        second.release(null);
        assertThat(window.isEmpty()).isTrue();
        assertThat(budget.messages()).isZero();
    }

    @Test
    void makesRoomInItsWindowWhenItMovesToAnother() {
        Window turned = new Window(1, MAX_BYTES, budget, () -> {});
        Window.Lane lane = window.lane();
        Permit first = admitted(lane, MAX_BYTES);
        Permit second = admitted(turned.lane(), 1);
        assertThat(turned.tryTakeOver(first)).as("into a window that is full").isFalse();
        second.release(null);
        window.sleep(1);

        assertThat(turned.tryTakeOver(first)).isTrue();

        assertThat(woken).hasValue(1);
        assertThat(window.isEmpty()).isTrue();
        assertThat(turned.isEmpty()).isFalse();
        assertThat(budget.bytes()).as("what the node counts").isEqualTo(MAX_BYTES);
        first.release(null);
        assertThat(turned.isEmpty()).isTrue();
        assertThat(budget.bytes()).isZero();
    }

    @Test
    void hasRoomWhileOneByteWouldBeLetIn() {
        Window.Lane lane = window.lane();
        assertThat(window.hasRoom()).as("empty").isTrue();
        Permit large = admitted(lane, MAX_BYTES - 1);
        assertThat(window.hasRoom()).as("of one byte").isTrue();
        large.growTo(MAX_BYTES);
        assertThat(window.hasRoom()).as("no bytes").isFalse();
        large.release(null);

        Permit first = admitted(lane, 1);
        assertThat(window.hasRoom()).isTrue();
        admitted(lane, 1).release(null);
        Permit second = admitted(lane, 1);
        assertThat(window.hasRoom()).as("no messages").isFalse();

        first.release(null);
        second.release(null);
        assertThat(window.hasRoom()).isTrue();
    }

    @Test
    void isWokenOnceByTheReleaseThatItSleepsUntil() {
        Window.Lane lane = window.lane();
        Permit first = admitted(lane, 1);
        Permit second = admitted(lane, 1);
        first.release(null);
        assertThat(woken).as("awake").hasValue(0);

        first = admitted(lane, 1);
        window.sleepUntilRelease();
        assertThat(woken).hasValue(0);
        first.release(null);
        assertThat(woken).hasValue(1);
        second.release(null);
        assertThat(woken).as("not asleep any more").hasValue(1);
    }

    @Test
    void isWokenByAReleaseElsewhereOnlyIfItIsTheNodeThatHasNoRoom() {
        Window other = new Window(2, 20 * MAX_BYTES, budget, () -> {});
        Permit elsewhere = admitted(other.lane(), 10 * MAX_BYTES);
        Window.Lane lane = window.lane();
        Permit mine = lane.admit(1);
        assertThat(lane.tryAdmit(1)).as("the node is full").isNull();
        window.sleep(1);

        elsewhere.release(null);
        assertThat(woken).hasValue(1);

        Permit full = admitted(lane, MAX_BYTES - 1);
        assertThat(lane.tryAdmit(1)).as("the window is full").isNull();
        window.sleep(1);
        admitted(other.lane(), 1).release(null);
        assertThat(woken).hasValue(1);
        full.release(null);
        assertThat(woken).hasValue(2);
        mine.release(null);
    }

    @Test
    void fillsTheNodeToTheLastByteAndNoFurther() {
        ByteBudget small = new ByteBudget(3);
        Window one = new Window(9, MAX_BYTES, small, () -> {});
        Window.Lane lane = one.lane();
        admitted(lane, 1);
        admitted(lane, 2);

        assertThat(lane.tryAdmit(1)).isNull();
        assertThat(lane.tryAdmit(0)).isNotNull();
        assertThat(small.bytes()).isEqualTo(3);
        assertThat(small.messages()).isEqualTo(3);
        assertThat(one.isEmpty()).isFalse();
    }

    @Test
    void tellsTheWatcherOfEveryReleaseUntilItIsCalledOff() {
        AtomicInteger released = new AtomicInteger();
        Window.Lane lane = window.lane();
        budget.watch(released::incrementAndGet);

        admitted(lane, 1).release(null);
        admitted(lane, 1).release(null);
        assertThat(released).hasValue(2);
        budget.lookAgain();
        assertThat(released).hasValue(3);

        budget.watch(null);
        admitted(lane, 1).release(null);
        assertThat(released).hasValue(3);
    }

    @Test
    void countsWhatCopiesAddAndGivesItBackAtOnce() {
        Permit permit = admitted(window.lane(), 10);

        permit.growBy(5);
        permit.growBy(0);
        permit.growBy(-1);
        assertThat(budget.bytes()).isEqualTo(15);
        assertThat(budget.messages()).isOne();

        permit.release(null);
        assertThat(budget.bytes()).isZero();
    }

    @Test
    void drawsItsNumberOnce() {
        AtomicLong counter = new AtomicLong(6);
        Permit permit = admitted(window.lane(), 1);
        Permit other = admitted(window.lane(), 1);

        assertThat(permit.number(counter)).isEqualTo(7);
        assertThat(other.number(counter)).isEqualTo(8);
        assertThat(permit.number(counter)).isEqualTo(7);
        assertThat(counter).hasValue(8);
    }
}
