// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.Done;
import akka.annotation.InternalApi;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import ockam.routing.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. Whoever lives at one or more addresses of a node: takes what is delivered there, and can be told to stop.
 *
 * <p>Thread safe.
 */
@InternalApi
public final class Registration {

    /**
     * The way in.
     *
     * @param deliver called on the sender's thread; it must only hand the delivery on
     * @param stop called once; the occupant then ends and says so with {@link Registration#gone()}
     */
    public record Handler(Consumer<Delivery> deliver, Consumer<StopCause> stop) {}

    private final Router router;
    private final List<Endpoint> endpoints;
    private final int shutdownPriority;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Done> gone = new CompletableFuture<>();
    private final List<Delivery> early = new ArrayList<>(); // what came before it was open; guarded by this
    /** Messages whose answers are still to come. */
    private final Set<Delivery> deferred = ConcurrentHashMap.newKeySet();

    private @Nullable StopCause earlyStop; // guarded by this
    private volatile boolean closed; // nothing that is delivered from now on will be handled
    private volatile boolean ended;
    private volatile @Nullable Handler inlet; // written under the lock, once

    Registration(Router router, List<EndpointSpec> specs, int shutdownPriority) {
        this.router = router;
        this.shutdownPriority = shutdownPriority;
        this.endpoints = specs.stream().map(spec -> new Endpoint(spec, this)).toList();
    }

    /** The endpoints, in the order in which they were asked for. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    Router router() {
        return router;
    }

    int shutdownPriority() {
        return shutdownPriority;
    }

    /** Hands over what came since the addresses were taken, and from now on every message; passes on a stop that came meanwhile. */
    public void open(Handler in) {
        StopCause cause;
        synchronized (this) {
            early.forEach(in.deliver());
            early.clear();
            inlet = in;
            cause = earlyStop;
        }
        if (cause != null) {
            in.stop().accept(cause);
        }
    }

    void deliver(Delivery delivery) {
        Handler in = inlet;
        if (in == null) {
            synchronized (this) {
                in = inlet;
                if (in == null && !closed) {
                    early.add(delivery);
                    return;
                }
            }
        }
        if (in != null) {
            in.deliver().accept(delivery);
        }
        if (closed) {
            // It may have come too late to be handled, and then nobody else would know of it.
            delivery.lost(DropReason.NO_SUCH_ADDRESS);
        }
    }

    void addDeferred(Delivery delivery) {
        deferred.add(delivery);
    }

    /** The supervision of the worker has forgotten what it had kept. Called by the worker's actor. */
    public void loseKept() {
        deferred.forEach(delivery -> {
            if (delivery.isKept()) {
                delivery.lost(DropReason.FORGOTTEN);
            }
        });
    }

    void removeDeferred(Delivery delivery) {
        deferred.remove(delivery);
    }

    /** Frees the addresses at once and tells the occupant to stop; a second call only returns the same stage. */
    public CompletionStage<Done> stop(StopCause cause) {
        router.release(this); // also by one who comes second: the first may not have come so far
        if (stopping.compareAndSet(false, true)) {
            tellStop(cause);
        }
        return whenGone();
    }

    /** Completes when the occupant is no more. */
    public CompletionStage<Done> whenGone() {
        return gone.minimalCompletionStage();
    }

    private void tellStop(StopCause cause) {
        Handler in;
        synchronized (this) {
            in = inlet;
            if (in == null) {
                earlyStop = cause;
                return;
            }
        }
        in.stop().accept(cause);
    }

    /** Frees the addresses at once, before the occupant ends of its own accord. */
    public void leave() {
        stopping.set(true);
        router.release(this);
    }

    /**
     * The actor is about to end and handles nothing more. What is told to it from now on may vanish without becoming a dead letter, so those
     * who deliver look here afterwards.
     */
    public void close() {
        closed = true;
    }

    /** The occupant is no more: its addresses are freed, and whoever waits for its end is told. May be called more than once. */
    public void gone() {
        stopping.set(true);
        closed = true;
        ended = true;
        router.ended(this);
        releaseAll();
        gone.complete(Done.getInstance());
    }

    /** What was kept for later, and what came before it was open, concerns nobody any more. */
    private void releaseAll() {
        List<Delivery> left = new ArrayList<>(deferred);
        synchronized (this) {
            left.addAll(early);
            early.clear();
        }
        left.forEach(delivery -> delivery.lost(DropReason.NO_SUCH_ADDRESS));
    }

    /** Whether {@link #gone} was called. */
    public boolean hasEnded() {
        return ended;
    }
}
