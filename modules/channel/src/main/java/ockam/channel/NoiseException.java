// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** A handshake message that was refused. The handshake it was meant for is unchanged. */
final class NoiseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why it was refused. */
    enum Reason {
        /** Shorter than the keys and tags that it must hold. */
        TOO_SHORT,
        /** More than 65,535 bytes. */
        TOO_LONG,
        /** A tag does not verify. */
        NOT_AUTHENTIC,
        /** The handshake was given up in the meantime. */
        DESTROYED
    }

    private final Reason reason;

    NoiseException(Reason reason) {
        // No stack trace: a peer can cause as many of these as it likes.
        super(reason.toString(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
