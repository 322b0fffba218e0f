// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.vault.AeadKey;

/**
 * Turns plaintexts into frames: counts nonces and changes the key every 32 frames (secure channel, section 5.3). Not thread safe.
 */
final class FrameSealer {
    private AeadKey key;
    private long keyInterval;
    private long nonce;

    FrameSealer(AeadKey key) {
        this(key, 0);
    }

    /** With the key of the interval that {@code nonce} lies in. */
    FrameSealer(AeadKey key, long nonce) {
        this.key = key;
        this.keyInterval = Frames.interval(nonce);
        this.nonce = nonce;
    }

    /** Whether no nonce is left; the channel must then be closed. */
    boolean isExhausted() {
        return nonce == Frames.RESERVED_NONCE;
    }

    /**
     * Seals a frame in place.
     *
     * @param frame exactly as long as the frame: 8 bytes for the nonce, the plaintext, 16 bytes for the tag
     */
    void seal(byte[] frame) {
        if (isExhausted()) {
            throw new IllegalStateException("no nonce is left");
        }
        if (Frames.interval(nonce) != keyInterval) {
            AeadKey old = key;
            key = old.rekey();
            keyInterval++;
            old.erase();
        }
        Frames.putNonce(frame, nonce);
        key.seal(nonce, Frames.NO_AAD, frame, Frames.NONCE_LENGTH, frame.length - Frames.OVERHEAD);
        nonce++;
    }

    void erase() {
        key.erase();
    }
}
