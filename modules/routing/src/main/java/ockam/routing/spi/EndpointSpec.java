// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.wire.Address;

/**
 * INTERNAL API. The description of an address to be registered.
 *
 * @param address must be free
 * @param incoming what may arrive
 * @param outgoing what may be sent from here
 * @param metadata what the node should know about it
 */
@InternalApi
public record EndpointSpec(Address address, AccessControl incoming, AccessControl outgoing, Metadata metadata) {
    /** An address without rules. */
    public static EndpointSpec open(Address address) {
        return new EndpointSpec(address, AccessControl.allowAll(), AccessControl.allowAll(), Metadata.none());
    }
}
