// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import ockam.node.StateFeed;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;

/** The state of a remote relay, and those who follow it or wait for it. Thread safe. */
final class RemoteRelayStates {
    private final Executor callbacks;
    private final StateFeed<RemoteRelayState> states =
            new StateFeed<>(RemoteRelayState.Registering.INSTANCE, RemoteRelayState.Stopped.INSTANCE::equals);
    private final CompletableFuture<RemoteRelayState.Registered> registered = new CompletableFuture<>();
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();
    // One for all who ask: each stage that is made of a future lives as long as that waits.
    private final CompletionStage<RemoteRelayState.Registered> whenRegistered = registered.minimalCompletionStage();
    private final CompletionStage<Done> whenStopped = stopped.minimalCompletionStage();

    /** Stages are completed by {@code callbacks}. */
    RemoteRelayStates(Executor callbacks) {
        this.callbacks = callbacks;
    }

    RemoteRelayState now() {
        return states.now();
    }

    Source<RemoteRelayState, NotUsed> source() {
        return states.source();
    }

    CompletionStage<RemoteRelayState.Registered> whenRegistered() {
        return whenRegistered;
    }

    CompletionStage<Done> whenStopped() {
        return whenStopped;
    }

    /** Returns whether this is a change. Nothing changes after the end. */
    boolean change(RemoteRelayState next) {
        boolean changed = states.change(next);
        if (changed && next instanceof RemoteRelayState.Registered first) {
            registered.completeAsync(() -> first, callbacks);
        } else if (changed && next == RemoteRelayState.Stopped.INSTANCE) {
            callbacks.execute(() -> {
                registered.completeExceptionally(new RoutingException(
                        RoutingDropReason.NODE_STOPPED, "the remote relay was stopped before it was registered"));
                stopped.complete(Done.getInstance());
            });
        }
        return changed;
    }
}
