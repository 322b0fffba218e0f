// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/** A message that an access control denied: says why, for the log. */
record Denial(AccessControl control, Address source, Address destination, LocalMessage message)
        implements Supplier<String> {

    /** What gets a log line of its own: an address, and a peer if the message has one, so that one peer does not hide another. */
    record Pair(Address at, @Nullable Identifier peer) {}

    Pair pair(Address at) {
        return new Pair(at, Peer.of(message).map(Peer::identifier).orElse(null));
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
