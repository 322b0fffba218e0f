// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.Done;
import akka.annotation.InternalApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import ockam.routing.RoutingDropReason;
import ockam.wire.Address;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. A hold on one or more addresses of a node, from {@link Router#register} to {@link #end}: where deliveries to them go, and
 * how their holder is told to stop.
 *
 * <p>Its life: {@link #open} says where deliveries go, and what came before waits for it. {@link #leave} gives the addresses back, and what
 * is queued is still handled. {@link #close} says that nothing is handled any more. {@link #end} is both, and the last thing: whoever waits
 * is told. {@link #stop} asks the holder for all of this. None is undone, and each may be called more than once.
 *
 * <p>Thread safe.
 */
@InternalApi
public final class Registration {

    /**
     * What the holder of the addresses does.
     *
     * @param deliver called on the sender's thread; it must only hand the delivery on
     * @param stop called once; the holder then ends, and says so with {@link Registration#end()}
     */
    public record Handler(Consumer<Delivery> deliver, Consumer<StopCause> stop) {}

    /** The table that the addresses stand in. */
    interface Table {
        /** Frees the addresses that the registration still holds. */
        void free(Registration registration);

        /** The registration has ended; its addresses are freed. */
        void ended(Registration registration);
    }

    private final Table table;
    private final Holding holding = new Holding();
    private final List<Endpoint> endpoints;
    private final ShutdownOrder step;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Done> end = new CompletableFuture<>();
    /** One for all who ask: each stage that is made of a future lives as long as that waits. */
    private final CompletionStage<Done> whenEnded = end.minimalCompletionStage();

    private final List<Delivery> early = new ArrayList<>(); // what came before it was open; guarded by this

    private @Nullable StopCause earlyStop; // guarded by this
    private volatile boolean ended;
    private volatile @Nullable Handler handler; // written under the lock, once

    Registration(List<EndpointSpec> specs, ShutdownOrder step, Endpoint.Host host, Table table) {
        this.table = table;
        this.step = step;
        this.endpoints =
                specs.stream().map(spec -> new Endpoint(spec, host, holding)).toList();
    }

    /** The endpoint at an address that was asked for. */
    public Endpoint endpoint(Address address) {
        for (Endpoint endpoint : endpoints) {
            if (endpoint.address().equals(address)) {
                return endpoint;
            }
        }
        throw new IllegalArgumentException("not registered: " + NodeLog.text(address));
    }

    List<Endpoint> endpoints() {
        return endpoints;
    }

    ShutdownOrder step() {
        return step;
    }

    /** Hands over what came since the addresses were taken, and from now on every message; passes on a stop that came meanwhile. */
    public void open(Handler taking) {
        StopCause cause;
        synchronized (this) {
            early.forEach(taking.deliver());
            early.clear();
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
        if (holding.isClosed()) {
            // It may have come too late to be handled, and then nobody else would know of it.
            delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS);
        }
    }

    /** The supervision of the worker has forgotten what it had kept. Called by the worker's actor. */
    public void loseKept() {
        holding.loseKept(RoutingDropReason.FORGOTTEN);
    }

    /** Frees the addresses at once and tells the holder to stop, unless it was told before or has left by itself. */
    public CompletionStage<Done> stop(StopCause cause) {
        table.free(this); // also by one who comes second: the first may not have come so far
        if (stopping.compareAndSet(false, true)) {
            tellStop(cause);
        }
        return whenEnded;
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

    /** Frees the addresses at once; the holder is about to end by itself, and need not be told to. */
    public void leave() {
        stopping.set(true);
        table.free(this);
    }

    /**
     * Nothing more is handled, since the actor is about to end. What is told to it from now on may vanish without becoming a dead letter, so
     * those who deliver look here afterwards. What was handled must have been settled before, or it counts as lost.
     */
    public void close() {
        holding.close();
    }

    /** All is over: the addresses are free, what was kept for later is lost, and whoever waits for the end is told. */
    public void end() {
        stopping.set(true);
        holding.close();
        ended = true;
        table.ended(this);
        loseAll();
        end.complete(Done.getInstance());
    }

    /** What was kept for later, and what came before it was open, concerns nobody any more. */
    private void loseAll() {
        holding.loseAll(RoutingDropReason.NO_SUCH_ADDRESS);
        List<Delivery> left;
        synchronized (this) {
            left = List.copyOf(early);
            early.clear();
        }
        left.forEach(delivery -> delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS));
    }

    /** Whether {@link #end} was called. */
    public boolean hasEnded() {
        return ended;
    }

    /** Completes with {@link #end}. The same for all who ask. */
    public CompletionStage<Done> whenEnded() {
        return whenEnded;
    }
}
