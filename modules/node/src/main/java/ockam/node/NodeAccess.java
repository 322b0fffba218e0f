// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import akka.stream.javadsl.Flow;
import java.util.List;
import java.util.function.Supplier;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Router;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/** INTERNAL API. The only access to the inside of a {@link Node}, for the modules of this project. */
@InternalApi
public final class NodeAccess {
    private NodeAccess() {}

    /** The router of a node. */
    public static Router router(Node node) {
        return node.router();
    }

    /** A message as a worker receives it; throws a {@code RoutingException} if the codec refuses the payload. */
    public static <T> Routed<T> routed(Delivery delivery, Codec<T> codec) {
        return Routed.decodeOrThrow(delivery, codec);
    }

    /** Passes a message on as a {@link Relay} to this route does, for a handler that does nothing else with it. */
    public static void relay(Node node, Routed<Any> message, Route route) {
        Relay.pass(node, message, route);
    }

    /**
     * The flow of a connection: a transport sends what it has read into it, as it was on the wire, and writes what comes out, several messages
     * at a time. It must not ask for more before they are written, since until then they count as under way. The addresses are taken when the
     * flow is run; if that is not possible, it fails.
     */
    public static Flow<LocalMessage, List<LocalMessage>, Connection> connection(Node node, ConnectionSpec spec) {
        return node.connection(spec);
    }

    /**
     * Says that the transport has reached the other side of a connection, unless it has ended in the meantime. One that a listener accepted has
     * reached it from its start.
     */
    public static void opened(Connection connection) {
        connection.opened();
    }

    /**
     * Hands over, on any thread, what has arrived at the address of the {@linkplain ConnectionSpec#name name} of a connection. If that ends
     * before it is written, it is lost.
     *
     * @return false if the connection has ended, and has not taken it
     */
    public static boolean write(Connection connection, Delivery delivery) {
        return connection.write(delivery);
    }

    /** A flow connected to a node. A port is created each time that it is run. */
    public static <I, O> Flow<I, O, StreamHandle> stream(Node node, Supplier<StreamPort<I, O>> ports) {
        return node.stream(ports);
    }
}
