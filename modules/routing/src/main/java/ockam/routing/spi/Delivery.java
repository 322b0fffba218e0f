// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. A message that access control let through, at the address where it arrives, with its permit.
 *
 * <p>A delivery is settled exactly once, by whoever is first: its permit is given back, or goes on to a message made from it. Thread safe.
 */
@InternalApi
public final class Delivery implements NodeSignal, Holding.Deferred {
    private static final VarHandle SETTLED;

    static {
        try {
            SETTLED = MethodHandles.lookup().findVarHandle(Delivery.class, "settled", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Endpoint at;
    private final Address source;
    private final LocalMessage message;
    private final @Nullable Permit permit;
    private volatile boolean settled;
    private volatile boolean deferred;
    private boolean kept; // only used by the worker's actor

    Delivery(Endpoint at, Address source, LocalMessage message, @Nullable Permit permit) {
        this.at = at;
        this.source = source;
        this.message = message;
        this.permit = permit;
    }

    /** Where it arrives. */
    public Endpoint at() {
        return at;
    }

    /** The address that really sent it. */
    public Address source() {
        return source;
    }

    /** The message, with the address of {@link #at} still at the front of the onward route (routing, section 1.5). */
    public LocalMessage message() {
        return message;
    }

    /**
     * It was handled: the permit is given back, unless it has gone on.
     *
     * @return whether this has settled it; if not, it was settled before
     */
    public boolean release() {
        boolean first = settle();
        if (first && permit != null) {
            permit.release(null);
        }
        return first;
    }

    /** It came to nothing: counted and published, and the permit is given back, unless it has gone on or was given back before. */
    @Override
    public void lost(DropReason reason) {
        if (settle()) {
            at.dropped(reason);
            if (permit != null) {
                permit.release(reason);
            }
        }
    }

    /** The same message at another address of the node; this one is settled. */
    public Delivery readdressed(Endpoint to, LocalMessage changed) {
        return new Delivery(to, source, changed, takePermit());
    }

    /**
     * Sends a message that is made from this one and takes its permit over; given back if the message goes nowhere.
     *
     * @param from where it is sent from
     */
    public SendResult send(Endpoint from, LocalMessage made) {
        return from.sendHolding(made, takePermit());
    }

    /** The same if nobody waits for the result: what cannot be sent is dropped, counted and published. */
    public void sendOrDrop(Endpoint from, LocalMessage made) {
        Permit taken = takePermit();
        if (taken == null && permit != null) {
            // A late answer: what it answers has ended long ago, so it is a send of its own.
            from.sendPlainlyOrDrop(made);
        } else {
            from.sendOrDrop(made, taken);
        }
    }

    /**
     * The permit for a message that is made from this one. The first such message takes it over; later ones share it for as long as
     * one of them is under way, and get none after that.
     */
    private @Nullable Permit takePermit() {
        if (permit == null || settle() || permit.retain()) {
            return permit;
        }
        return null;
    }

    /**
     * Keeps the permit beyond the end of the handler, for as long as somebody has the handle by which it can be answered. When that has
     * become unreachable, it is lost.
     */
    public void defer(Object handle) {
        keepUntilSettled(at.whenForgotten(handle, () -> lost(RoutingDropReason.FORGOTTEN)));
    }

    /** Among what the holder of the address has yet to answer. */
    private void keepUntilSettled(Runnable whenSettled) {
        deferred = true;
        at.holding().add(this, whenSettled);
        if (settled) {
            at.holding().remove(this);
        }
    }

    /** Whether it outlives the handler. */
    public boolean isDeferred() {
        return deferred;
    }

    /** The supervision of the worker keeps it for later, so it keeps its permit, unless it has been settled. */
    public void kept() {
        if (!settled) {
            kept = true;
            keepUntilSettled(() -> {});
        }
    }

    @Override
    public boolean isKept() {
        return kept;
    }

    /** The worker gets it now, at once or from where it was kept, and may defer it on its own. */
    public void handed() {
        if (kept) {
            kept = false;
            deferred = false;
            at.holding().remove(this);
        }
    }

    private boolean settle() {
        boolean first = !settled && (boolean) SETTLED.compareAndSet(this, false, true);
        if (first && deferred) {
            at.holding().remove(this);
        }
        return first;
    }

    /** Shows routes and sizes, never the payload. */
    @Override
    public String toString() {
        return "Delivery(" + message + ")";
    }
}
