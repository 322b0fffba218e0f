// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.wire.Address;
import ockam.wire.LocalMessage;

/**
 * INTERNAL API. One address of this node: who lives there, what may come in and go out, what the node knows of it.
 *
 * <p>An endpoint stays usable as a sender after its address was given up, so that a worker can answer what it still has in its queue.
 */
@InternalApi
public final class Endpoint {
    private static final AccessControl ALLOW_ALL = AccessControl.allowAll();

    private final Address address;
    private final AccessControl incoming;
    private final AccessControl outgoing;
    private final Metadata metadata;
    private final Registration occupant;

    Endpoint(EndpointSpec spec, Registration occupant) {
        this.address = spec.address();
        this.incoming = spec.incoming();
        this.outgoing = spec.outgoing();
        this.metadata = spec.metadata();
        this.occupant = occupant;
    }

    /** The address. */
    public Address address() {
        return address;
    }

    /** The actor behind this endpoint handles no more messages; to be called when it stops. */
    public void close() {
        occupant.close();
    }

    /** The node. */
    public Router router() {
        return occupant.router();
    }

    Metadata metadata() {
        return metadata;
    }

    /** Who lives here. */
    public Registration occupant() {
        return occupant;
    }

    boolean letsOut(Address destination, LocalMessage message) {
        return outgoing == ALLOW_ALL || asks(outgoing, address, destination, message);
    }

    boolean letsIn(Address source, LocalMessage message) {
        return incoming == ALLOW_ALL || asks(incoming, source, address, message);
    }

    /** A control that throws denies: a bug in a user's rule must not open an address. */
    private boolean asks(AccessControl control, Address source, Address destination, LocalMessage message) {
        try {
            return control.allows(source, destination, message);
        } catch (RuntimeException e) {
            router().userCodeFailed("access control", address, e);
            return false;
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
