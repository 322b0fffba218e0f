// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The median of the ratios of paired figures, and the interval that contains it with 95 % confidence.
 *
 * @param median not a number if there are no pairs
 */
record Ratio(double median, double low, double high) {
    private static final int RESAMPLES = 10_000;
    private static final long SEED = 1;

    /** Compares the figures of the same turns; the interval comes from a bootstrap. */
    static Ratio of(List<Double> figures, List<Double> others) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(figures.size(), others.size()); i++) {
            ratios.add(figures.get(i) / others.get(i));
        }
        if (ratios.isEmpty()) {
            return new Ratio(Double.NaN, Double.NaN, Double.NaN);
        }
        Random random = new Random(SEED);
        List<Double> medians = new ArrayList<>(RESAMPLES);
        for (int i = 0; i < RESAMPLES; i++) {
            medians.add(median(random.ints(ratios.size(), 0, ratios.size())
                    .mapToObj(ratios::get)
                    .toList()));
        }
        Collections.sort(medians);
        return new Ratio(median(ratios), medians.get(RESAMPLES / 40), medians.get(RESAMPLES - 1 - RESAMPLES / 40));
    }

    /** Returns the middle; not a number if there is none. */
    static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.isEmpty()
                ? Double.NaN
                : (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }
}
