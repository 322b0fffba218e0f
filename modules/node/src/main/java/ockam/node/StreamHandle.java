// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.Done;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.routing.Addressed;
import ockam.wire.Address;

/**
 * The materialized value of a stream over a node: its address, how to end it, and how it ended. Thread safe.
 */
public final class StreamHandle implements Addressed {
    private final Address address;
    private final Runnable drain;
    private final CompletableFuture<Done> closed;

    StreamHandle(Address address, Runnable drain, CompletableFuture<Done> closed) {
        this.address = address;
        this.drain = drain;
        this.closed = closed;
    }

    /** Where the stream lives on the node: the return route of what it sends, and where it receives. */
    @Override
    public Address address() {
        return address;
    }

    /**
     * Cancels upstream, lets what was taken from it arrive, and then completes; {@code ockam.stream.drain-timeout} bounds how long it
     * waits. The stage is that of {@link #whenClosed}.
     */
    public CompletionStage<Done> drainAndShutdown() {
        drain.run();
        return whenClosed();
    }

    /** Completes when the stream has ended; fails with the reason if it failed. */
    public CompletionStage<Done> whenClosed() {
        return closed; // not a stage that depends on it, which would wrap the exception in another
    }
}
