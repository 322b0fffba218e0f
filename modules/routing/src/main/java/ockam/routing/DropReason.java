// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/** Why a message went no further. */
public enum DropReason {
    /** The next address of the onward route is held by nobody on this node. */
    NO_SUCH_ADDRESS,
    /** The onward route was empty. */
    INCOMPLETE_ROUTE,
    /** The onward or return route has, or would get, more addresses than the node allows. */
    ROUTE_TOO_LONG,
    /** The node is stopping or has stopped. */
    NODE_STOPPED,
    /** As much is under way as the node allows. */
    NO_ROOM,
    /** A worker kept the message for later and then forgot it. */
    FORGOTTEN,
    /** The outgoing access control of the sending address said no. */
    OUTGOING_DENIED,
    /** The incoming access control of the receiving address said no. */
    INCOMING_DENIED,
    /** The payload is not what the codec of the worker expects. */
    UNDECODABLE,
    /** The mailbox was full, or more came than a worker keeps while it waits to start anew. */
    MAILBOX_FULL,
    /** A secure channel's handshake worker could not use the message. */
    HANDSHAKE_MESSAGE_REFUSED,
    /** More frames came before the last message of a handshake than are kept until then. */
    TOO_MANY_EARLY_FRAMES,
    /** A listener was asked for more handshakes at once than it allows. */
    TOO_MANY_HANDSHAKES,
    /** A frame was too short, a replay, out of the window, or not authentic. */
    FRAME_REFUSED,
    /** A frame was authentic, but what it carries is not a message of the protocol. */
    FRAME_CONTENT_UNKNOWN,
    /** A secure channel was asked to send while it closes. */
    CHANNEL_CLOSED;

    /** Whether the next message on the same route would come to nothing, too. */
    public boolean breaksRoute() {
        return switch (this) {
            case NO_SUCH_ADDRESS, INCOMPLETE_ROUTE, ROUTE_TOO_LONG, NODE_STOPPED, CHANNEL_CLOSED -> true;
            case NO_ROOM,
                    FORGOTTEN,
                    OUTGOING_DENIED,
                    INCOMING_DENIED,
                    UNDECODABLE,
                    MAILBOX_FULL,
                    HANDSHAKE_MESSAGE_REFUSED,
                    TOO_MANY_EARLY_FRAMES,
                    TOO_MANY_HANDSHAKES,
                    FRAME_REFUSED,
                    FRAME_CONTENT_UNKNOWN -> false;
        };
    }
}
