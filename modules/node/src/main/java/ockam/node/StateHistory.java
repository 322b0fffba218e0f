// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The latest states of something, numbered, and whom to tell when there is another one. Thread safe. */
final class StateHistory<S> {
    /** So many changes one who follows them may be late; of more, the latest ones count. */
    private static final int REMEMBERED = 16;

    /** A state, and which of all it is. */
    record Numbered<S>(long number, S state) {}

    private final Predicate<S> last;
    private final Deque<Numbered<S>> latest = new ArrayDeque<>(1); // guarded by this; the oldest first
    private final Set<Runnable> followers = new HashSet<>(); // guarded by this
    private volatile Numbered<S> now;

    StateHistory(S first, Predicate<S> last) {
        this.last = last;
        this.now = new Numbered<>(1, first);
        latest.add(now);
    }

    Numbered<S> now() {
        return now;
    }

    /** Whether nothing follows a state. */
    boolean isLast(S state) {
        return last.test(state);
    }

    /** Adds a state, unless it is the same as the one now or nothing follows that. Returns whether it has. */
    synchronized boolean add(S next) {
        if (isLast(now.state()) || next.equals(now.state())) {
            return false;
        }
        now = new Numbered<>(now.number() + 1, next);
        if (latest.size() == REMEMBERED) {
            latest.remove();
        }
        latest.add(now);
        followers.forEach(Runnable::run);
        return true;
    }

    /** The state with this number, or the oldest later one that is remembered, or null if it has not come yet. */
    synchronized @Nullable Numbered<S> from(long number) {
        for (Numbered<S> state : latest) {
            if (state.number() >= number) {
                return state;
            }
        }
        return null;
    }

    /** Tells somebody of each change from now on; it is called on any thread, and must only pass it on. */
    synchronized void follow(Runnable follower) {
        followers.add(follower);
    }

    synchronized void leave(Runnable follower) {
        followers.remove(follower);
    }

    synchronized int followers() {
        return followers.size();
    }
}
