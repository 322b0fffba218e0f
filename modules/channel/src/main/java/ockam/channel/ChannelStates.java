// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.NotUsed;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import java.util.HashSet;
import java.util.Set;

/** The state of a channel, and those who follow it. Thread safe. */
final class ChannelStates {
    /** So many changes may wait for one who follows them; of more, the latest ones count. */
    private static final int BUFFER = 16;

    private final Set<SourceQueueWithComplete<ChannelState>> followers = new HashSet<>(); // guarded by this
    private volatile ChannelState now = ChannelState.Open.UP;

    ChannelState now() {
        return now;
    }

    /** Returns whether this is a change. Nothing changes after the end. */
    synchronized boolean change(ChannelState next) {
        if (now instanceof ChannelState.Closed || next.equals(now)) {
            return false;
        }
        now = next;
        followers.forEach(follower -> show(follower, next));
        if (next instanceof ChannelState.Closed) {
            followers.clear();
        }
        return true;
    }

    /** The state now and each one that follows; completes after the last one. */
    Source<ChannelState, NotUsed> source() {
        return Source.<ChannelState>queue(BUFFER, OverflowStrategy.dropHead()).mapMaterializedValue(queue -> {
            follow(queue);
            return NotUsed.getInstance();
        });
    }

    private synchronized void follow(SourceQueueWithComplete<ChannelState> follower) {
        show(follower, now);
        if (!(now instanceof ChannelState.Closed)) {
            followers.add(follower);
            var unused = follower.watchCompletion().whenComplete((done, failure) -> leave(follower));
        }
    }

    private static void show(SourceQueueWithComplete<ChannelState> follower, ChannelState state) {
        var unused = follower.offer(state); // one that has ended leaves by itself
        if (state instanceof ChannelState.Closed) {
            follower.complete();
        }
    }

    private synchronized void leave(SourceQueueWithComplete<ChannelState> follower) {
        followers.remove(follower);
    }
}
