// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import org.jspecify.annotations.Nullable;

/**
 * A secure channel that did not come about: at which step, and for which reason. The text is safe to show and to log; the peer learns
 * nothing of it, since the protocol has no message for that (secure channel, section 3.4).
 */
public final class HandshakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was being done. */
    public enum Step {
        /** Getting the own keys ready. */
        PREPARE,
        /** Sending or taking the first message. */
        MESSAGE_1,
        /** Sending or waiting for, reading and judging the second message. */
        MESSAGE_2,
        /** Sending or waiting for, reading and judging the third message. */
        MESSAGE_3,
        /** Opening the channel after the handshake. */
        OPEN
    }

    /** What went wrong. */
    public enum Reason {
        /** The own identity has no key, or none could be attested. */
        OWN_KEY_UNAVAILABLE,
        /** The first address of the route is held by nobody on this node. */
        NO_SUCH_ADDRESS,
        /** The route is empty or too long. */
        ROUTE_INVALID,
        /** As much is under way on the node as it allows. */
        NO_ROOM,
        /** The message did not come in time. */
        TIMED_OUT,
        /** The message is authentic, but what it carries is not an identity. */
        PAYLOAD_MALFORMED,
        /** The peer's change history does not verify. */
        IDENTITY_INVALID,
        /** The peer's change history is older than, or contradicts, the one that is known. */
        IDENTITY_CONFLICT,
        /** The attestation of the peer's key does not verify. */
        ATTESTATION_INVALID,
        /** The attested key is not the one that the handshake proved. */
        KEY_MISMATCH,
        /** The trust policy said no to the peer. */
        POLICY_REFUSED,
        /** The own history and credentials do not fit into a handshake message. */
        MESSAGE_TOO_LONG,
        /** The peer's ephemeral key gives no secret. */
        WEAK_KEY,
        /** The listener needed the place for a newer handshake. */
        GAVE_WAY,
        /** The channel, its listener or its node was stopped. */
        STOPPED,
        /** Something failed that should not; the cause says what. */
        INTERNAL
    }

    private final Step step;
    private final Reason reason;

    HandshakeException(Step step, Reason reason) {
        this(step, reason, null);
    }

    HandshakeException(Step step, Reason reason, @Nullable Throwable cause) {
        super(step + ": " + reason + (cause == null ? "" : " (" + cause.getMessage() + ")"), cause);
        this.step = step;
        this.reason = reason;
    }

    /** What was being done. */
    public Step step() {
        return step;
    }

    /** What went wrong. */
    public Reason reason() {
        return reason;
    }
}
