// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

/** What a figure measures. */
enum Measure {
    /** Messages, or other operations, per second. */
    PER_SECOND,
    /** Bytes that the JVM allocates per message. */
    ALLOCATED,
    /** Nanoseconds within which half of the operations finish. */
    MEDIAN,
    /** Nanoseconds within which 99 of 100 operations finish. */
    P99,
    /** Bytes of heap that one channel keeps, both ends together. */
    HEAP
}
