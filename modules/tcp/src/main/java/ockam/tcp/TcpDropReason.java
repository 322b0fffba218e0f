// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import ockam.routing.DropReason;

/** Why a message that should have left by TCP was dropped. The next one on the same route may be accepted. */
public enum TcpDropReason implements DropReason {
    /** A {@link ReconnectingConnection} could not connect, or had to hold too much meanwhile, or its connection ended before the message was written. */
    NOT_CONNECTED;

    @Override
    public boolean breaksRoute() {
        return false;
    }
}
