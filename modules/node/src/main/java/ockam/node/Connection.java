// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.typed.javadsl.Adapter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import ockam.routing.Addressed;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A way to another node: what is sent to its address leaves this node, and what comes back reaches the addresses that were opened to it
 * (routing, sections 1.9 and 6).
 *
 * <p>Transports make connections. One lives until either side ends it, the transport fails, or the node stops. Delivery is at most once, and
 * in order. Thread safe.
 */
public final class Connection implements Addressed, Producer {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private enum State {
        NEW,
        OPEN,
        ENDED
    }

    private final Router router;
    private final Address address;
    private final String remote;
    private final FlowControlId id;
    private final Predicate<Delivery> writer;
    private final Runnable stop;
    private State state = State.NEW; // guarded by this
    private final CompletableFuture<ConnectionEnd> closed = new CompletableFuture<>();
    /** One for all who ask: each stage that is made of a future lives as long as that waits, and a connection may live long. */
    private final CompletionStage<ConnectionEnd> whenClosed = closed.minimalCompletionStage();

    /**
     * Creates a connection that has taken its addresses.
     *
     * @param writer takes what is to leave, unless the connection has ended; called on any thread
     * @param stop asks it to end; it may be called more than once
     */
    Connection(Router router, Address address, ConnectionSpec spec, Predicate<Delivery> writer, Runnable stop) {
        this.router = router;
        this.address = address;
        this.remote = spec.remote();
        this.id = spec.id();
        this.writer = writer;
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
        return !router.flowControls().isInUse(id);
    }

    /**
     * Ends the connection. Its address is free when the call returns. What was sent before still leaves, if the other side takes it within
     * {@code ockam.connection.close-timeout}; what comes in from now on is lost, and not counted.
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

    /**
     * Takes a message that has arrived at another address of this node, to write it with that address off its route in place of its own.
     *
     * @return false if the connection has ended
     */
    boolean write(Delivery delivery) {
        return writer.test(delivery);
    }

    /** The transport has reached the other side. */
    synchronized void opened() {
        if (state == State.NEW) {
            state = State.OPEN;
            router.logged(() -> LOG.info("Connected to {} at {}", remote, address));
            publish(new ConnectionEvent.Opened(router.name(), address, remote));
        }
    }

    synchronized void ended(ConnectionEnd end) {
        if (state == State.OPEN) {
            router.logged(() -> LOG.info("Connection to {} at {} ended: {}", remote, address, end));
            publish(new ConnectionEvent.Closed(router.name(), address, remote, end));
        }
        state = State.ENDED;
        closed.completeAsync(() -> end, router.callbacks());
    }

    private void publish(ConnectionEvent event) {
        Adapter.toClassic(router.system()).eventStream().publish(event);
        router.observed(() -> event);
    }

    @Override
    public String toString() {
        return "Connection(" + address + ", " + remote + ")";
    }
}
