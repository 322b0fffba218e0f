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

    /** What was wrong with a call, when it was not what became of a message. */
    public enum Reason implements FailureReason {
        /** The address is held by another worker. */
        ADDRESS_IN_USE,
        /** A node of this name exists in this actor system. */
        NODE_NAME_IN_USE,
        /** No message came in time, or a stream did not start or end in time. */
        TIMED_OUT,
        /** More calls of receive wait than the mailbox allows. */
        TOO_MANY_RECEIVES,
        /** The mailbox was closed. */
        MAILBOX_CLOSED
    }

    private final transient FailureReason reason;

    /** An exception with a reason and a text. */
    public RoutingException(FailureReason reason, String text) {
        super(reason.name() + ": " + text);
        this.reason = reason;
    }

    /** What was wrong: a {@link Reason}, or the {@link DropReason} of the message that was to be sent or received. */
    public FailureReason reason() {
        return reason;
    }
}
