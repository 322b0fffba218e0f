// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import java.util.Map;

/**
 * One of the implementations that are compared.
 *
 * @param name its name in the tables
 * @param work its work
 */
record Contender(String name, Work work) {
    /** Something that can be done any number of times. */
    interface Work {
        /** Does the work this many times and returns the figures. */
        Map<Measure, Double> run(int times) throws Exception;
    }
}
