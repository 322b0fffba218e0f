// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import akka.Done;
import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.node.Connection;
import ockam.node.NodeAccess;
import ockam.node.StateFeed;
import ockam.routing.Addressed;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Registration;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * An address of this node that leads to another node by a TCP connection, and by a new one as soon as that has ended. Routes that begin with
 * it stay as they are, also the return routes of what comes in; what is opened to it is open to all its connections; and a secure channel
 * whose route begins with it goes on.
 *
 * <p>Delivery is at most once. What is sent while there is no connection waits for the next attempt, within bounds; if that fails, it is
 * dropped as {@link TcpDropReason#NOT_CONNECTED}, and so is what a connection had not written when it ended. What was on the way is lost. It
 * lives until it is stopped, or its node is. Thread safe.
 */
public final class ReconnectingConnection implements Addressed, Producer {
    /** What it can be at. */
    public enum State {
        /** There is no connection: one is being made, or will be. */
        CONNECTING,
        /** There is a connection. */
        CONNECTED,
        /** There is none any more, and the address is free. */
        STOPPED
    }

    private final Registration registration;
    private final String remote;
    private final FlowControlId id;
    private final StateFeed<State> states = new StateFeed<>(State.CONNECTING, State.STOPPED::equals);
    private final Held held; // guarded by this
    private volatile @Nullable Connection current; // written under the lock

    ReconnectingConnection(Registration registration, String remote, FlowControlId id, Held held) {
        this.registration = registration;
        this.remote = remote;
        this.id = id;
        this.held = held;
        registration.reach(false);
    }

    /** The address through which messages leave. Its metadata is {@linkplain ockam.routing.Metadata#terminal terminal}. */
    @Override
    public Address address() {
        return registration.address();
    }

    /** The route to an address on the other node. */
    public Route route(String onOtherNode) {
        return route(Route.of(onOtherNode));
    }

    /** The route that continues on the other node. */
    public Route route(Route onOtherNode) {
        return onOtherNode.prepend(address());
    }

    /** What is at the other side, such as {@code tcp 127.0.0.1:4000}. */
    public String remote() {
        return remote;
    }

    /** The id under which all its connections bring messages in. */
    @Override
    public FlowControlId flowControlId() {
        return id;
    }

    @Override
    public boolean hasEnded() {
        return registration.hasEnded();
    }

    /** The connection that it has now. One that is {@linkplain Connection#disconnect disconnected} is followed by another one. */
    public Optional<Connection> connection() {
        return Optional.ofNullable(current);
    }

    /** Its state now. */
    public State state() {
        return states.now();
    }

    /** A source of the state now and each one that follows, which completes after {@link State#STOPPED}. One who is slow may miss earlier ones. */
    public Source<State, NotUsed> states() {
        return states.source();
    }

    /**
     * Ends it, and the connection that it has, which still writes what was sent before (see {@link Connection#disconnect}). Its address is free
     * when the call returns. Completes when the connection has ended.
     */
    public CompletionStage<Done> stop() {
        return registration.stop(StopCause.STOPPED);
    }

    /** Completes when it has ended, whoever stopped it. The same stage for all who ask. */
    public CompletionStage<Done> whenStopped() {
        return registration.whenEnded();
    }

    /** On the sender's thread. */
    void deliver(Delivery delivery) {
        if (!write(delivery)) {
            hold(delivery);
        }
    }

    private boolean write(Delivery delivery) {
        Connection by = current;
        return by != null && NodeAccess.write(by, delivery);
    }

    private synchronized void hold(Delivery delivery) {
        if (write(delivery)) {
            return;
        }
        if (state() == State.STOPPED) {
            delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS);
        } else {
            held.add(delivery);
        }
    }

    /** What waits goes first. */
    synchronized void connected(Connection connection) {
        held.handTo(delivery -> NodeAccess.write(connection, delivery));
        current = connection;
        states.change(State.CONNECTED);
        registration.reach(true);
    }

    synchronized void disconnected() {
        current = null;
        states.change(State.CONNECTING);
        registration.reach(false);
    }

    /** An attempt has failed. Nothing waits for longer than that, but streams have waited. */
    synchronized void notConnected() {
        held.lose(TcpDropReason.NOT_CONNECTED);
    }

    synchronized void stopped() {
        current = null;
        states.change(State.STOPPED);
        held.lose(RoutingDropReason.NO_SUCH_ADDRESS);
    }

    /** How many messages wait. */
    synchronized int waiting() {
        return held.size();
    }

    @Override
    public String toString() {
        return "ReconnectingConnection(" + address() + ", " + remote + ", " + state() + ")";
    }
}
