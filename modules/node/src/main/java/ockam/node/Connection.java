// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import ockam.routing.Addressed;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.wire.Address;
import ockam.wire.Route;

/**
 * A way to another node: what is sent to its address leaves this node, and what comes back reaches the addresses that were opened to it
 * (routing, sections 1.9 and 6).
 *
 * <p>Transports make connections. One lives until either side ends it, the transport fails, or the node stops. Delivery is at most once, and
 * in order. Thread safe.
 */
public final class Connection implements Addressed, Producer {
    private final Address address;
    private final String remote;
    private final FlowControlId id;
    private final BooleanSupplier isInUse;
    private final Runnable stop;
    private final CompletableFuture<ConnectionEnd> closed = new CompletableFuture<>();
    /** One for all who ask: each stage that is made of a future lives as long as that waits, and a connection may live long. */
    private final CompletionStage<ConnectionEnd> whenClosed = closed.minimalCompletionStage();

    /**
     * Creates a connection that has taken its addresses.
     *
     * @param isInUse whether its id still brings messages in
     * @param stop asks it to end; it may be called more than once
     */
    Connection(Address address, ConnectionSpec spec, BooleanSupplier isInUse, Runnable stop) {
        this.address = address;
        this.remote = spec.remote();
        this.id = spec.id();
        this.isInUse = isInUse;
        this.stop = stop;
    }

    /** The address through which messages leave. Its metadata is {@linkplain ockam.routing.Metadata#terminal terminal}. */
    @Override
    public Address address() {
        return address;
    }

    /** The route to an address on the other node. */
    public Route route(String onOtherNode) {
        return route(Route.of(onOtherNode));
    }

    /** The route that continues on the other node. */
    public Route route(Route onOtherNode) {
        return onOtherNode.prepend(address);
    }

    /** What is at the other side: the transport and its address, such as {@code tcp 127.0.0.1:4000}. */
    public String remote() {
        return remote;
    }

    @Override
    public FlowControlId flowControlId() {
        return id;
    }

    /** Whether it brings in nothing more: true as soon as its node begins to stop, which may be before it has ended. */
    @Override
    public boolean hasEnded() {
        return !isInUse.getAsBoolean();
    }

    /**
     * Ends the connection. Its address is free when the call returns. What was sent before still leaves, if the other side takes it within
     * {@code ockam.connection.close-timeout}; what comes in from now on is lost.
     *
     * @return the stage of {@link #whenClosed}
     */
    public CompletionStage<ConnectionEnd> disconnect() {
        stop.run();
        return whenClosed;
    }

    /** Completes when the connection has ended. The same stage for all who ask, which nobody else can complete. */
    public CompletionStage<ConnectionEnd> whenClosed() {
        return whenClosed;
    }

    CompletableFuture<ConnectionEnd> closed() {
        return closed;
    }

    @Override
    public String toString() {
        return "Connection(" + address + ", " + remote + ")";
    }
}
