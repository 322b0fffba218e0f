// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The results: one value per repetition for each figure, of which the median counts. */
final class Figures {
    private record Key(Measure measure, String contender, Cell cell) {}

    private final Map<Key, List<Double>> values = new HashMap<>();

    void add(String contender, Cell cell, Map<Measure, Double> figures) {
        figures.forEach((measure, value) -> values.computeIfAbsent(
                        new Key(measure, contender, cell), unused -> new ArrayList<>())
                .add(value));
    }

    /** Returns the median over the repetitions; not a number if there is none. */
    double get(Measure measure, String contender, Cell cell) {
        return Ratio.median(all(measure, contender, cell));
    }

    /** Returns the values of all repetitions, in their order. */
    List<Double> all(Measure measure, String contender, Cell cell) {
        return List.copyOf(values.getOrDefault(new Key(measure, contender, cell), List.of()));
    }
}
