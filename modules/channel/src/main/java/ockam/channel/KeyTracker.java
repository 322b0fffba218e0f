// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import ockam.vault.AeadKey;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a receiver needs at any time: the one of the current interval of 32 nonces, the one before, and later ones, derived when a
 * frame needs them (secure channel, section 5.4). Not thread safe.
 */
final class KeyTracker {
    /** A frame so many intervals ahead can still be tried. */
    static final int MAX_STEPS = 1024;

    /** In the interval that holds the reserved nonce everything is refused. */
    private static final long LAST_INTERVAL = Frames.interval(Frames.RESERVED_NONCE);

    private AeadKey current;
    private @Nullable AeadKey previous;
    private long interval;

    KeyTracker(AeadKey key) {
        this(key, 0);
    }

    KeyTracker(AeadKey key, long interval) {
        this.current = key;
        this.interval = interval;
    }

    /**
     * A key to try on a frame.
     *
     * @param key the key
     * @param before the key of the interval before, if this one was derived for the frame
     * @param steps how many keys were derived
     */
    record Candidate(AeadKey key, @Nullable AeadKey before, int steps) {
        private static Candidate known(AeadKey key) {
            return new Candidate(key, null, 0);
        }

        boolean isDerived() {
            return steps > 0;
        }
    }

    /**
     * The key for a nonce, or null if the nonce is too old or too far ahead. The caller must then call {@link #keep} or {@link #discard}.
     */
    @Nullable
    Candidate candidate(long nonce) {
        long wanted = Frames.interval(nonce);
        if (isRefused(nonce)) {
            return null;
        }
        if (wanted == interval) {
            return Candidate.known(current);
        }
        if (wanted == interval + 1) {
            return derive(1);
        }
        AeadKey old = previous;
        return wanted == interval - 1 && old != null ? Candidate.known(old) : null;
    }

    private boolean isRefused(long nonce) {
        return interval == LAST_INTERVAL || nonce == Frames.RESERVED_NONCE;
    }

    /** How many keys must be derived for a later nonce; 0 if they are too many. */
    int stepsTo(long nonce) {
        long steps = Frames.interval(nonce) - interval;
        return isRefused(nonce) || steps < 0 || steps > MAX_STEPS ? 0 : (int) steps;
    }

    /** Derives so many keys, at least one, and erases all but the last two. The same applies as to {@link #candidate}. */
    Candidate derive(int steps) {
        AeadKey before = current;
        AeadKey key = before.rekey();
        try {
            for (int i = 1; i < steps; i++) {
                AeadKey next = key.rekey();
                eraseUnlessCurrent(before);
                before = key;
                key = next;
            }
        } catch (RuntimeException e) {
            eraseUnlessCurrent(before);
            key.erase();
            throw e;
        }
        return new Candidate(key, before, steps);
    }

    private void eraseUnlessCurrent(AeadKey key) {
        if (key != current) {
            key.erase();
        }
    }

    /** The frame was authentic: a derived key becomes the current one. */
    void keep(Candidate candidate) {
        AeadKey before = candidate.before();
        if (before != null) {
            if (previous != null) {
                previous.erase();
            }
            if (before != current) {
                current.erase();
            }
            previous = before;
            current = candidate.key();
            interval += candidate.steps();
        }
    }

    /** The frame was not authentic: nothing changes. */
    void discard(Candidate candidate) {
        AeadKey before = candidate.before();
        if (before != null) {
            candidate.key().erase();
            eraseUnlessCurrent(before);
        }
    }

    void erase() {
        current.erase();
        if (previous != null) {
            previous.erase();
        }
    }
}
