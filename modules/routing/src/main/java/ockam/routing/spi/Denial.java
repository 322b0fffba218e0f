// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import java.util.Optional;
import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.Onward;
import ockam.routing.Peer;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message that an access control denied: says why, for the log.
 *
 * @param onward what an outgoing control is asked with; null if the control is an incoming one
 */
record Denial(
        AccessControl control,
        Address source,
        Address destination,
        LocalMessage message,
        @Nullable Onward onward) implements Supplier<String> {

    /** The address whose control it was, of a message that is dropped at this one: strangers choose where a message was to go. */
    Address guarded(Address dropped) {
        return onward == null ? dropped : source;
    }

    /** From whom the message came, or to whom it was going; each gets a log line of its own, so that one does not hide another. */
    Optional<Identifier> peer() {
        Optional<Peer> from = Peer.of(message);
        return (onward == null ? from : onward.peer(message.onwardRoute()).or(() -> from)).map(Peer::identifier);
    }

    /** A clause that begins with a semicolon, or nothing. */
    @Override
    public String get() {
        try {
            if (onward == null) {
                return control.denial(source, destination, message);
            }
            String why = control.denialOut(source, destination, message, onward);
            return why.isEmpty() ? why : "; sent by " + NodeLog.text(source) + why;
        } catch (Throwable e) {
            UserCode.rethrowIfFatal(e);
            return ""; // whoever wrote the control has heard of it when it was asked, or else no more than a clause is
            // missing
        }
    }
}
