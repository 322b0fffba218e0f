// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/**
 * A call on a node that could not be done. The text is safe to show and to log.
 *
 * <p>The stages that a node returns fail with this exception itself. What is derived from them by {@code thenApply} and the like fails, as
 * always in Java, with a {@code CompletionException} round it.
 */
public final class RoutingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Reason {
        /** The address is held by nobody on this node. */
        NO_SUCH_ADDRESS,
        /** The address is held by another worker. */
        ADDRESS_IN_USE,
        /** The onward route was empty. */
        INCOMPLETE_ROUTE,
        /** The onward route has more addresses than the node allows. */
        ROUTE_TOO_LONG,
        /** The node is stopping or has stopped. */
        NODE_STOPPED,
        /** As much is under way as the node allows. */
        NO_ROOM,
        /** A node of this name exists in this actor system. */
        NODE_NAME_IN_USE,
        /** No message came in time. */
        TIMED_OUT,
        /** The message that came is not what the codec expects. */
        UNDECODABLE,
        /** More calls of receive wait than the mailbox allows. */
        TOO_MANY_RECEIVES,
        /** The mailbox was closed. */
        MAILBOX_CLOSED
    }

    private final Reason reason;

    /** An exception with a reason and a text. */
    public RoutingException(Reason reason, String text) {
        super(reason + ": " + text);
        this.reason = reason;
    }

    /** What was wrong. */
    public Reason reason() {
        return reason;
    }
}
