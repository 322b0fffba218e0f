// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.Done;
import akka.NotUsed;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;

/** The state of a remote relay, and those who follow it. Thread safe. */
final class RemoteRelayStates {
    /** So many changes may wait for one who follows them; of more, the latest ones count. */
    private static final int BUFFER = 16;

    private final Executor callbacks;
    private final Set<SourceQueueWithComplete<RemoteRelayState>> followers = new HashSet<>(); // guarded by this
    private final CompletableFuture<RemoteRelayState.Registered> registered = new CompletableFuture<>();
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();
    // One for all who ask: each stage that is made of a future lives as long as that waits.
    private final CompletionStage<RemoteRelayState.Registered> whenRegistered = registered.minimalCompletionStage();
    private final CompletionStage<Done> whenStopped = stopped.minimalCompletionStage();
    private volatile RemoteRelayState now = RemoteRelayState.Registering.INSTANCE;

    /** Stages are completed by {@code callbacks}. */
    RemoteRelayStates(Executor callbacks) {
        this.callbacks = callbacks;
    }

    RemoteRelayState now() {
        return now;
    }

    CompletionStage<RemoteRelayState.Registered> whenRegistered() {
        return whenRegistered;
    }

    CompletionStage<Done> whenStopped() {
        return whenStopped;
    }

    /** Returns whether this is a change. Nothing changes after the end. */
    synchronized boolean change(RemoteRelayState next) {
        if (now == RemoteRelayState.Stopped.INSTANCE || next.equals(now)) {
            return false;
        }
        now = next;
        followers.forEach(follower -> show(follower, next));
        if (next instanceof RemoteRelayState.Registered first) {
            registered.completeAsync(() -> first, callbacks);
        } else if (next == RemoteRelayState.Stopped.INSTANCE) {
            followers.clear();
            callbacks.execute(() -> {
                registered.completeExceptionally(new RoutingException(
                        RoutingDropReason.NODE_STOPPED, "the remote relay was stopped before it was registered"));
                stopped.complete(Done.getInstance());
            });
        }
        return true;
    }

    /** The state now and each one that follows; completes after the last one. */
    Source<RemoteRelayState, NotUsed> source() {
        return Source.<RemoteRelayState>queue(BUFFER, OverflowStrategy.dropHead())
                .mapMaterializedValue(queue -> {
                    follow(queue);
                    return NotUsed.getInstance();
                });
    }

    private synchronized void follow(SourceQueueWithComplete<RemoteRelayState> follower) {
        show(follower, now);
        if (now != RemoteRelayState.Stopped.INSTANCE) {
            followers.add(follower);
            var unused = follower.watchCompletion().whenComplete((done, failure) -> leave(follower));
        }
    }

    private static void show(SourceQueueWithComplete<RemoteRelayState> follower, RemoteRelayState state) {
        var unused = follower.offer(state); // one that has ended leaves by itself
        if (state == RemoteRelayState.Stopped.INSTANCE) {
            follower.complete();
        }
    }

    private synchronized void leave(SourceQueueWithComplete<RemoteRelayState> follower) {
        followers.remove(follower);
    }
}
