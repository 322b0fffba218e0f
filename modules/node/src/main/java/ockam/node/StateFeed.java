// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.NotUsed;
import akka.annotation.InternalApi;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * INTERNAL API. The state of something, and those who follow it. Thread safe.
 *
 * @param <S> the states
 */
@InternalApi
public final class StateFeed<S> {
    /** So many changes may wait for one who follows them; of more, the latest ones count. */
    private static final int BUFFER = 16;

    private final Set<SourceQueueWithComplete<S>> followers = new HashSet<>(); // guarded by this
    private final Predicate<S> last;
    private volatile S now;

    /**
     * Begins with a state.
     *
     * @param last which states nothing follows
     */
    public StateFeed(S first, Predicate<S> last) {
        this.now = first;
        this.last = last;
    }

    /** The state now. */
    public S now() {
        return now;
    }

    /** Returns whether this is a change. Nothing changes after the end. */
    public synchronized boolean change(S next) {
        if (last.test(now) || next.equals(now)) {
            return false;
        }
        now = next;
        followers.forEach(follower -> show(follower, next));
        if (last.test(next)) {
            followers.clear();
        }
        return true;
    }

    /** The state now and each one that follows; completes after the last one. */
    public Source<S, NotUsed> source() {
        return Source.<S>queue(BUFFER, OverflowStrategy.dropHead()).mapMaterializedValue(queue -> {
            follow(queue);
            return NotUsed.getInstance();
        });
    }

    private synchronized void follow(SourceQueueWithComplete<S> follower) {
        show(follower, now);
        if (!last.test(now)) {
            followers.add(follower);
            var unused = follower.watchCompletion().whenComplete((done, failure) -> leave(follower));
        }
    }

    private void show(SourceQueueWithComplete<S> follower, S state) {
        var unused = follower.offer(state); // one that has ended leaves by itself
        if (last.test(state)) {
            follower.complete();
        }
    }

    private synchronized void leave(SourceQueueWithComplete<S> follower) {
        followers.remove(follower);
    }
}
