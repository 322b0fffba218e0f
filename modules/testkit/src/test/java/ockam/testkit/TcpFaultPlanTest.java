// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import ockam.testkit.TcpFaults.Cut;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TcpFaultPlanTest {
    private static final TcpFaults NONE = TcpFaults.seeded(7);
    private static final TcpFaults CUTS = NONE.withCuts(1_000, EnumSet.allOf(Cut.class));

    /** The sizes of the pieces of so many bytes that all come at once, until a cut. */
    private record Passing(List<Integer> pieces, @Nullable Cut cut) {
        static Passing of(TcpFaults faults, long connection, int direction, int bytes) {
            TcpFaultPlan plan = new TcpFaultPlan(faults, connection, direction);
            List<Integer> pieces = new ArrayList<>();
            int passed = 0;
            Cut cut = null;
            while (passed < bytes && cut == null) {
                int piece = plan.piece(bytes - passed, passed);
                pieces.add(piece);
                passed += piece;
                cut = plan.cutAfter(passed);
            }
            return new Passing(pieces, cut);
        }
    }

    @Test
    void passesEverythingAtOnceWithoutFaults() {
        assertThat(Passing.of(NONE, 0, 0, 100_000)).isEqualTo(new Passing(List.of(100_000), null));
        assertThat(new TcpFaultPlan(NONE, 0, 0).pauseAfter(100_000)).isZero();
    }

    @Test
    void sameSeedConnectionAndDirectionDrawTheSame() {
        TcpFaults pieces = NONE.withPieces(9);
        List<Integer> drawn = Passing.of(pieces, 3, 1, 500).pieces();

        assertThat(Passing.of(pieces, 3, 1, 500).pieces()).isEqualTo(drawn);
        assertThat(Passing.of(pieces, 3, 0, 500).pieces()).isNotEqualTo(drawn);
        assertThat(Passing.of(pieces, 4, 1, 500).pieces()).isNotEqualTo(drawn);
        assertThat(Passing.of(TcpFaults.seeded(8).withPieces(9), 3, 1, 500).pieces())
                .isNotEqualTo(drawn);
    }

    @Test
    void piecesHaveOneByteToTheLargest() {
        List<Integer> drawn = Passing.of(NONE.withPieces(9), 0, 0, 5_000).pieces();

        assertThat(drawn).contains(1, 2, 3, 4, 5, 6, 7, 8, 9).allMatch(size -> size >= 1 && size <= 9);
        assertThat(drawn.stream().mapToInt(size -> size).sum()).isEqualTo(5_000);
    }

    @Test
    void pausesAsOftenAndAsLongAsTheySay() {
        TcpFaultPlan plan = new TcpFaultPlan(NONE.withPauses(0.5, Duration.ofMillis(8)), 0, 0);
        List<Duration> pauses =
                LongStream.range(0, 1_000).mapToObj(i -> plan.pauseAfter(1)).toList();

        assertThat(pauses).allMatch(pause -> pause.compareTo(Duration.ofMillis(8)) <= 0);
        assertThat(pauses.stream().filter(pause -> !pause.isZero()).count()).isBetween(400L, 600L);
    }

    @Test
    void isNoFasterThanItMayBe() {
        TcpFaultPlan plan = new TcpFaultPlan(NONE.withBytesPerSecond(1_000), 0, 0);

        assertThat(plan.piece(5_000, 0)).isEqualTo(100);
        assertThat(plan.pauseAfter(100)).isEqualTo(Duration.ofMillis(100));
        assertThat(plan.piece(7, 100)).isEqualTo(7);
        assertThat(plan.pauseAfter(7)).isEqualTo(Duration.ofMillis(7));
        assertThat(new TcpFaultPlan(NONE.withBytesPerSecond(3), 0, 0).piece(5, 0))
                .isEqualTo(1);
    }

    @Test
    void eachConnectionIsCutOnceInOneDirection() {
        Set<Cut> seen = EnumSet.noneOf(Cut.class);
        for (int connection = 0; connection < 100; connection++) {
            List<Passing> both =
                    List.of(Passing.of(CUTS, connection, 0, 1_000), Passing.of(CUTS, connection, 1, 1_000));
            assertThat(both.stream().filter(way -> way.cut() != null))
                    .as("connection %d", connection)
                    .hasSize(1);
            both.stream().map(Passing::cut).filter(cut -> cut != null).forEach(seen::add);
        }
        assertThat(seen).containsExactlyInAnyOrder(Cut.values());
    }

    @Test
    void piecesEndWhereTheConnectionIsCut() {
        for (int connection = 0; connection < 100; connection++) {
            for (int direction : new int[] {0, 1}) {
                TcpFaults pieces = CUTS.withPieces(13);
                assertThat(Passing.of(pieces, connection, direction, 1_000).cut())
                        .as("connection %d", connection)
                        .isEqualTo(
                                Passing.of(CUTS, connection, direction, 1_000).cut());
            }
        }
    }

    @Test
    void refusesWhatIsNoFault() {
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withPieces(0));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withBytesPerSecond(0));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withCuts(0, Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withPauses(0.1, Duration.ofMillis(-1)));
        for (double wrong : new double[] {-0.01, 1.01, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> NONE.withPauses(wrong, Duration.ZERO));
        }
    }

    @Test
    void printsWhatIsNeededToReproduceARun() {
        assertThat(CUTS.withPieces(5).withPauses(0.5, Duration.ofMillis(3)).withBytesPerSecond(4_096))
                .hasToString("TcpFaults[seed=7, largestPiece=5, pauses=0.5, longestPause=PT0.003S, bytesPerSecond=4096,"
                        + " cutWithin=1000, cuts=[RESET, FINISH, HALF_CLOSE, STALL, HALF_OPEN]]");
    }
}
