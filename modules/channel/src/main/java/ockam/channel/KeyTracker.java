// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.vault.AeadKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a receiver needs at any time: the one of the current interval of 32 nonces, the one before, and the next one, derived when
 * a frame needs it (secure channel, section 5.4). Not thread safe.
 */
final class KeyTracker {
    /** In the interval that holds the reserved nonce everything is refused. */
    private static final long LAST_INTERVAL = Frames.interval(Frames.RESERVED_NONCE);

    private Candidate current;
    private @Nullable Candidate previous;
    private long interval;

    KeyTracker(AeadKey key) {
        this(key, 0);
    }

    KeyTracker(AeadKey key, long interval) {
        this.current = new Candidate(key, false);
        this.interval = interval;
    }

    /**
     * A key to try on a frame.
     *
     * @param key the key
     * @param isNext whether the key belongs to the next interval, and was derived for this frame
     */
    record Candidate(AeadKey key, boolean isNext) {}

    /**
     * The key for a nonce, or null if the nonce is too old or too far ahead. The caller must then call {@link #keep} or {@link #discard}.
     */
    @Nullable
    Candidate candidate(long nonce) {
        long wanted = Frames.interval(nonce);
        if (interval == LAST_INTERVAL || nonce == Frames.RESERVED_NONCE) {
            return null;
        }
        if (wanted == interval) {
            return current;
        }
        if (wanted == interval + 1) {
            return new Candidate(current.key().rekey(), true);
        }
        return wanted == interval - 1 ? previous : null;
    }

    /** The frame was authentic: a next key becomes the current one. */
    void keep(Candidate candidate) {
        if (candidate.isNext()) {
            if (previous != null) {
                previous.key().erase();
            }
            previous = current;
            current = new Candidate(candidate.key(), false);
            interval++;
        }
    }

    /** The frame was not authentic: nothing changes. */
    void discard(Candidate candidate) {
        if (candidate.isNext()) {
            candidate.key().erase();
        }
    }

    void erase() {
        current.key().erase();
        if (previous != null) {
            previous.key().erase();
        }
    }
}
