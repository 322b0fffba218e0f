// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.annotation.InternalApi;
import ockam.wire.Address;
import ockam.wire.LocalMessage;

/**
 * INTERNAL API. A message that access control let through, at the address where it arrives.
 *
 * @param at where it arrives
 * @param source the address that really sent it
 * @param message with the address of {@code at} still at the front of the onward route (routing, section 1.5)
 */
@InternalApi
public record Delivery(Endpoint at, Address source, LocalMessage message) {
    /** Shows routes and sizes, never the payload. */
    @Override
    public String toString() {
        return "Delivery(" + message + ")";
    }
}
