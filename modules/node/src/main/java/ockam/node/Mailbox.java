// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.Cancellable;
import akka.annotation.DoNotInherit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * An address without a worker: application code sends from it and receives at it (a detached context, routing, section 1.1).
 *
 * <p>Thread safe, and never blocks: {@code receive} returns a stage. Messages wait in order until they are received, at most
 * {@code ockam.node.mailbox-capacity} of them; one more is dropped and counted.
 */
@DoNotInherit
public final class Mailbox implements Addressed {
    private final NodeRuntime runtime;
    private final Occupant occupant;
    private final Deque<Delivery> arrived = new ArrayDeque<>(); // guarded by this
    private final Deque<Waiting> waiting = new ArrayDeque<>(); // guarded by this
    private boolean closed; // guarded by this

    private static final class Waiting {
        final CompletableFuture<Delivery> promise = new CompletableFuture<>();

        @Nullable
        Cancellable timeout;
    }

    static Mailbox create(NodeRuntime runtime, EndpointSpec spec, int shutdownPriority) {
        Mailbox mailbox = new Mailbox(runtime, spec, shutdownPriority);
        mailbox.occupant.open(new Occupant.Inlet(mailbox::deliver, cause -> mailbox.end()));
        return mailbox;
    }

    private Mailbox(NodeRuntime runtime, EndpointSpec spec, int shutdownPriority) {
        this.runtime = runtime;
        this.occupant = runtime.reserve(List.of(spec), shutdownPriority);
    }

    @Override
    public Address address() {
        return endpoint().address();
    }

    /**
     * Sends a message with this mailbox as return route. Delivery is at most once.
     *
     * @return whether the message is on its way
     */
    public <T> SendResult send(Route route, Codec<T> codec, T body) {
        return runtime.send(endpoint(), LocalMessage.of(route, Route.of(address()), codec.encode(body)));
    }

    /** Sends an existing message as it is; only its local info is dropped, since nobody but the node vouches for that. */
    public SendResult forward(LocalMessage message) {
        return runtime.send(endpoint(), message.withoutLocalInfo());
    }

    /** The next message, waited for as long as {@code ockam.node.receive-timeout} says. */
    public <T> CompletionStage<Routed<T>> receive(Codec<T> codec) {
        return receive(codec, runtime.settings().receiveTimeout());
    }

    /**
     * The next message. The stage fails with a {@link RoutingException}: {@code TIMED_OUT}, {@code UNDECODABLE} (the message is then
     * used up), {@code TOO_MANY_RECEIVES} or {@code MAILBOX_CLOSED}.
     */
    public <T> CompletionStage<Routed<T>> receive(Codec<T> codec, Duration timeout) {
        return next(timeout)
                .thenApplyAsync(delivery -> decoded(delivery, codec), runtime.callbacks())
                .minimalCompletionStage();
    }

    /** Gives the address back; what waits is told so. A second call does nothing. */
    public void close() {
        occupant.stop(StopCause.STOPPED);
    }

    static <T> Routed<T> decoded(Delivery delivery, Codec<T> codec) {
        Decoded<T> body = codec.decode(delivery.message().payload());
        if (body instanceof Decoded.Value<T> value) {
            return new Routed<>(delivery, codec, value.value());
        }
        throw new RoutingException(
                RoutingException.Reason.UNDECODABLE,
                "the message at " + NodeLog.text(delivery.at().address()) + " is not what the codec expects");
    }

    private synchronized CompletableFuture<Delivery> next(Duration timeout) {
        if (closed) {
            return failed(RoutingException.Reason.MAILBOX_CLOSED);
        }
        Delivery first = arrived.poll();
        if (first != null) {
            return CompletableFuture.completedFuture(first);
        }
        if (waiting.size() >= runtime.settings().mailboxCapacity()) {
            return failed(RoutingException.Reason.TOO_MANY_RECEIVES);
        }
        Waiting receiver = new Waiting();
        waiting.add(receiver);
        receiver.timeout = runtime.system()
                .scheduler()
                .scheduleOnce(
                        timeout, () -> timedOut(receiver), runtime.system().executionContext());
        return receiver.promise;
    }

    private void timedOut(Waiting receiver) {
        synchronized (this) {
            if (!waiting.remove(receiver)) {
                return;
            }
        }
        receiver.promise.completeExceptionally(exception(RoutingException.Reason.TIMED_OUT));
    }

    private void deliver(Delivery delivery) {
        Waiting receiver;
        synchronized (this) {
            receiver = closed ? null : waiting.poll();
            if (receiver == null) {
                if (closed || arrived.size() >= runtime.settings().mailboxCapacity()) {
                    runtime.drops().dropped(closed ? DropReason.NO_SUCH_ADDRESS : DropReason.MAILBOX_FULL, address());
                    return;
                }
                arrived.add(delivery);
                return;
            }
        }
        cancel(receiver);
        receiver.promise.complete(delivery);
    }

    private void end() {
        List<Waiting> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
            arrived.clear();
        }
        for (Waiting receiver : left) {
            cancel(receiver);
            receiver.promise.completeExceptionally(exception(RoutingException.Reason.MAILBOX_CLOSED));
        }
        occupant.gone();
    }

    private static void cancel(Waiting receiver) {
        Cancellable timeout = receiver.timeout;
        if (timeout != null) {
            timeout.cancel();
        }
    }

    private Endpoint endpoint() {
        return occupant.endpoints().get(0);
    }

    private <T> CompletableFuture<T> failed(RoutingException.Reason reason) {
        return CompletableFuture.failedFuture(exception(reason));
    }

    private RoutingException exception(RoutingException.Reason reason) {
        return new RoutingException(reason, "mailbox " + NodeLog.text(address()));
    }

    @Override
    public String toString() {
        return "Mailbox(" + address() + ")";
    }
}
