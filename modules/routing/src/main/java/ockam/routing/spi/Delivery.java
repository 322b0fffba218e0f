// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import ockam.routing.DropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. A message that access control let through, at the address where it arrives, with its permit.
 *
 * <p>A delivery is settled exactly once, by whoever is first: its permit is given back, or goes on to a message made from it. Of the
 * messages that a handler makes from one, each holds the permit, and so does the handler until it returns. Thread safe.
 */
@InternalApi
public final class Delivery implements NodeSignal, Holding.Deferred {
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Delivery.class, "state", byte.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The permit is here. */
    private static final byte OPEN = 0;
    /** Likewise, and the handler has returned: what is made of it now is the last of it. */
    private static final byte WAITING = 1;
    /** Settled: copies have the permit, and so has the handler until it returns. */
    private static final byte COPIED = 2;
    /** Settled: the permit is not here any more. */
    private static final byte GONE = 3;

    private final Endpoint at;
    private final Address source;
    private final LocalMessage message;
    private final @Nullable Permit permit;
    private volatile byte state = OPEN; // a byte, since there is a delivery for each message and hop
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

    /** It has arrived, and ends here: the permit is given back, unless it has gone on. */
    public void release() {
        if (settle() && permit != null) {
            permit.release(null);
        }
    }

    /** The handler has returned: the message has arrived, and ends here unless it was deferred or has gone on. Called on its thread. */
    public void handled() {
        if (deferred) {
            STATE.compareAndSet(this, OPEN, WAITING);
        } else {
            release();
        }
        if (state == COPIED && permit != null) {
            STATE.setOpaque(this, GONE); // nobody else changes it any more
            permit.letGo();
        }
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
     * Sends the answer. This one has arrived with that, whatever becomes of the answer; its permit goes on with it.
     *
     * @param from where it is sent from
     */
    public SendResult answer(Endpoint from, LocalMessage answer) {
        arrived();
        return from.sendHolding(answer, takePermit());
    }

    /** The same if nobody waits for the result: what cannot be sent is dropped, counted and published. */
    public void answerOrDrop(Endpoint from, LocalMessage answer) {
        arrived();
        sendOrDrop(from, answer);
    }

    private void arrived() {
        if (permit != null) {
            permit.arrived();
        }
    }

    /** Passes it on as a message that takes its permit over. What cannot be sent is dropped, counted and published, and is a loss of this. */
    public void sendOrDrop(Endpoint from, LocalMessage made) {
        send(from, made, takePermit());
    }

    /** The same from a handler that may make others of it: it is lost only if all of them are. */
    public void copyOrDrop(Endpoint from, LocalMessage made) {
        send(from, made, copyPermit());
    }

    private void send(Endpoint from, LocalMessage made, @Nullable Permit taken) {
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
        return permit == null || settle() || permit.retain() ? permit : null;
    }

    /** The same while the handler runs, which keeps the permit too. */
    private @Nullable Permit copyPermit() {
        if (permit != null && state == OPEN && STATE.compareAndSet(this, OPEN, COPIED)) {
            leaveHolding();
            return permit.retain() ? permit : null;
        }
        return takePermit();
    }

    /** Keeps the permit beyond the end of the handler. */
    public void defer() {
        deferred = true;
        at.holding().add(this);
        if (isSettled()) {
            at.holding().remove(this);
        }
    }

    /** Whether it outlives the handler. */
    public boolean isDeferred() {
        return deferred;
    }

    /** The supervision of the worker keeps it for later, so it keeps its permit, unless it has been settled. */
    public void kept() {
        if (!isSettled()) {
            kept = true;
            defer();
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

    private boolean isSettled() {
        return state >= COPIED;
    }

    private boolean settle() {
        byte now = state;
        while (now < COPIED) {
            if (STATE.compareAndSet(this, now, GONE)) {
                leaveHolding();
                return true;
            }
            now = state;
        }
        return false;
    }

    private void leaveHolding() {
        if (deferred) {
            at.holding().remove(this);
        }
    }

    /** Shows routes and sizes, never the payload. */
    @Override
    public String toString() {
        return "Delivery(" + message + ")";
    }
}
