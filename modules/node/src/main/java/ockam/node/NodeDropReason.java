// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import ockam.routing.DropReason;

/** Why a message that reached a worker, a mailbox or a stream was dropped there. The next one on the same route may be accepted. */
public enum NodeDropReason implements DropReason {
    /** The payload is not what the codec expects. */
    UNDECODABLE,
    /** The mailbox was full, or a worker that waits to be restarted keeps no more. */
    MAILBOX_FULL,
    /**
     * It came in by a connection, and where it goes nothing has been taken for {@code ockam.connection.stall-timeout}, or, by another
     * connection, for {@code outward-stall-timeout}.
     */
    STALLED;

    @Override
    public boolean breaksRoute() {
        return false;
    }
}
