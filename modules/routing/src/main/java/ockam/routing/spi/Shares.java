// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

/** Messages and their bytes in one number, so that both change together: 23 bits of messages above 40 bits of bytes. */
final class Shares {
    private static final int SHIFT = 40;
    private static final long BYTES = (1L << SHIFT) - 1;

    private Shares() {}

    /** The share of one message. */
    static long ofMessage(int bytes) {
        return (1L << SHIFT) + bytes;
    }

    static int messages(long shares) {
        return (int) (shares >>> SHIFT);
    }

    static long bytes(long shares) {
        return shares & BYTES;
    }
}
