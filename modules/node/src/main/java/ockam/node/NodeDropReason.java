// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import ockam.routing.DropReason;

/** Why a message that reached a worker, a mailbox or a stream was of no use there. The next one on the same route may be. */
public enum NodeDropReason implements DropReason {
    /** The payload is not what the codec expects. */
    UNDECODABLE,
    /** The mailbox was full, or more came than a worker keeps while it waits to start anew. */
    MAILBOX_FULL;

    @Override
    public boolean breaksRoute() {
        return false;
    }
}
