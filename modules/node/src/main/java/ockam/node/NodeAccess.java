// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import ockam.routing.spi.Router;

/** INTERNAL API. The only way from a {@link Node} to its inside, for the modules of this project. */
@InternalApi
public final class NodeAccess {
    private NodeAccess() {}

    /** The router under a node. */
    public static Router router(Node node) {
        return node.router();
    }
}
