// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.Done;
import akka.actor.ActorRefWithCell;
import akka.actor.typed.ActorRef;
import akka.actor.typed.internal.InternalRecipientRef;
import akka.actor.typed.javadsl.Adapter;
import akka.annotation.InternalApi;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INTERNAL API. A hold on addresses of a node, from {@link Router#register} to {@link #end}: where deliveries to them go, and how their
 * holder is told to stop.
 *
 * <p>Its life: {@link #open} says where deliveries go; those that arrive earlier wait for it. {@link #leave} gives the addresses back;
 * queued messages are still handled. {@link #close} declares that nothing is handled any longer. {@link #end} does both and comes last:
 * those waiting for the end are notified. {@link #stop} asks the holder for all of this. None can be undone, and all but {@code open} may
 * be called more than once.
 *
 * <p>Thread safe.
 */
@InternalApi
public final class Registration {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    /**
     * What the holder of the addresses does.
     *
     * @param deliver called on the sender's thread, or in {@link Registration#open}; it must only hand the delivery over
     * @param stop called at most once; the holder then ends, and calls {@link Registration#end()}
     * @param waiting how many deliveries it has been handed and has not come to yet; called seldom, on any thread
     */
    public record Handler(Consumer<Delivery> deliver, Consumer<StopCause> stop, IntSupplier waiting) {
        /** One with which nothing waits that the registration does not know. */
        public Handler(Consumer<Delivery> deliver, Consumer<StopCause> stop) {
            this(deliver, stop, () -> 0);
        }

        /** One that tells an actor, in whose mailbox the deliveries wait. */
        public static Handler telling(ActorRef<?> actor, Consumer<Delivery> deliver, Consumer<StopCause> stop) {
            return new Handler(deliver, stop, () -> mailboxSize(actor));
        }

        /** There is no public way to ask. */
        private static int mailboxSize(ActorRef<?> actor) {
            return Adapter.toClassic(actor) instanceof ActorRefWithCell withCell
                    ? withCell.underlying().numberOfMessages()
                    : 0;
        }
    }

    /** The table that holds the addresses. */
    interface Table {
        /** Frees the addresses that the registration still holds. */
        void free(Registration registration);

        /** Forgets a registration that has ended, and frees its addresses. */
        void ended(Registration registration);
    }

    private final Table table;
    private final Holding holding = new Holding();
    private final List<Endpoint> endpoints;
    private final ShutdownOrder step;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Done> end = new CompletableFuture<>();
    /** The same for all callers: each stage that is made from a future lives as long as the future waits. */
    private final CompletionStage<Done> whenEnded = end.minimalCompletionStage();

    private final Deque<Delivery> early = new ArrayDeque<>(); // what arrived before it was opened; guarded by this

    private @Nullable StopCause earlyStop; // guarded by this
    private Set<Runnable> whenFree = Set.of(); // guarded by this; most have none
    private boolean free; // guarded by this
    private boolean interrupted; // guarded by this
    private Set<Consumer<Boolean>> reachFollowers = Set.of(); // guarded by this; most have none
    private volatile boolean ended;
    private volatile @Nullable ActorRef<?> holder;
    private final MailboxOrder order = new MailboxOrder();
    private volatile @Nullable Handler handler; // written under the lock, once

    Registration(List<EndpointSpec> specs, ShutdownOrder step, Endpoint.Host host, Table table) {
        this.table = table;
        this.step = step;
        this.endpoints =
                specs.stream().map(spec -> new Endpoint(spec, host, holding)).toList();
    }

    /** The endpoint at one of the registered addresses. */
    public Endpoint endpoint(Address address) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.address().equals(address)) {
                return endpoint;
            }
        }
        throw new IllegalArgumentException("not registered: " + NodeLog.text(address));
    }

    /** The first of the registered addresses. */
    public Address address() {
        return endpoints.get(0).address();
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    ShutdownOrder step() {
        return step;
    }

    /** This actor holds it; when the actor ends, so does the registration. */
    void heldBy(ActorRef<?> actor) {
        holder = actor;
    }

    boolean isHeldBy(ActorRef<?> actor) {
        return actor.equals(holder);
    }

    /** Whether its actor has ended, of which the registration may not have been told yet. */
    boolean isAbandoned() {
        // There is no public way to ask. An actor counts as terminated before those who watch it are told.
        return holder instanceof InternalRecipientRef<?> actor && actor.isTerminated();
    }

    /**
     * Hands over what has arrived since the addresses were taken, and every message from now on. A stop requested in the meantime is handed
     * over as well. An actor that was restarted may open its registration again.
     */
    public void open(Handler taking) {
        StopCause cause;
        synchronized (this) {
            // Handing one over may bring another one here.
            for (Delivery next = early.poll(); next != null; next = early.poll()) {
                taking.deliver().accept(next);
                loseIfClosed(next);
            }
            handler = taking;
            cause = earlyStop;
        }
        if (cause != null) {
            taking.stop().accept(cause);
        }
    }

    void deliver(Delivery delivery) {
        Handler taking = handler;
        if (taking == null) {
            synchronized (this) {
                taking = handler;
                if (taking == null && !holding.isClosed()) {
                    early.add(delivery);
                    return;
                }
            }
        }
        if (taking != null) {
            taking.deliver().accept(delivery);
        }
        loseIfClosed(delivery);
    }

    /** It may have been handed over too late to be handled, and then nothing else would notice. */
    private void loseIfClosed(Delivery delivery) {
        if (holding.isClosed()) {
            delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS);
        }
    }

    /**
     * Tells a delivery to the holder's actor, and remembers it until that has {@linkplain #received received} it: in between, a supervision
     * that this project does not know may forget it.
     */
    public void tellInOrder(ActorRef<NodeSignal> actor, Delivery delivery) {
        order.tell(actor, delivery);
    }

    /** The actor has received a delivery. Settles as lost those that were told before it and were not received. */
    public void received(Delivery delivery) {
        order.received(delivery);
    }

    /** Settles as lost what the worker's supervision had kept and has forgotten. Called by the worker's actor. */
    public void loseKept() {
        holding.loseKept(RoutingDropReason.FORGOTTEN);
    }

    /** Frees the addresses immediately and tells the holder to stop, unless it was told before or has left by itself. */
    public CompletionStage<Done> stop(StopCause cause) {
        table.free(this); // also on a second call: the first may not have got this far
        if (stopping.compareAndSet(false, true)) {
            tellStop(cause);
        }
        return whenEnded;
    }

    /**
     * Runs something once, on any thread, when the addresses are free: at once if they are.
     *
     * @return takes this back, unless it has run
     */
    public Runnable whenFree(Runnable action) {
        Runnable own = () -> action.run(); // two of the same are two
        synchronized (this) {
            if (!free) {
                if (whenFree.isEmpty()) {
                    whenFree = new HashSet<>();
                }
                whenFree.add(own);
                return () -> forget(own);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void forget(Runnable action) {
        if (!free) {
            whenFree.remove(action);
        }
    }

    /** Whether what is sent to its addresses gets anywhere now, as far as the holder knows: at first it does. */
    public synchronized void reach(boolean isThere) {
        if (interrupted == isThere) {
            interrupted = !isThere;
            reachFollowers.forEach(follower -> follower.accept(isThere));
        }
    }

    /**
     * Tells somebody at once, and with each change, whether what is sent to its addresses gets anywhere. The follower is called on any thread,
     * in order, and must only pass it on.
     *
     * @return takes this back
     */
    public synchronized Runnable followReach(Consumer<Boolean> follower) {
        Consumer<Boolean> own = isThere -> follower.accept(isThere); // two of the same are two
        if (reachFollowers.isEmpty()) {
            reachFollowers = new HashSet<>();
        }
        reachFollowers.add(own);
        own.accept(!interrupted);
        return () -> leaveReach(own);
    }

    private synchronized void leaveReach(Consumer<Boolean> follower) {
        reachFollowers.remove(follower);
    }

    /** Called by the table. */
    void freed() {
        Set<Runnable> actions;
        synchronized (this) {
            free = true;
            actions = whenFree;
            whenFree = Set.of();
        }
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.error("One who waited for {} to be free threw", NodeLog.text(address()), e);
            }
        }
    }

    /** Whether its holder has been told to stop, or is about to end by itself. */
    boolean isStopping() {
        return stopping.get();
    }

    private void tellStop(StopCause cause) {
        Handler taking;
        synchronized (this) {
            taking = handler;
            if (taking == null) {
                earlyStop = cause;
                return;
            }
        }
        taking.stop().accept(cause);
    }

    /** Frees the addresses immediately; the holder is about to end by itself, and does not need to be told. */
    public void leave() {
        stopping.set(true);
        table.free(this);
    }

    /**
     * Declares that nothing more is handled, because the actor is about to end. What is told to it from now on may vanish without becoming
     * a dead letter, so senders check this mark afterwards. What was handled must be settled first, or it counts as lost.
     */
    public void close() {
        holding.close();
    }

    /** Ends the registration: the addresses are freed, what was kept for later is lost, and those waiting for the end are notified. */
    public void end() {
        stopping.set(true);
        holding.close();
        ended = true;
        table.ended(this);
        loseAll();
        end.complete(Done.getInstance());
    }

    /** Settles as lost what was kept for later, and what arrived before it was opened. */
    private void loseAll() {
        holding.loseAll(RoutingDropReason.NO_SUCH_ADDRESS);
        order.loseAll(RoutingDropReason.NO_SUCH_ADDRESS);
        List<Delivery> left;
        synchronized (this) {
            left = List.copyOf(early);
            early.clear();
        }
        left.forEach(delivery -> delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS));
    }

    /** How many messages have come here and have not ended: those not handled yet, and those to be answered later. */
    int waiting() {
        Handler taking = handler;
        int unopened;
        synchronized (this) {
            unopened = early.size();
        }
        return unopened + (taking == null ? 0 : taking.waiting().getAsInt()) + order.size() + holding.size();
    }

    /** Whether {@link #end} was called. */
    public boolean hasEnded() {
        return ended;
    }

    /** Completes when {@link #end} is called. The same stage for all callers. */
    public CompletionStage<Done> whenEnded() {
        return whenEnded;
    }
}
