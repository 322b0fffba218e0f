// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.annotation.InternalApi;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;
import java.util.function.Supplier;
import ockam.routing.DropReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. A message at the address where it arrives, with its permit. Handlers see only what access control allows.
 *
 * <p>A delivery is settled exactly once, by the first call that does so: its permit is given back, or taken over by a message made from it.
 * Of the messages that a handler makes from one, each holds the permit, and so does the handler until it returns. Thread safe.
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

    /**
     * A delivery that belongs to no node, for tests of those who handle it.
     *
     * @param sent is given every message that is made from it
     */
    public static Delivery offNode(Address at, Address source, LocalMessage message, Consumer<LocalMessage> sent) {
        return new Delivery(
                new Endpoint(EndpointSpec.open(at), new NoNode(sent), new Holding()), source, message, null);
    }

    /** Null if nothing counts the message. */
    @Nullable
    Permit permit() {
        return permit;
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
     * Settles it as arrived: the permit is given back, unless it was settled before.
     *
     * @return whether it was not settled before
     */
    public boolean release() {
        boolean first = settle();
        if (first && permit != null) {
            permit.release(null);
        }
        return first;
    }

    /** The handler has returned: the message has arrived, and ends here unless it was deferred or settled. Called on its thread. */
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

    /** Settles it as lost: it is counted and published, and the permit is given back, unless it was settled before. */
    @Override
    public void lost(DropReason reason) {
        lost(reason, Drops.NO_DETAIL);
    }

    /** The same with a detail for the log line; called only if the drop is logged, and must not throw. */
    public void lost(DropReason reason, Supplier<String> detail) {
        if (settle()) {
            at.dropped(reason, detail);
            if (permit != null) {
                permit.release(reason);
            }
        }
    }

    /** Returns a changed message at another address of the node, which takes over the permit. */
    public Delivery readdressed(Endpoint to, LocalMessage changed) {
        return new Delivery(to, source, changed, takePermit(changed, false));
    }

    /**
     * Sends the reply. This message has arrived with that, whatever becomes of the reply, which takes its permit over. A permit grows with
     * its message.
     *
     * @param from where it is sent from
     */
    public SendResult answer(Endpoint from, LocalMessage answer) {
        arrived();
        Permit taken = takePermit(answer, true);
        return taken == null && permit != null ? from.send(answer) : from.sendHolding(answer, taken);
    }

    /** The same for a caller that needs no result: a message that cannot be sent is dropped, counted and published. */
    public void answerOrDrop(Endpoint from, LocalMessage answer) {
        arrived();
        sendOrDrop(from, answer);
    }

    private void arrived() {
        if (permit != null) {
            permit.arrived();
        }
    }

    /**
     * Sends a message that is made from this one and takes its permit over. If it cannot be sent, it is dropped, counted and published, and
     * this one is lost.
     */
    public void sendOrDrop(Endpoint from, LocalMessage made) {
        send(from, made, takePermit(made, true));
    }

    /** Sends this message on by other routes, as hops and relays do: what it holds stays the same, so its permit does not grow. */
    public void passOn(Endpoint from, LocalMessage same) {
        send(from, same, takePermit(same, false));
    }

    /** The same from a handler that may send it on more than once: it is lost only if all copies are. */
    public void copyOrDrop(Endpoint from, LocalMessage same) {
        send(from, same, copyPermit(same));
    }

    private void send(Endpoint from, LocalMessage made, @Nullable Permit taken) {
        if (taken == null && permit != null) {
            // A late reply: the question ended long ago, so it counts as a plain send.
            from.sendPlainlyOrDrop(made);
        } else {
            from.sendOrDrop(made, taken);
        }
    }

    /**
     * The permit for a message that is made from this one. The first such message takes it over; later ones hold it as well, and add what
     * they hold, for as long as one of them is under way. After that they get none.
     *
     * @param anew whether the first one is another message than this, so that what it holds counts anew
     */
    private @Nullable Permit takePermit(LocalMessage made, boolean anew) {
        if (permit == null) {
            settle();
            return null;
        }
        if (settle()) {
            if (anew) {
                permit.growTo(made.footprint());
            }
            return permit;
        }
        if (permit.retain()) {
            permit.growBy(made.footprint());
            return permit;
        }
        return null;
    }

    /** The same for a copy while the handler runs, which keeps the permit too. */
    private @Nullable Permit copyPermit(LocalMessage same) {
        // First the hold of the copy: as soon as the message is settled, a handler that returns gives up its own.
        if (permit != null && state == OPEN && permit.retain()) {
            if (STATE.compareAndSet(this, OPEN, COPIED)) {
                leaveHolding();
                return permit;
            }
            permit.letGo();
        }
        return takePermit(same, false);
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
        if (isSettled()) {
            at.holding().remove(this);
        }
    }

    /** Whether it outlives the handler. */
    public boolean isDeferred() {
        return deferred;
    }

    /** The worker's supervision keeps it for later, so it keeps its permit, unless it has been settled. */
    public void kept() {
        if (!isSettled()) {
            kept = true;
            keepUntilSettled(() -> {});
        }
    }

    @Override
    public boolean isKept() {
        return kept;
    }

    /** The worker receives it now, directly or from its supervision, which had kept it; the worker may defer it again. */
    public void handed() {
        if (kept) {
            kept = false;
            deferred = false;
            at.holding().remove(this);
        }
    }

    /** Whether it has been answered, sent on, or given up. */
    public boolean isSettled() {
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
