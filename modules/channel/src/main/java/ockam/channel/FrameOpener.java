// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.vault.AeadKey;
import org.jspecify.annotations.Nullable;

/**
 * Opens frames in any order within the replay window (secure channel, section 5.4). A frame that is refused changes nothing. Not thread
 * safe.
 */
final class FrameOpener {
    private final ReplayWindow window;
    private final KeyTracker keys;

    FrameOpener(AeadKey key) {
        this(new ReplayWindow(), new KeyTracker(key));
    }

    FrameOpener(ReplayWindow window, KeyTracker keys) {
        this.window = window;
        this.keys = keys;
    }

    /**
     * The plaintext, in a new array, or null if the frame is too short, a replay, out of the window, or not authentic. The frame itself
     * is never changed: others may hold it.
     */
    byte @Nullable [] open(byte[] frame) {
        if (frame.length < Frames.OVERHEAD) {
            return null;
        }
        long nonce = Frames.nonceOf(frame);
        if (!window.accepts(nonce)) {
            return null;
        }
        KeyTracker.Candidate candidate = keys.candidate(nonce);
        if (candidate == null) {
            return null;
        }
        byte[] plaintext = new byte[frame.length - Frames.OVERHEAD];
        int length = frame.length - Frames.NONCE_LENGTH;
        if (!candidate.key().open(nonce, Frames.NO_AAD, frame, Frames.NONCE_LENGTH, length, plaintext, 0)) {
            keys.discard(candidate);
            return null;
        }
        window.mark(nonce);
        keys.keep(candidate);
        return plaintext;
    }

    void erase() {
        keys.erase();
    }
}
