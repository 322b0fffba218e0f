// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.Optional;
import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;

/** A message that an access control denied: says why, for the log. */
record Denial(AccessControl control, Address source, Address destination, LocalMessage message)
        implements Supplier<String> {

    /** Whose message it was, if it has a peer; each gets a log line of its own, so that one does not hide another. */
    Optional<Identifier> peer() {
        return Peer.of(message).map(Peer::identifier);
    }

    /** A clause that begins with a semicolon, or nothing. */
    @Override
    public String get() {
        try {
            return control.denial(source, destination, message);
        } catch (Throwable e) {
            UserCode.rethrowIfFatal(e);
            return ""; // whoever wrote the control has heard of it when it was asked, or else no more than a clause is
            // missing
        }
    }
}
