// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

/**
 * Where in the tables a figure stands.
 *
 * @param hops through how many hops
 * @param size bytes of payload
 */
record Cell(int hops, int size) {
    /** Of what has neither hops nor a size. */
    static final Cell NONE = new Cell(0, 0);
}
