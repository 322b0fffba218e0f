// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static ockam.channel.ChannelTests.properties;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.generators.SourceDSL.arbitrary;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** The window against the rule of secure channel, section 5.4, with a set of numbers in place of a bitmap. */
class ReplayWindowProperties {
    private static final BigInteger SIZE = BigInteger.valueOf(32);

    /** The rule, word for word; {@code highest} is the highest accepted nonce, {@code marked} are all accepted ones. */
    private static final class Model {
        private final Set<BigInteger> marked = new HashSet<>();
        private BigInteger highest = BigInteger.ZERO;

        boolean accepts(BigInteger nonce) {
            return nonce.compareTo(highest) > 0
                    ? nonce.subtract(highest).compareTo(SIZE) <= 0
                    : highest.subtract(nonce).compareTo(SIZE) <= 0 && !marked.contains(nonce);
        }

        void mark(BigInteger nonce) {
            marked.add(nonce);
            highest = highest.max(nonce);
        }
    }

    static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    /** Where a window may be: at the beginning, at both ends of signed numbers, at the end of all. */
    static Gen<Long> places() {
        return arbitrary()
                .pick(
                        0L,
                        1L,
                        31L,
                        32L,
                        33L,
                        Long.MAX_VALUE - 40,
                        Long.MAX_VALUE,
                        Long.MIN_VALUE,
                        -200L,
                        -64L,
                        -33L,
                        -2L,
                        -1L);
    }

    private static void assertAgree(ReplayWindow window, Model model, long nonce) {
        assertThat(window.accepts(nonce))
                .as("%s, the highest being %s", Long.toUnsignedString(nonce), model.highest)
                .isEqualTo(model.accepts(unsigned(nonce)));
    }

    @Test
    void agreesWithTheRule() {
        properties(2_000)
                .forAll(places(), lists().of(integers().between(-70, 70)).ofSizeBetween(1, 60))
                .checkAssert((start, steps) -> {
                    ReplayWindow window = new ReplayWindow();
                    Model model = new Model();
                    window.mark(start);
                    model.mark(unsigned(start));
                    long at = start;
                    for (int step : steps) {
                        long nonce = at + step; // may wrap around the end, and is then far away
                        assertAgree(window, model, nonce);
                        if (window.accepts(nonce)) {
                            window.mark(nonce);
                            model.mark(unsigned(nonce));
                            at = step > 0 ? nonce : at;
                        }
                    }
                    for (int distance = -70; distance <= 70; distance++) {
                        assertAgree(window, model, model.highest.longValue() + distance);
                    }
                });
    }

    @Test
    void agreesWithTheRuleOnAnyNonce() {
        properties(2_000).forAll(places(), longs().all()).checkAssert((start, nonce) -> {
            ReplayWindow window = new ReplayWindow();
            Model model = new Model();
            window.mark(start);
            model.mark(unsigned(start));
            assertAgree(window, model, nonce);
        });
    }

    @Test
    void acceptsNothingTwice() {
        properties(500)
                .forAll(lists().of(integers().between(1, 32)).ofSizeBetween(1, 50))
                .checkAssert(steps -> {
                    ReplayWindow window = new ReplayWindow();
                    long at = 0;
                    for (int step : steps) {
                        at += step;
                        assertThat(window.accepts(at)).isTrue();
                        window.mark(at);
                    }
                    for (long nonce : seen(steps)) {
                        assertThat(window.accepts(nonce)).as("%s", nonce).isFalse();
                    }
                });
    }

    private static List<Long> seen(List<Integer> steps) {
        long at = 0;
        List<Long> seen = new ArrayList<>();
        for (int step : steps) {
            at += step;
            seen.add(at);
        }
        return seen;
    }
}
