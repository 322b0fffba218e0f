// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import ockam.routing.DropReason;

/** Why a relay service did not answer a registration. */
public enum RelayDropReason implements DropReason {
    /** The service's policy does not allow it. */
    REGISTRATION_REFUSED,
    /** The name cannot be that of a local address. */
    INVALID_NAME,
    /** Something that is no relay of the service lives at the address of that name. */
    NAME_NOT_FREE,
    /** The service, or this holder, has as many relays as it may have. */
    TOO_MANY_RELAYS;

    @Override
    public boolean breaksRoute() {
        return false;
    }
}
