// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import ockam.routing.DropReason;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. A message that access control let through, at the address where it arrives, with its permit.
 *
 * <p>A delivery is settled exactly once, by whoever is first: its permit is given back, or goes on to a message made from it. Thread safe.
 */
@InternalApi
public final class Delivery implements NodeSignal, DeliveryEnvelope {
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

    /** Itself: a worker's actor gets it without an envelope. */
    @Override
    public Delivery delivery() {
        return this;
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

    /** It was handled: the permit is given back, unless it has gone on. */
    public void release() {
        if (settle() && permit != null) {
            permit.release(null);
        }
    }

    /** It came to nothing: counted and published, and the permit is given back, unless it has gone on or was given back before. */
    public void lost(DropReason reason) {
        if (settle()) {
            at.router().drops().dropped(reason, at.address());
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
     * The permit for a message that is made from this one. The first such message takes it over; later ones share it for as long as
     * one of them is under way, and get none after that.
     */
    @Nullable
    Permit takePermit() {
        if (permit == null || settle() || permit.retain()) {
            return permit;
        }
        return null;
    }

    boolean hasPermit() {
        return permit != null;
    }

    /** Keeps the permit beyond the end of the handler. */
    public void defer() {
        deferred = true;
        at.registration().addDeferred(this);
        if (settled) {
            at.registration().removeDeferred(this);
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
            defer();
        }
    }

    boolean isKept() {
        return kept;
    }

    /** The worker gets it now, at once or from where it was kept, and may defer it on its own. */
    public void handed() {
        if (kept) {
            kept = false;
            deferred = false;
            at.registration().removeDeferred(this);
        }
    }

    private boolean settle() {
        boolean first = !settled && (boolean) SETTLED.compareAndSet(this, false, true);
        if (first && deferred) {
            at.registration().removeDeferred(this);
        }
        return first;
    }

    /** Shows routes and sizes, never the payload. */
    @Override
    public String toString() {
        return "Delivery(" + message + ")";
    }
}
