// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs contenders alternately, A B A B, so that any other load on the machine affects all of them. */
final class Paired {
    private static final int FIRST_TIMES = 64;
    private static final int MAX_GROWTH = 16;

    private final Figures figures;
    private final double seconds;
    private final int repetitions;
    private final List<String> failures = new ArrayList<>();

    /** Each turn takes about this many seconds, and each contender has this many turns, after a warm-up. */
    Paired(Figures figures, double seconds, int repetitions) {
        this.figures = figures;
        this.seconds = seconds;
        this.repetitions = repetitions;
    }

    /** Returns what could not be measured. */
    List<String> failures() {
        return failures;
    }

    void run(Cell cell, List<Contender> contenders) {
        Map<Contender, Integer> times = new LinkedHashMap<>();
        for (Contender contender : contenders) {
            attempt(contender.name() + ", " + cell, () -> times.put(contender, timesForOneTurn(contender)));
        }
        for (int i = 0; i < repetitions; i++) {
            times.forEach((contender, count) -> attempt(
                    contender.name() + ", " + cell,
                    () -> figures.add(contender.name(), cell, contender.work().run(count))));
        }
    }

    /** Found by trial runs, which also serve as the warm-up. */
    private int timesForOneTurn(Contender contender) throws Exception {
        double times = FIRST_TIMES;
        while (true) {
            long start = System.nanoTime();
            contender.work().run((int) times);
            double taken = (System.nanoTime() - start) / 1e9;
            double next = times * Math.min(MAX_GROWTH, seconds / taken);
            if (taken > seconds / 2) {
                return (int) Math.max(1, next);
            }
            times = next;
        }
    }

    /** Something that may fail. */
    interface Attempt {
        void run() throws Exception;
    }

    /** Keeps a failure for the end, so that the rest is still measured. */
    void attempt(String what, Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception e) {
            failures.add(what + ": " + e);
        }
    }
}
