// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
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
}
