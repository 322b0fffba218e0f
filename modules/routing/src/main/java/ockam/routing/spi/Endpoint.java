// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.lang.ref.Cleaner;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. One address of a node, as its holder has it: messages arrive there, and are sent from there. The messages that a holder
 * makes from one that has arrived are sent by way of the {@link Delivery}, so that its permit goes on.
 *
 * <p>An endpoint stays usable as a sender after its address was given up, so that a worker can answer what it still has in its queue. Thread
 * safe. Sending takes no lock.
 */
@InternalApi
public final class Endpoint {
    /** What an endpoint needs of its node. */
    interface Host {
        /** Delivers a message to the next address of its route; the reason if it is not accepted. The permit is then still the caller's. */
        @Nullable
        DropReason dispatch(Endpoint from, LocalMessage message, @Nullable Permit permit);

        /** The permit of a message that is sent plainly, if there is room. */
        @Nullable
        Permit admit(LocalMessage message);

        Drops drops();

        void userCodeFailed(String what, Address address, Throwable failure);

        Cleaner cleaner();
    }

    private static final AccessControl ALLOW_ALL = AccessControl.allowAll();

    private final EndpointSpec spec;
    private final Host host;
    private final Holding holding;

    Endpoint(EndpointSpec spec, Host host, Holding holding) {
        this.spec = spec;
        this.host = host;
        this.holding = holding;
    }

    /** The address. */
    public Address address() {
        return spec.address();
    }

    Metadata metadata() {
        return spec.metadata();
    }

    Holding holding() {
        return holding;
    }

    /** Nothing that is delivered to the holder's addresses is handled any more; to be called by an actor that is about to end. */
    public void close() {
        holding.close();
    }

    // ---- what is sent from here ----

    /**
     * Sends a message within the window that all plain sends of the node share. The result tells what the sender may know; a denial looks
     * like success (routing, section 5.2).
     */
    public SendResult send(LocalMessage message) {
        Permit permit = host.admit(message);
        return permit == null ? SendResult.refused(RoutingDropReason.NO_ROOM) : send(message, permit);
    }

    /** The same with the permit of a window that has let the message in; a refused message is one that the window has lost. */
    public SendResult send(LocalMessage message, Permit permit) {
        return sendHolding(message, permit);
    }

    /** Sends a message that must get through however much is under way, such as a Close. What cannot be sent is dropped and counted. */
    public void sendOrDrop(LocalMessage message) {
        sendOrDrop(message, null);
    }

    SendResult sendHolding(LocalMessage message, @Nullable Permit permit) {
        DropReason refusal = host.dispatch(this, message, permit);
        if (refusal == null) {
            return SendResult.accepted();
        }
        if (permit != null) {
            permit.release(refusal);
        }
        return SendResult.refused(refusal);
    }

    void sendOrDrop(LocalMessage message, @Nullable Permit permit) {
        DropReason refusal = host.dispatch(this, message, permit);
        if (refusal != null) {
            dropped(message, refusal);
            if (permit != null) {
                permit.release(refusal);
            }
        }
    }

    /** A send of its own, for one who is not told what became of it. */
    void sendPlainlyOrDrop(LocalMessage message) {
        Permit permit = host.admit(message);
        if (permit == null) {
            dropped(RoutingDropReason.NO_ROOM);
        } else {
            sendOrDrop(message, permit);
        }
    }

    /** Counts and publishes a message that was to be sent from here and was refused. */
    public void dropped(LocalMessage message, DropReason reason) {
        boolean nobodyThere = reason == RoutingDropReason.NO_SUCH_ADDRESS;
        host.drops().dropped(reason, nobodyThere ? message.onwardRoute().next() : address());
    }

    /** Counts and publishes a message that came to nothing here. */
    public void dropped(DropReason reason) {
        host.drops().dropped(reason, address());
    }

    // ---- the application's code ----

    boolean letsOut(Address destination, LocalMessage message) {
        return spec.outgoing() == ALLOW_ALL || asks(spec.outgoing(), address(), destination, message);
    }

    boolean letsIn(Address source, LocalMessage message) {
        return spec.incoming() == ALLOW_ALL || asks(spec.incoming(), source, address(), message);
    }

    /** A control that throws denies: a bug in a user's rule must not open an address. */
    private boolean asks(AccessControl control, Address source, Address destination, LocalMessage message) {
        try {
            return control.allows(source, destination, message);
        } catch (RuntimeException e) {
            userCodeFailed("access control", e);
            return false;
        }
    }

    /** Something of the application's threw here, which refuses the message. */
    public void userCodeFailed(String what, Throwable failure) {
        host.userCodeFailed(what, address(), failure);
    }

    /** Notices messages that nobody can answer any more. */
    public Cleaner cleaner() {
        return host.cleaner();
    }

    @Override
    public String toString() {
        return address().toString();
    }
}
