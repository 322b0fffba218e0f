// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.Optional;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * A secure channel could not be established: at which step, and for which reason. The text is safe to show and to log; the peer learns
 * nothing of it, because the protocol has no message for that (secure channel, section 3.4). A peer for whom the channel is open already is
 * told to close it.
 */
public final class HandshakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was being done. */
    public enum Step {
        /** Preparing this side's keys. */
        PREPARE,
        /** Sending or accepting the first message. */
        MESSAGE_1,
        /** Sending, or waiting for, reading and verifying the second message. */
        MESSAGE_2,
        /** Sending, or waiting for, reading and verifying the third message. */
        MESSAGE_3,
        /** Opening the channel after the handshake, and setting it up. */
        OPEN
    }

    /** What went wrong, when the reason is not a {@link DropReason}. */
    public enum Reason implements FailureReason {
        /** This side's identity has no key, or none could be attested. */
        OWN_KEY_UNAVAILABLE,
        /** This side is to present a credential, and its retriever has none now; see the cause. */
        CREDENTIAL_UNAVAILABLE,
        /** The message did not arrive in time. */
        TIMED_OUT,
        /** The connection, or the outer channel, by which the route leaves this node has ended. */
        ROUTE_LOST,
        /** The message is authentic, but what it carries is not an identity. */
        PAYLOAD_MALFORMED,
        /** The peer's change history does not verify. */
        IDENTITY_INVALID,
        /** The peer's change history is longer than this side accepts from a peer that it has not named, or from anyone. */
        IDENTITY_TOO_LONG,
        /** The peer's change history is older than the one known here, or contradicts it. */
        IDENTITY_CONFLICT,
        /** The attestation of the peer's key does not verify. */
        ATTESTATION_INVALID,
        /** The attested key is not the one that the handshake proved. */
        KEY_MISMATCH,
        /** The trust policy rejected the peer. */
        POLICY_REFUSED,
        /** This side's change history does not fit into a handshake message. */
        MESSAGE_TOO_LONG,
        /** The peer's ephemeral key yields no secret. */
        WEAK_KEY,
        /** The listener needed the place for a newer handshake. */
        GAVE_WAY,
        /** The listener, or the peer at it, has as many open channels as it may. */
        TOO_MANY_CHANNELS,
        /** The actor that the channel was for has stopped. */
        OWNER_STOPPED,
        /** The application's code that sets the channel up failed or took too long; see the cause. */
        SETUP_FAILED,
        /** The channel, its node or its actor system was stopped, or the caller has given up. */
        STOPPED,
        /** Something failed that should not have; see the cause. */
        INTERNAL
    }

    private final Step step;
    private final transient FailureReason reason;
    private final transient @Nullable Identifier refused;

    HandshakeException(Step step, FailureReason reason) {
        this(step, reason, null);
    }

    HandshakeException(Step step, FailureReason reason, @Nullable Throwable cause) {
        this(step, reason, cause == null ? null : cause.getMessage(), null, cause);
    }

    private HandshakeException(
            Step step,
            FailureReason reason,
            @Nullable String detail,
            @Nullable Identifier refused,
            @Nullable Throwable cause) {
        super(step + ": " + reason.name() + (detail == null ? "" : " (" + detail + ")"), cause);
        this.step = step;
        this.reason = reason;
        this.refused = refused;
    }

    /** Returns the failure for a peer that the policy refuses, and that has proved who it is or only claims it. */
    static HandshakeException policyRefused(Step step, Identifier peer, boolean proved) {
        String whom = (proved ? "the peer is " : "the peer only claimed to be ") + peer;
        return new HandshakeException(step, Reason.POLICY_REFUSED, whom, peer, null);
    }

    /** Returns the failure of a message that could not be sent; the text says more than its reason. */
    static HandshakeException notSent(Step step, DropReason reason, String detail) {
        return new HandshakeException(step, reason, detail, null, null);
    }

    /** Returns the failure of a step that took too long. */
    static HandshakeException timedOut(Step step, String detail) {
        return new HandshakeException(step, Reason.TIMED_OUT, detail, null, null);
    }

    /** Who the policy has refused, if it has. */
    Optional<Identifier> refused() {
        return Optional.ofNullable(refused);
    }

    /** What was being done. */
    public Step step() {
        return step;
    }

    /** What went wrong: a {@link Reason}, or the {@link DropReason} of a handshake message that could not be sent. */
    public FailureReason reason() {
        return reason;
    }
}
