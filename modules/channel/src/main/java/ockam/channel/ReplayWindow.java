// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/**
 * Which nonces were seen: a window from 32 below to 32 above the highest (secure channel, section 5.4). Nonces are unsigned. Not thread
 * safe.
 */
final class ReplayWindow {
    private static final long SIZE = 32;

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

    /** Marks a nonce that was accepted and whose frame was authentic. */
    void mark(long nonce) {
        if (Long.compareUnsigned(nonce, highest) > 0) {
            seen = (seen << (nonce - highest)) | 1;
            highest = nonce;
        } else {
            seen |= 1L << (highest - nonce);
        }
    }
}
