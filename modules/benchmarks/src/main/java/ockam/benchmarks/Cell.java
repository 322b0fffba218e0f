// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

/**
 * The position of a figure in the tables.
 *
 * @param hops the number of hops
 * @param size bytes of payload
 */
record Cell(int hops, int size) {
    /** For figures that have neither hops nor a size. */
    static final Cell NONE = new Cell(0, 0);
}
