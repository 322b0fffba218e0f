// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/**
 * What became of a message that was handed to the node.
 *
 * <p>{@link #ACCEPTED} promises no delivery: a message may still be denied by access control, which the sender is not told
 * (routing, section 5.2), or be lost further along its route.
 */
public enum SendResult {
    /** The message is on its way. */
    ACCEPTED,
    /** The first address of the route is held by nobody on this node. */
    NO_SUCH_ADDRESS,
    /** The route was empty. */
    INCOMPLETE_ROUTE,
    /** The route has more addresses than the node allows. */
    ROUTE_TOO_LONG,
    /** The node is stopping or has stopped. */
    NODE_STOPPED,
    /** As much is under way as {@code ockam.node.send-window} or {@code max-bytes-under-way} allow. */
    NO_ROOM;

    /** Whether the message is on its way. */
    public boolean isAccepted() {
        return this == ACCEPTED;
    }
}
