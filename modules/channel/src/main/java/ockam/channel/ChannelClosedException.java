// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** A stream over a secure channel could not continue, because the channel was closed. */
public final class ChannelClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final CloseReason reason;

    ChannelClosedException(CloseReason reason) {
        super("the secure channel was closed: " + reason);
        this.reason = reason;
    }

    /** Why the channel was closed. */
    public CloseReason reason() {
        return reason;
    }
}
