// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import java.time.Instant;
import java.util.Optional;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.Route;

/**
 * A relay of a service, as it was at some moment.
 *
 * @param address where it lives, and what its node was told
 * @param route the way to the node that registered it
 * @param holder who that is, if the registration came through a channel
 * @param since when this holder registered it for the first time
 * @param goneSince since when the connection or channel to the node has been gone; empty while it is there
 */
public record RelayInfo(
        Address address, Route route, Optional<Identifier> holder, Instant since, Optional<Instant> goneSince) {
    /** Whether the connection or channel to the node has ended. */
    public boolean isGone() {
        return goneSince.isPresent();
    }
}
