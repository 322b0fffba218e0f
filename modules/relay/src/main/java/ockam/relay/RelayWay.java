// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.node.Connection;
import ockam.wire.Route;

/**
 * How a node gets to the node of its relay, each time that it registers anew: a function that connects and returns the route. It is called
 * on a thread of the library and must not block.
 */
@FunctionalInterface
public interface RelayWay {
    /** Returns the route to the relay's node, without the service's address. */
    CompletionStage<Route> connect();

    /** A route that {@link #connect} has returned is not used any longer, or never was; may be called on any thread. */
    default void abandon(Route route) {}

    /**
     * The same route every time: one that begins with an address whose connections are made anew. When it begins with a connection that ends,
     * nothing is registered any more.
     */
    static RelayWay fixed(Route route) {
        return () -> CompletableFuture.completedStage(route);
    }

    /** A connection that is made for each attempt, and ended when it is of no use: {@code over(() -> tcp.connect("relay:4000"))}. */
    static RelayWay over(Supplier<CompletionStage<Connection>> connect) {
        return new ConnectedWay(connect);
    }
}
