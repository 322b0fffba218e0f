// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

/** A secure channel was closed, and so a stream over it could not continue, or a call had nothing to act on. */
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
