// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.Done;
import akka.annotation.InternalApi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * INTERNAL API. Whoever lives at one or more addresses of a node: takes what is delivered there, and can be told to stop.
 *
 * <p>Thread safe.
 */
@InternalApi
public final class Occupant {

    /**
     * The way in.
     *
     * @param deliver called on the sender's thread; it must only hand the delivery on
     * @param stop called once; the occupant then ends and says so with {@link Occupant#gone()}
     */
    public record Inlet(Consumer<Delivery> deliver, Consumer<StopCause> stop) {}

    private final NodeRuntime runtime;
    private final List<Endpoint> endpoints;
    private final int shutdownPriority;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Done> gone = new CompletableFuture<>();
    private final List<Delivery> early = new ArrayList<>(); // what came before it was open; guarded by this
    private @Nullable StopCause earlyStop; // guarded by this
    private volatile @Nullable Inlet inlet; // written under the lock, once

    Occupant(NodeRuntime runtime, List<EndpointSpec> specs, int shutdownPriority) {
        this.runtime = runtime;
        this.shutdownPriority = shutdownPriority;
        this.endpoints = specs.stream().map(spec -> new Endpoint(spec, this)).toList();
    }

    /** The endpoints, in the order in which they were asked for. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    NodeRuntime runtime() {
        return runtime;
    }

    int shutdownPriority() {
        return shutdownPriority;
    }

    /** Hands over what came since the addresses were taken, and from now on every message; passes on a stop that came meanwhile. */
    public void open(Inlet in) {
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
        Inlet in = inlet;
        if (in == null) {
            synchronized (this) {
                in = inlet;
                if (in == null) {
                    early.add(delivery);
                    return;
                }
            }
        }
        in.deliver().accept(delivery);
    }

    /** Frees the addresses at once and tells the occupant to stop; a second call only returns the same stage. */
    CompletionStage<Done> stop(StopCause cause) {
        runtime.release(this); // also by one who comes second: the first may not have come so far
        if (stopping.compareAndSet(false, true)) {
            tellStop(cause);
        }
        return gone.minimalCompletionStage();
    }

    private void tellStop(StopCause cause) {
        Inlet in;
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
        runtime.release(this);
    }

    /** The occupant is no more: its addresses are freed, and whoever waits for its end is told. May be called more than once. */
    public void gone() {
        stopping.set(true);
        runtime.ended(this);
        gone.complete(Done.getInstance());
    }

    boolean hasEnded() {
        return gone.isDone();
    }
}
