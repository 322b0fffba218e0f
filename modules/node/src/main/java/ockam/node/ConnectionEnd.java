// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.util.Optional;

/**
 * Why a {@link Connection} ended.
 *
 * @param reason what happened
 * @param failure what the transport says about it, if it does
 */
public record ConnectionEnd(Reason reason, Optional<Throwable> failure) {
    /** What happened. */
    public enum Reason {
        /** This side disconnected, or stopped its address. */
        DISCONNECTED,
        /** The node stopped. */
        NODE_STOPPED,
        /** The other side ended the connection, or there is nobody at the other side any more. */
        CLOSED_BY_PEER,
        /** Too much of what came in was waiting where nothing was taken (see {@code ockam.connection.max-detached-bytes}). */
        STALLED,
        /** The transport failed, or the other side broke its rules; the failure says how. */
        FAILED
    }

    static ConnectionEnd of(Reason reason) {
        return new ConnectionEnd(reason, Optional.empty());
    }

    static ConnectionEnd failed(Throwable failure) {
        return new ConnectionEnd(Reason.FAILED, Optional.of(failure));
    }

    /** The reason, and what the transport says. */
    @Override
    public String toString() {
        return reason + failure.map(e -> ": " + e.getMessage()).orElse("");
    }
}
