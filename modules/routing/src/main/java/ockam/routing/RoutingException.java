// SPDX-License-Identifier: Apache-2.0

package ockam.routing;

/**
 * A call on a node, or a stream over it, that failed. The text is safe to show and to log.
 *
 * <p>The stages that a node returns fail with this exception itself. Stages derived from them by {@code thenApply} and the like fail, as
 * always in Java, with a {@code CompletionException} around it.
 */
public final class RoutingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a call failed, when the reason is not a {@link DropReason}. */
    public enum Reason implements FailureReason {
        /** The address is already taken. */
        ADDRESS_IN_USE,
        /** The actor system already has a node with this name. */
        NODE_NAME_IN_USE,
        /** No message came in time, or a stream did not start or end in time. */
        TIMED_OUT,
        /** More calls of {@code receive} are waiting than the mailbox allows. */
        TOO_MANY_RECEIVES,
        /** The mailbox was closed. */
        MAILBOX_CLOSED
    }

    private final transient FailureReason reason;

    /** Creates an exception with a reason and a text. */
    public RoutingException(FailureReason reason, String text) {
        super(reason.name() + ": " + text);
        this.reason = reason;
    }

    /** Why it failed: a {@link Reason}, or the {@link DropReason} of a message that could not be sent or received. */
    public FailureReason reason() {
        return reason;
    }
}
