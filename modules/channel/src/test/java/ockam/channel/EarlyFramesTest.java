// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import ockam.channel.Bench.Place;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EarlyFramesTest {
    @RegisterExtension
    static final Bench BENCH = new Bench();

    private final Place place = BENCH.place("place");
    private final List<Integer> replayed = new ArrayList<>();

    private Receiver.Arrived frame(int length) {
        place.send(Route.of("place"), Route.empty(), new byte[length]);
        return new Receiver.Arrived(Objects.requireNonNull(place.arrived().poll()));
    }

    /** What a frame takes beyond its bytes: the address in its route. */
    private static final int ROUTE = Route.of("place").footprint();

    private static int length(Receiver.Arrived arrived) {
        return arrived.delivery().message().payload().length();
    }

    /** Runs the check inside an actor, because only actors have a stash. */
    private static void with(int maxFrames, long maxBytes, Consumer<EarlyFrames> check) {
        BehaviorTestKit<Receiver.Command> kit = BehaviorTestKit.create(Behaviors.withStash(
                maxFrames,
                stash -> Behaviors.setup(context -> {
                    check.accept(new EarlyFrames(stash, maxBytes));
                    return Behaviors.empty();
                })));
        assertThat(kit.isAlive()).isTrue();
    }

    private Behavior<Receiver.Command> taking() {
        return Behaviors.receive(Receiver.Command.class)
                .onMessage(Receiver.Arrived.class, arrived -> {
                    replayed.add(length(arrived));
                    return Behaviors.same();
                })
                .build();
    }

    @Test
    void keepsNoMoreFramesThanItMay() {
        with(3, 1_000 + 3 * ROUTE, early -> {
            assertThat(early.keep(frame(1))).isTrue();
            assertThat(early.keep(frame(0))).isTrue();
            assertThat(early.keep(frame(2))).isTrue();
            assertThat(early.keep(frame(0))).isFalse();

            early.replayTo(taking());
        });
        assertThat(replayed).containsExactly(1, 0, 2);
    }

    @Test
    void keepsNoMoreBytesThanItMay() {
        with(100, 10 + 2 * ROUTE, early -> {
            assertThat(early.keep(frame(11 + ROUTE))).isFalse();
            assertThat(early.keep(frame(6))).isTrue();
            assertThat(early.keep(frame(5))).isFalse();
            assertThat(early.keep(frame(4))).isTrue();
            assertThat(early.keep(frame(0))).as("its route counts, too").isFalse();

            early.replayTo(taking());
        });
        assertThat(replayed).containsExactly(6, 4);
    }

    @Test
    void mayBeToldToKeepNoBytes() {
        with(1, 0, early -> {
            assertThat(early.keep(frame(1))).isFalse();
            assertThat(early.keep(frame(0))).isFalse();
        });
    }

    @Test
    void hasRoomAgainAfterItHasGivenEverything() {
        with(2, 10 + 2 * ROUTE, early -> {
            assertThat(early.keep(frame(5))).isTrue();
            assertThat(early.keep(frame(4))).isTrue();
            early.replayTo(taking());
            assertThat(replayed).containsExactly(5, 4);

            assertThat(early.keep(frame(10 + ROUTE))).isTrue();
            assertThat(early.keep(frame(1))).isFalse();
            early.replayTo(taking());
        });
        assertThat(replayed).containsExactly(5, 4, 10 + ROUTE);
    }

    /** A state that keeps what it is given back, because it waits for something again. */
    @Test
    void countsWhatIsKeptAgainWhileItIsGiven() {
        with(2, 10 + 2 * ROUTE, early -> {
            assertThat(early.keep(frame(6))).isTrue();
            assertThat(early.keep(frame(4))).isTrue();
            List<Boolean> kept = new ArrayList<>();

            early.replayTo(Behaviors.receive(Receiver.Command.class)
                    .onMessage(Receiver.Arrived.class, arrived -> {
                        kept.add(early.keep(arrived));
                        return Behaviors.same();
                    })
                    .build());

            assertThat(kept).containsExactly(true, true);
            assertThat(early.keep(frame(1))).isFalse();
            early.replayTo(taking());
        });
        assertThat(replayed).containsExactly(6, 4);
    }

    @Test
    void givesNothingWhenThereIsNothing() {
        with(
                1,
                1,
                early -> assertThat(Behavior.isAlive(early.replayTo(taking()))).isTrue());
        assertThat(replayed).isEmpty();
    }
}
