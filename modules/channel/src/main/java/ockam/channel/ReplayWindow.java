// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/**
 * Which nonces were seen: a window from 32 below to 32 above the highest (secure channel, section 5.4). Nonces are unsigned. Not thread
 * safe.
 */
final class ReplayWindow {
    private static final long SIZE = 32;

    /** So far ahead of the highest one, a nonce can still be caught up with. */
    static final int REACH = 32_768;

    private long highest;
    private long seen; // bit i: highest - i was seen; bits 0 to 32 are used

    /** Whether a nonce is new and near enough. Changes nothing. */
    boolean accepts(long nonce) {
        if (Long.compareUnsigned(nonce, highest) > 0) {
            return Long.compareUnsigned(nonce - highest, SIZE) <= 0;
        }
        long back = highest - nonce;
        return Long.compareUnsigned(back, SIZE) <= 0 && (seen & (1L << back)) == 0;
    }

    /** Whether a nonce is further ahead than the window. */
    boolean isAhead(long nonce) {
        return Long.compareUnsigned(nonce, highest) > 0 && Long.compareUnsigned(nonce - highest, SIZE) > 0;
    }

    /** Whether a nonce that is ahead can be caught up with. */
    boolean isWithinReach(long nonce) {
        return Long.compareUnsigned(nonce - highest, REACH) <= 0;
    }

    /** Marks a nonce whose frame was authentic. */
    void mark(long nonce) {
        if (Long.compareUnsigned(nonce, highest) > 0) {
            long ahead = nonce - highest;
            seen = (Long.compareUnsigned(ahead, SIZE) > 0 ? 0 : seen << ahead) | 1;
            highest = nonce;
        } else {
            seen |= 1L << (highest - nonce);
        }
    }
}
