// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import ockam.routing.Addressed;
import ockam.routing.SendResult;
import ockam.routing.spi.Endpoint;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/** A worker that lives on a node: its address, and methods to send from there. It does not keep the worker alive. */
public sealed class Worker implements Addressed permits WorkerRef {
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
     * Sends a message with the worker's first address as return route. Delivery is at most once. Throws the codec's exception if it cannot
     * encode the body; then nothing is sent.
     *
     * @return whether the message is on its way
     */
    public <T> SendResult send(Route route, Codec<T> codec, T body) {
        return endpoint.send(LocalMessage.of(route, Route.of(address()), codec.encode(body)));
    }

    /** Sends an existing message as it is; only its local info is dropped, because only the node can vouch for that. */
    public SendResult send(LocalMessage message) {
        return endpoint.send(message.withoutLocalInfo());
    }

    @Override
    public String toString() {
        return "Worker(" + address() + ")";
    }
}
