// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.routing.Addressed;
import ockam.wire.Address;

/**
 * The materialized value of a stream over a node: its address, how to end it, and how it ended. It keeps nothing of a stream that has ended.
 * Thread safe.
 */
public final class StreamHandle implements Addressed {
    private final Address address;
    private final CompletableFuture<StreamReport> closed;
    private volatile Runnable drain;

    StreamHandle(Address address, Runnable drain, CompletableFuture<StreamReport> closed) {
        this.address = address;
        this.drain = drain;
        this.closed = closed;
        var unused = closed.whenComplete((report, failure) -> this.drain = () -> {});
    }

    /** Where the stream lives on the node: the return route of what it sends, and where it receives. */
    @Override
    public Address address() {
        return address;
    }

    /**
     * Cancels upstream, lets what was taken from it arrive, and then completes; it fails if nothing arrives for
     * {@code ockam.stream.drain-timeout}. The stage is that of {@link #whenClosed}.
     */
    public CompletionStage<StreamReport> drainAndShutdown() {
        drain.run();
        return whenClosed();
    }

    /**
     * Completes when the stream has ended, with what became of the messages that it sent. It fails with the reason if the stream failed:
     * with a {@link ockam.routing.RoutingException} if its route leads nowhere, with Akka's
     * {@link akka.stream.AbruptStageTerminationException} if its materializer or the actor system was shut down under it.
     */
    public CompletionStage<StreamReport> whenClosed() {
        return closed; // not a stage that depends on it, which would wrap the exception in another
    }
}
