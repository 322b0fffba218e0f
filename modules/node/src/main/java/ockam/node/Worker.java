// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import ockam.routing.Addressed;
import ockam.routing.SendResult;
import ockam.routing.spi.Endpoint;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/** A worker that lives on a node: where it is, and a way to send as it. A value; it does not keep the worker alive. */
public final class Worker implements Addressed {
    private final Endpoint endpoint;

    Worker(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** The first address. */
    @Override
    public Address address() {
        return endpoint.address();
    }

    /**
     * Sends a message with the worker's first address as return route. Delivery is at most once.
     *
     * @return whether the message is on its way; what the codec throws for a body that it does not encode is thrown, and nothing is sent
     */
    public <T> SendResult send(Route route, Codec<T> codec, T body) {
        return endpoint.send(LocalMessage.of(route, Route.of(address()), codec.encode(body)));
    }

    /** Sends an existing message as it is; only its local info is dropped, since nobody but the node vouches for that. */
    public SendResult send(LocalMessage message) {
        return endpoint.send(message.withoutLocalInfo());
    }

    @Override
    public String toString() {
        return "Worker(" + address() + ")";
    }
}
