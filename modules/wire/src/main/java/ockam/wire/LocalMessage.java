// SPDX-License-Identifier: Apache-2.0

package ockam.wire;

import akka.util.ByteString;
import java.util.List;

/**
 * A message inside a node (routing, section 1.1): its onward route, its return route, its payload, and information that workers added.
 *
 * <p>Immutable; changed copies share the payload and the tails of the routes, so a hop copies no bytes. Prints routes and the
 * length of the payload, never the payload itself.
 *
 * @param onwardRoute the addresses still to be visited; on delivery, the receiver's own address is the first
 * @param returnRoute the addresses for the reply, nearest first
 * @param payload the content, in the encoding that sender and receiver agreed on
 * @param localInfo information added by workers of this node; dropped at the border of the node
 */
public record LocalMessage(Route onwardRoute, Route returnRoute, ByteString payload, List<LocalInfo> localInfo) {

    /** Keeps a copy of the list. */
    public LocalMessage {
        localInfo = List.copyOf(localInfo);
    }

    /** Returns a message without local information. */
    public static LocalMessage of(Route onwardRoute, Route returnRoute, ByteString payload) {
        return new LocalMessage(onwardRoute, returnRoute, payload, List.of());
    }

    /**
     * What the message takes on the heap, in bytes: its payload, and its routes by the objects that they become, with a margin. An address of
     * three bytes on the wire becomes some hundred.
     */
    public int footprint() {
        return payload.size() + onwardRoute.footprint() + returnRoute.footprint();
    }

    /** The same message with another onward route. */
    public LocalMessage withOnwardRoute(Route route) {
        return new LocalMessage(route, returnRoute, payload, localInfo);
    }

    /** Returns the same message with a different return route. */
    public LocalMessage withReturnRoute(Route route) {
        return new LocalMessage(onwardRoute, route, payload, localInfo);
    }

    /** Returns the same message with different local information. */
    public LocalMessage withLocalInfo(List<LocalInfo> info) {
        return new LocalMessage(onwardRoute, returnRoute, payload, info);
    }

    /** Returns the same message without local information, as required for a message from another node. */
    public LocalMessage withoutLocalInfo() {
        return localInfo.isEmpty() ? this : withLocalInfo(List.of());
    }

    /** Returns the same message without the front of its onward route; throws {@code INCOMPLETE_ROUTE} when that is empty. */
    public LocalMessage step() {
        return withOnwardRoute(onwardRoute.step());
    }

    /** Returns the same message with an address added to the front of its return route. */
    public LocalMessage pushReturn(Address address) {
        return withReturnRoute(returnRoute.prepend(address));
    }

    @Override
    public String toString() {
        return "LocalMessage(onward=[" + onwardRoute + "], return=[" + returnRoute + "], " + payload.length() + " bytes"
                + (localInfo.isEmpty() ? ")" : ", " + localInfo + ")");
    }
}
