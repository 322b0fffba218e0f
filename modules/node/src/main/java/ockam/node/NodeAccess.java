// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import akka.stream.javadsl.Flow;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;

/** INTERNAL API. The only way from a {@link Node} to its inside, for the modules of this project. */
@InternalApi
public final class NodeAccess {
    private NodeAccess() {}

    /** The router under a node. */
    public static Router router(Node node) {
        return node.router();
    }

    /**
     * Both halves of a stream at one address: a sink along a route, and a source of what arrives.
     *
     * @param opened is given the address as soon as it is taken
     * @param ended completes when there is nothing to send to or receive from any more, with what a stream that would go on sending fails with
     */
    public static <I, O> Flow<I, Routed<O>, StreamHandle> stream(
            Node node,
            Route route,
            Codec<I> sent,
            Codec<O> received,
            Supplier<Address> address,
            AccessControl incoming,
            Consumer<Address> opened,
            CompletableFuture<? extends RuntimeException> ended) {
        return node.stream(route, sent, received, address, incoming, opened, ended);
    }
}
