// SPDX-License-Identifier: Apache-2.0

package ockam.tests.guards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a test draws by chance it can draw again, from a seed that is in the code or in the report of its failure. */
class RandomnessTest {
    /** Random numbers from no known seed. Keys are no random numbers in this sense, and come from a {@code SecureRandom}. */
    private static final Pattern UNSEEDED =
            Pattern.compile("new (Splittable)?Random\\(\\)|ThreadLocalRandom\\.|RandomGenerator\\."
                    + "|Math\\.random\\(|\\.shuffle\\([^,;]*\\);");

    @ParameterizedTest
    @MethodSource("ockam.tests.guards.TestMapsTest#javaFiles")
    void testsDrawFromSeedsThatAreKnown(Path file) throws IOException {
        assertThat(UNSEEDED.matcher(Files.readString(Pages.ROOT.resolve(file)))
                        .results()
                        .map(MatchResult::group))
                .isEmpty();
    }

    @Test
    void propertyThatFailsPrintsItsSeedAndDrawsTheSameAgain() {
        String first = failure(20_260_920);

        assertThat(first).contains("Seed was 20260920", "Smallest found falsifying value(s)");
        assertThat(failure(20_260_920)).isEqualTo(first);
    }

    private static String failure(long seed) {
        AssertionError failure = catchThrowableOfType(
                AssertionError.class,
                () -> qt().withFixedSeed(seed)
                        .forAll(integers().all(), integers().all())
                        .check((one, other) -> one < other));
        return String.valueOf(failure.getMessage());
    }
}
