// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import org.jspecify.annotations.Nullable;

/** Why a connection or a listener could not be made, or why a connection failed. */
public final class TcpException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What was wrong. */
    public enum Reason {
        /** The text is no address to connect to or to listen at (routing, section 3.9). */
        INVALID_ADDRESS,
        /** There is nobody at the address, or no way to it, or it took too long. */
        CONNECT_FAILED,
        /** The address to listen at is taken, or is not one of this machine. */
        BIND_FAILED,
        /** The other side does not begin with the version of this protocol (routing, section 3.1). */
        UNSUPPORTED_VERSION,
        /** The other side announced a message of no bytes, or of more than 16 MiB (routing, section 3.2). */
        INVALID_LENGTH,
        /** The other side sent a message that is none (routing, section 3.3). */
        UNDECODABLE,
        /** The other side did not finish what it began, or did not begin at all, within {@code ockam.tcp.silence-timeout}. */
        SILENT,
        /** The unfinished messages of all connections took too much memory, and this connection had the largest. */
        UNFINISHED_TOO_LARGE,
        /** A route leads through more than one address of a transport (routing, section 1.7). */
        TOO_MANY_TRANSPORT_HOPS,
        /** A route leads through a transport that this one is not (routing, section 1.7). */
        OTHER_TRANSPORT
    }

    private final Reason reason;

    TcpException(Reason reason, String text) {
        this(reason, text, null);
    }

    TcpException(Reason reason, String text, @Nullable Throwable cause) {
        super(reason + ": " + text, cause);
        this.reason = reason;
    }

    /** What was wrong. */
    public Reason reason() {
        return reason;
    }
}
