// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import ockam.node.Connection;
import ockam.wire.Route;

/** A way by a connection of its own each time. Thread safe. */
final class ConnectedWay implements RelayWay {
    private final Supplier<CompletionStage<Connection>> connect;
    private final Map<Route, Connection> used = new ConcurrentHashMap<>();

    ConnectedWay(Supplier<CompletionStage<Connection>> connect) {
        this.connect = connect;
    }

    @Override
    public CompletionStage<Route> connect() {
        return connect.get().thenApply(connection -> {
            Route route = Route.of(connection.address());
            used.put(route, connection);
            return route;
        });
    }

    @Override
    public void abandon(Route route) {
        Connection connection = used.remove(route);
        if (connection != null) {
            var unused = connection.disconnect();
        }
    }
}
