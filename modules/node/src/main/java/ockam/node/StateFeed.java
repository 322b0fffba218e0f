// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.NotUsed;
import akka.annotation.InternalApi;
import akka.stream.javadsl.Source;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. The state of something, and those who follow it. It remembers the latest states itself, and holds of a follower only that it
 * runs: one that never starts or has ended leaves nothing here. Thread safe.
 *
 * @param <S> the states
 */
@InternalApi
public final class StateFeed<S> {
    /** So many changes one who follows them may be late; of more, the latest ones count. */
    private static final int REMEMBERED = 16;

    /** A state, and which of all it is. */
    record Numbered<S>(long number, S state) {}

    private final Predicate<S> last;
    private final Deque<Numbered<S>> latest = new ArrayDeque<>(1); // guarded by this; the oldest first
    private final Set<Runnable> followers = new HashSet<>(); // guarded by this
    private volatile Numbered<S> now;

    /**
     * Begins with a state.
     *
     * @param last which states nothing follows
     */
    public StateFeed(S first, Predicate<S> last) {
        this.last = last;
        this.now = new Numbered<>(1, first);
        latest.add(now);
    }

    /** The state now. */
    public S now() {
        return now.state();
    }

    /** Returns whether this is a change. Nothing changes after the end. */
    public synchronized boolean change(S next) {
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

    /** The state now and each one that follows, from the moment at which it is run; completes after the last one. */
    public Source<S, NotUsed> source() {
        return Source.fromGraph(new StateFeedStage<>(this));
    }

    /** Which of all states the one now is. */
    long number() {
        return now.number();
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

    boolean isLast(S state) {
        return last.test(state);
    }

    /** Tells somebody of each change from now on; it is called on any thread, and must only pass it on. */
    synchronized void follow(Runnable follower) {
        followers.add(follower);
    }

    synchronized void leave(Runnable follower) {
        followers.remove(follower);
    }

    /** How many follow it. */
    synchronized int followers() {
        return followers.size();
    }
}
