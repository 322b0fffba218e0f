// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.routing.Metadata;
import ockam.routing.Onward;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. One address of a node, as its holder sees it: messages arrive there and are sent from there. The messages that a holder
 * makes from one that has arrived are sent by way of the {@link Delivery}, so that they take over its permit.
 *
 * <p>An endpoint can still send after its address was given up, so that a worker can reply to what is still in its queue. Thread safe.
 * Sending takes no lock.
 */
@InternalApi
public final class Endpoint {
    /** What an endpoint needs from its node. */
    interface Host extends Onward {
        /**
         * Delivers a message to the next address of its route; returns the reason if it is not accepted. The permit is then still the
         * caller's.
         */
        @Nullable
        DropReason dispatch(Endpoint from, LocalMessage message, @Nullable Permit permit);

        /** Returns a permit for a plain send, if there is room. */
        @Nullable
        Permit admit(LocalMessage message);

        /** The permit of a message that must get through, whatever there is. */
        Permit admitAlways(LocalMessage message);

        /** Counts and publishes a message that went no further than this address; see {@link Drops}. */
        void dropped(DropReason reason, Address address, Supplier<String> detail);

        /** What may be said about an address at which nothing lives; empty, or a clause that begins with a semicolon. */
        String hint(Address missing);

        String explain(FailureReason reason, Route route);

        String along(Route route);

        void userCodeFailed(String what, Address address, Throwable failure);

        /** Does something when an object has become unreachable, unless the returned action is run before. */
        Runnable whenForgotten(Object object, Runnable action);

        /** Shows observers, if there are any, an event that is made with the name of the node. */
        void observed(Function<String, Observer.Event> event);

        /** Nobody, if there is no table of addresses. */
        @Override
        default Optional<Peer> peer(Route onwardRoute) {
            return Optional.empty();
        }
    }

    private static final AccessControl ALLOW_ALL = AccessControl.allowAll();

    private final EndpointSpec spec;
    private final Host host;
    private final Holding holding;
    /** Ready to be returned: outgoing controls ask for it with each message, and must allocate nothing. */
    private volatile Optional<Peer> peer = Optional.empty();

    Endpoint(EndpointSpec spec, Host host, Holding holding) {
        this.spec = spec;
        this.host = host;
        this.holding = holding;
    }

    /** The address. */
    public Address address() {
        return spec.address();
    }

    boolean isTooLarge(LocalMessage message) {
        return spec.isTooLarge(message);
    }

    Metadata metadata() {
        return spec.metadata();
    }

    Form sends() {
        return spec.sends();
    }

    boolean passesOn() {
        return spec.passesOn();
    }

    boolean awaitsAnswers() {
        return spec.awaitsAnswers();
    }

    /** The address is this node's end of a secure channel with this peer, of which authorities say this now. Outgoing controls go by it. */
    public void leadsTo(Peer verified) {
        peer = Optional.of(verified);
    }

    /** Whom the address leads to, if anybody has proved to be there. */
    Optional<Peer> peer() {
        return peer;
    }

    Holding holding() {
        return holding;
    }

    /** Declares that nothing delivered to the holder's addresses is handled any longer. An actor calls it when it is about to end. */
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

    /** The same with the permit of a window that has let the message in; if the message is refused, the window has lost it. */
    public SendResult send(LocalMessage message, Permit permit) {
        return sendHolding(message, permit);
    }

    /**
     * Sends a message that must get through regardless of how much is under way, such as a Close. If it cannot be sent, it is dropped and
     * counted.
     */
    public void sendOrDrop(LocalMessage message) {
        sendOrDrop(message, host.admitAlways(message));
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

    /** A plain send for a caller that is not told what became of it. */
    void sendPlainlyOrDrop(LocalMessage message) {
        Permit permit = host.admit(message);
        if (permit == null) {
            dropped(RoutingDropReason.NO_ROOM);
        } else {
            sendOrDrop(message, permit);
        }
    }

    /** A route, and by which connection it leaves this node, if that is known: for an exception. */
    public String along(Route route) {
        return host.along(route);
    }

    /** Why a message could not be sent along a route, in words: for an exception. */
    public String explain(FailureReason reason, Route route) {
        return host.explain(reason, route);
    }

    /** Counts and publishes a message that was to be sent from here and was refused. */
    public void dropped(LocalMessage message, DropReason reason) {
        if (reason == RoutingDropReason.NO_SUCH_ADDRESS) {
            Address missing = message.onwardRoute().next();
            host.dropped(reason, missing, () -> host.hint(missing));
        } else {
            dropped(reason);
        }
    }

    /** Counts and publishes a message that was dropped here. */
    public void dropped(DropReason reason) {
        dropped(reason, Drops.NO_DETAIL);
    }

    void dropped(DropReason reason, Supplier<String> detail) {
        // Its holder may end between the moment at which it is found and that at which the message is handed over.
        boolean isGone = reason == RoutingDropReason.NO_SUCH_ADDRESS && detail == Drops.NO_DETAIL;
        host.dropped(reason, address(), isGone ? () -> host.hint(address()) : detail);
    }

    // ---- the application's code ----

    boolean letsOut(Address destination, LocalMessage message) {
        if (spec.outgoing() == ALLOW_ALL) {
            return true;
        }
        try {
            return spec.outgoing().allowsOut(address(), destination, message, host);
        } catch (Throwable e) {
            return threw(e);
        }
    }

    boolean letsIn(Address source, LocalMessage message) {
        if (spec.incoming() == ALLOW_ALL) {
            return true;
        }
        try {
            return spec.incoming().allows(source, address(), message);
        } catch (Throwable e) {
            return threw(e);
        }
    }

    /** Why a message may not leave, for the log. */
    Denial notLetOut(Address destination, LocalMessage message) {
        return new Denial(spec.outgoing(), spec.sends(), address(), destination, message, host);
    }

    /** Why a message may not come in, for the log. */
    Denial notLetIn(Address source, LocalMessage message) {
        return new Denial(spec.incoming(), spec.sends(), source, address(), message, null);
    }

    /** A control that throws denies: a bug in a user's rule must not open an address. */
    private boolean threw(Throwable failure) {
        Failures.rethrowIfFatal(failure);
        userCodeFailed("access control", failure);
        return false;
    }

    /** Reports that the application's code threw an exception here; the message is refused. */
    public void userCodeFailed(String what, Throwable failure) {
        host.userCodeFailed(what, address(), failure);
    }

    /** Shows observers of the node, if there are any, an event that is made with its name. */
    public void observed(Function<String, Observer.Event> event) {
        host.observed(event);
    }

    Runnable whenForgotten(Object object, Runnable action) {
        return host.whenForgotten(object, action);
    }

    @Override
    public String toString() {
        return address().toString();
    }
}
