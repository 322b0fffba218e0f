// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/** Why a message went no further: the reasons that can apply to any message. */
public enum RoutingDropReason implements DropReason {
    /** The next address of the onward route is not held on this node. */
    NO_SUCH_ADDRESS,
    /** The onward route was empty. */
    INCOMPLETE_ROUTE,
    /** The onward or return route has, or would get, more addresses than the node allows. */
    ROUTE_TOO_LONG,
    /** The message is larger than its route can carry. */
    TOO_LARGE,
    /** The node is stopping or has stopped. */
    NODE_STOPPED,
    /** As much is under way as the node allows. */
    NO_ROOM,
    /** The message was kept for later and then forgotten. */
    FORGOTTEN,
    /** The outgoing access control of the sending address denied it. */
    OUTGOING_DENIED,
    /** The incoming access control of the receiving address denied it. */
    INCOMING_DENIED;

    @Override
    public boolean breaksRoute() {
        return switch (this) {
            case NO_SUCH_ADDRESS, INCOMPLETE_ROUTE, ROUTE_TOO_LONG, NODE_STOPPED -> true;
            case TOO_LARGE, NO_ROOM, FORGOTTEN, OUTGOING_DENIED, INCOMING_DENIED -> false;
        };
    }
}
