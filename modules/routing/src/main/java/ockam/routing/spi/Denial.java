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
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * A message that an access control denied: says why, for the log.
 *
 * @param sends what leaves from the address whose control it is
 * @param onward what an outgoing control is asked with; null if the control is an incoming one
 */
record Denial(
        AccessControl control,
        Form sends,
        Address source,
        Address destination,
        LocalMessage message,
        @Nullable Onward onward)
        implements Supplier<String> {

    /**
     * What was guarded when a message was dropped at this address: the address whose control it was, since strangers choose where a message
     * was to go. Strangers open channels, too, and each has addresses of its own; what these may send is guarded by one control for all the
     * channels of a listener.
     */
    Object guarded(Address dropped) {
        if (onward == null) {
            return dropped;
        }
        return sends == Form.MESSAGE ? source : new ControlOfChannels(control);
    }

    /** A control as itself, whatever it is equal to. */
    private record ControlOfChannels(AccessControl control) {
        @Override
        public boolean equals(Object other) {
            return other instanceof ControlOfChannels that && control == that.control;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(control);
        }
    }

    /** Flow control refuses what strangers send from as many connections and channels as they like. */
    boolean isByFlowControl() {
        return onward != null && FlowControls.isFlowControl(control);
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
            Failures.rethrowIfFatal(e);
            return ""; // whoever wrote the control has heard of it when it was asked, or else no more than a clause is
            // missing
        }
    }
}
