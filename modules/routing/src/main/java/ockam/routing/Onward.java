// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

import java.util.Optional;
import ockam.wire.Route;

/** Knows where routes lead to from a node: what an outgoing {@link AccessControl} may ask. Thread safe; takes no lock and does not block. */
@FunctionalInterface
public interface Onward {
    /**
     * Returns the verified peer at the other end of the secure channel by which a message with this onward route leaves the node: that of
     * the first terminal address of the route, from the front (authority, section 8.4). Empty if there is no such address, if it is no
     * end of a channel, such as that of a connection, or if anything but hops is in front of it: a worker or a relay there, or nobody at the
     * moment, and the message goes elsewhere.
     *
     * <p>It comes with what authorities say about it now, as far as the channel accepts them.
     */
    Optional<Peer> peer(Route onwardRoute);
}
