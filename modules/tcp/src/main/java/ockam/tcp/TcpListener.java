// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import akka.Done;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.node.Connection;
import ockam.routing.Addressed;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.routing.spi.Registration;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;

/**
 * Accepts connections at a port. What is opened to it by {@code node.allow(...).from(listener)} is reachable from all connections that it
 * accepts, earlier and later ones.
 *
 * <p>It lives until it is stopped, or its node is. Thread safe.
 */
public final class TcpListener implements Addressed, Producer {
    private final Registration registration;
    private final FlowControlId id;
    private final InetSocketAddress localAddress;
    private final Supplier<List<Connection>> accepted;

    TcpListener(
            Registration registration,
            FlowControlId id,
            InetSocketAddress localAddress,
            Supplier<List<Connection>> accepted) {
        this.registration = registration;
        this.id = id;
        this.localAddress = localAddress;
        this.accepted = accepted;
    }

    /** Its address on the node, at which nothing arrives: to stop it by {@code node.stop}. */
    @Override
    public Address address() {
        return registration.address();
    }

    /** Where it listens, with the real port if it was asked for port 0. */
    public InetSocketAddress localAddress() {
        return localAddress;
    }

    /** The same as a text that others can connect to, such as {@code 127.0.0.1:4000}. */
    public String hostAndPort() {
        return new HostAndPort(localAddress.getAddress().getHostAddress(), localAddress.getPort(), true).toString();
    }

    @Override
    public FlowControlId flowControlId() {
        return id;
    }

    @Override
    public boolean hasEnded() {
        return registration.hasEnded();
    }

    /** The connections that it has accepted and that have not ended. */
    public List<Connection> connections() {
        return accepted.get();
    }

    /** Accepts no more connections; those that it has accepted stay. Completes when the port is free. */
    public CompletionStage<Done> stop() {
        return registration.stop(StopCause.STOPPED);
    }

    @Override
    public String toString() {
        return "TcpListener(" + hostAndPort() + ")";
    }
}
