// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

/** What a figure is a measure of. */
enum Measure {
    /** Messages, or other operations, in a second. */
    PER_SECOND,
    /** Bytes that the JVM allocates for one message. */
    ALLOCATED,
    /** Nanoseconds of half of the operations at the most. */
    MEDIAN,
    /** Nanoseconds of 99 of 100 operations at the most. */
    P99,
    /** Bytes of heap that one channel keeps, both ends together. */
    HEAP
}
