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
    private volatile @Nullable Inlet inlet;
    private volatile boolean ended;

    Occupant(NodeRuntime runtime, List<EndpointSpec> specs, int shutdownPriority) {
        this.runtime = runtime;
        this.shutdownPriority = shutdownPriority;
        List<Endpoint> made = new ArrayList<>(specs.size());
        for (EndpointSpec spec : specs) {
            made.add(new Endpoint(spec, this));
        }
        this.endpoints = List.copyOf(made);
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

    /** From now on messages are delivered. */
    public void open(Inlet in) {
        inlet = in;
        runtime.publish(this);
    }

    /** Whether there is somebody to deliver to. */
    boolean isPresent() {
        return inlet != null && !ended;
    }

    void deliver(Delivery delivery) {
        Inlet in = inlet;
        if (in != null) {
            in.deliver().accept(delivery);
        }
    }

    /** Frees the addresses at once and tells the occupant to stop; a second call only returns the same stage. */
    CompletionStage<Done> stop(StopCause cause) {
        Inlet in = inlet;
        if (in == null) {
            gone();
        } else if (stopping.compareAndSet(false, true)) {
            runtime.release(this);
            in.stop().accept(cause);
        }
        return gone.minimalCompletionStage();
    }

    /** Frees the addresses at once, before the occupant ends of its own accord. */
    public void leave() {
        stopping.set(true);
        runtime.release(this);
    }

    /** The occupant is no more: its addresses are freed, and whoever waits for its end is told. May be called more than once. */
    public void gone() {
        stopping.set(true);
        ended = true;
        runtime.ended(this);
        gone.complete(Done.getInstance());
    }
}
