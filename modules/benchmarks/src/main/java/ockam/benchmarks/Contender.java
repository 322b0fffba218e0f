// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.Map;

/**
 * One of those that are compared.
 *
 * @param name what the tables call it
 * @param work what it does
 */
record Contender(String name, Work work) {
    /** Something that can be done any number of times. */
    interface Work {
        /** Does it so often and tells the figures. */
        Map<Measure, Double> run(int times) throws Exception;
    }
}
