// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final Faults NONE = Faults.seeded(7);

    @Test
    void eachCopyChangesWhatItNamesAndNothingElse() {
        assertThat(NONE).isEqualTo(new Faults(7, 0, 0, 0, 1, 0, 0, 0, 0, 1));
        assertThat(NONE.withDrops(0.1)).isEqualTo(new Faults(7, 0.1, 0, 0, 1, 0, 0, 0, 0, 1));
        assertThat(NONE.withDuplicates(0.2)).isEqualTo(new Faults(7, 0, 0.2, 0, 1, 0, 0, 0, 0, 1));
        assertThat(NONE.withReordering(0.3, 4)).isEqualTo(new Faults(7, 0, 0, 0.3, 4, 0, 0, 0, 0, 1));
        assertThat(NONE.withCorruption(0.5)).isEqualTo(new Faults(7, 0, 0, 0, 1, 0.5, 0, 0, 0, 1));
        assertThat(NONE.withTruncation(0.6)).isEqualTo(new Faults(7, 0, 0, 0, 1, 0, 0.6, 0, 0, 1));
        assertThat(NONE.withReplays(0.7, 8)).isEqualTo(new Faults(7, 0, 0, 0, 1, 0, 0, 0.7, 0, 8));
        assertThat(NONE.withSplices(0.8, 9)).isEqualTo(new Faults(7, 0, 0, 0, 1, 0, 0, 0, 0.8, 9));
        assertThat(NONE.withReplays(0.7, 8)
                        .withTruncation(0.6)
                        .withCorruption(0.5)
                        .withReordering(0.3, 4)
                        .withDuplicates(0.2)
                        .withDrops(0.1))
                .isEqualTo(new Faults(7, 0.1, 0.2, 0.3, 4, 0.5, 0.6, 0.7, 0, 8));
    }

    @Test
    void ratesAreZeroToOne() {
        List<DoubleFunction<Faults>> rates = List.of(
                NONE::withDrops,
                NONE::withDuplicates,
                rate -> NONE.withReordering(rate, 1),
                NONE::withCorruption,
                NONE::withTruncation,
                rate -> NONE.withReplays(rate, 1),
                rate -> NONE.withSplices(rate, 1));
        for (DoubleFunction<Faults> withRate : rates) {
            assertThatNoException().isThrownBy(() -> withRate.apply(0));
            assertThatNoException().isThrownBy(() -> withRate.apply(1));
            for (double wrong : new double[] {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertThatIllegalArgumentException().isThrownBy(() -> withRate.apply(wrong));
            }
        }
    }

    @Test
    void distancesAreAtLeastOne() {
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withReordering(0.1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withReplays(0.1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> NONE.withSplices(0.1, 0));
    }

    @Test
    void replaysAndSplicesShareTheLongerMemory() {
        assertThat(NONE.withReplays(0.1, 8).withSplices(0.1, 3).memory()).isEqualTo(8);
        assertThat(NONE.withReplays(0.1, 3).withSplices(0.1, 8).memory()).isEqualTo(8);
    }

    @Test
    void printWhatIsNeededToReproduceARun() {
        assertThat(NONE.withDrops(0.25).toString()).contains("seed=7", "drops=0.25");
    }
}
