// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import akka.stream.javadsl.Flow;
import java.util.function.Supplier;
import ockam.routing.spi.Router;

/** INTERNAL API. The only way from a {@link Node} to its inside, for the modules of this project. */
@InternalApi
public final class NodeAccess {
    private NodeAccess() {}

    /** The router under a node. */
    public static Router router(Node node) {
        return node.router();
    }

    /** A flow that docks at a node. A port is made for each time that it is run. */
    public static <I, O> Flow<I, O, StreamHandle> stream(Node node, Supplier<StreamPort<I, O>> ports) {
        return node.stream(ports);
    }
}
