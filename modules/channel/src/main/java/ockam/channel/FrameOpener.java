// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.vault.AeadKey;
import org.jspecify.annotations.Nullable;

/**
 * Opens frames in any order within the replay window, and catches up with the peer when more than that were lost (secure channel, section
 * 5.4). A frame that is refused changes no key and no nonce. Not thread safe.
 */
final class FrameOpener {
    private final ReplayWindow window;
    private final KeyTracker keys;
    private final CatchUp catchUp;

    FrameOpener(AeadKey key, CatchUp catchUp) {
        this(new ReplayWindow(), new KeyTracker(key), catchUp);
    }

    FrameOpener(ReplayWindow window, KeyTracker keys, CatchUp catchUp) {
        this.window = window;
        this.keys = keys;
        this.catchUp = catchUp;
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
        KeyTracker.Candidate candidate =
                window.accepts(nonce) ? keys.candidate(nonce) : window.isAhead(nonce) ? keyFarAhead(nonce) : null;
        if (candidate == null) {
            return null;
        }
        byte[] plaintext = new byte[frame.length - Frames.OVERHEAD];
        int length = frame.length - Frames.NONCE_LENGTH;
        boolean authentic = false;
        try {
            authentic = candidate.key().open(nonce, Frames.NO_AAD, frame, Frames.NONCE_LENGTH, length, plaintext, 0);
        } finally {
            if (!authentic) {
                keys.discard(candidate);
            }
        }
        if (!authentic) {
            return null;
        }
        window.mark(nonce);
        keys.keep(candidate);
        catchUp.accepted();
        return plaintext;
    }

    private KeyTracker.@Nullable Candidate keyFarAhead(long nonce) {
        int steps = window.isWithinReach(nonce) ? keys.stepsTo(nonce) : 0;
        return catchUp.mayTry(steps) ? keys.derive(steps) : null;
    }

    void erase() {
        keys.erase();
    }
}
