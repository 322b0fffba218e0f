// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.wire.Address;
import ockam.wire.LocalMessage;

/**
 * INTERNAL API. One address of this node and the registration that it belongs to: what is delivered there, and what is sent from there.
 *
 * <p>An endpoint stays usable as a sender after its address was given up, so that a worker can answer what it still has in its queue.
 */
@InternalApi
public final class Endpoint {
    private static final AccessControl ALLOW_ALL = AccessControl.allowAll();

    private final EndpointSpec spec;
    private final Registration registration;

    Endpoint(EndpointSpec spec, Registration registration) {
        this.spec = spec;
        this.registration = registration;
    }

    /** The address. */
    public Address address() {
        return spec.address();
    }

    /** The hold on this address. */
    public Registration registration() {
        return registration;
    }

    /** The node's router. */
    public Router router() {
        return registration.router();
    }

    Metadata metadata() {
        return spec.metadata();
    }

    boolean letsOut(Address destination, LocalMessage message) {
        return spec.outgoing() == ALLOW_ALL || asks(spec.outgoing(), address(), destination, message);
    }

    boolean letsIn(Address source, LocalMessage message) {
        return spec.incoming() == ALLOW_ALL || asks(spec.incoming(), source, address(), message);
    }

    /** A control that throws denies: a bug in a user's rule must not open an address. */
    private boolean asks(AccessControl control, Address source, Address destination, LocalMessage message) {
        try {
            return control.allows(source, destination, message);
        } catch (RuntimeException e) {
            router().userCodeFailed("access control", address(), e);
            return false;
        }
    }

    @Override
    public String toString() {
        return address().toString();
    }
}
