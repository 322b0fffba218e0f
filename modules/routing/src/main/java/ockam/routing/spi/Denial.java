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

    /**
     * Who gets a log line of its own at an address, so that one peer does not hide another.
     *
     * @param peer from whom the message came, or to whom it was going; null if there is nobody
     * @param sender whose outgoing control it was; null if it was an incoming one
     */
    record Party(@Nullable Identifier peer, @Nullable Address sender) {
        static final Party NONE = new Party(null, null);
    }

    Party party() {
        Optional<Peer> from = Peer.of(message);
        return onward == null
                ? new Party(identifier(from), null)
                : new Party(identifier(onward.peer(message.onwardRoute()).or(() -> from)), source);
    }

    private static @Nullable Identifier identifier(Optional<Peer> peer) {
        return peer.map(Peer::identifier).orElse(null);
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
