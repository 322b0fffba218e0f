// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.actor.Cancellable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.routing.Addressed;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.RoutingException.Reason;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.SettingsBlock;
import org.jspecify.annotations.Nullable;

/**
 * An address without a worker: application code sends from it and receives at it (a detached context, routing, section 1.1).
 *
 * <p>Thread safe, and never blocks: {@code receive} returns a stage. Messages wait in order until they are received, at most
 * {@code ockam.node.mailbox-capacity} of them; one more is dropped and counted.
 */
public final class Mailbox implements Addressed {
    private final Router router;
    private final Registration registration;
    private final Endpoint endpoint;
    private final Route returnRoute;
    private final Deque<Delivery> arrived = new ArrayDeque<>(); // guarded by this
    private final Deque<Waiting> waiting = new ArrayDeque<>(); // guarded by this
    private boolean closed; // guarded by this

    private static final class Waiting {
        final CompletableFuture<Delivery> promise = new CompletableFuture<>();

        @Nullable
        Cancellable timeout;
    }

    static Mailbox create(Router router, EndpointSpec spec) {
        Mailbox mailbox = new Mailbox(router, spec);
        mailbox.registration.open(new Registration.Handler(mailbox::deliver, cause -> mailbox.end()));
        return mailbox;
    }

    private Mailbox(Router router, EndpointSpec spec) {
        this.router = router;
        this.registration = router.register(List.of(spec), ShutdownOrder.MAILBOXES);
        this.endpoint = registration.endpoint(spec.address());
        this.returnRoute = Route.of(spec.address());
    }

    @Override
    public Address address() {
        return endpoint.address();
    }

    /**
     * Sends a message with this mailbox as return route. Delivery is at most once. Throws the codec's exception if it cannot
     * encode the body; then nothing is sent.
     *
     * @return whether the message is on its way
     */
    public <T> SendResult send(Route route, Codec<T> codec, T body) {
        return endpoint.send(LocalMessage.of(route, returnRoute, codec.encode(body)));
    }

    /** Sends an existing message as it is; only its local info is dropped, because only the node can vouch for that. */
    public SendResult send(LocalMessage message) {
        return endpoint.send(message.withoutLocalInfo());
    }

    /** Receives the next message, within {@code ockam.node.receive-timeout}. */
    public <T> CompletionStage<Routed<T>> receive(Codec<T> codec) {
        return receive(codec, router.settings().receiveTimeout());
    }

    /**
     * Receives the next message. The stage fails with a {@link RoutingException}: {@code TIMED_OUT}, {@code UNDECODABLE} (the message is
     * then gone), {@code TOO_MANY_RECEIVES} or {@code MAILBOX_CLOSED}.
     *
     * @param timeout zero takes only what is already there; more than 20 days means no time-out
     */
    public <T> CompletionStage<Routed<T>> receive(Codec<T> codec, Duration timeout) {
        return receive(codec, timeout, () -> {});
    }

    /** The same; the action runs just before the stage is completed, whatever the result. */
    <T> CompletableFuture<Routed<T>> receive(Codec<T> codec, Duration timeout, Runnable before) {
        // Not a stage that depends on the promise: that would wrap the exception in another.
        CompletableFuture<Routed<T>> message = new CompletableFuture<>();
        var unused = next(timeout)
                .whenCompleteAsync(
                        (delivery, failure) -> {
                            before.run();
                            if (failure != null) {
                                message.completeExceptionally(failure);
                                return;
                            }
                            delivery.release();
                            Routed<T> decoded = Routed.decode(delivery, codec);
                            if (decoded == null) {
                                message.completeExceptionally(exception(NodeDropReason.UNDECODABLE));
                            } else {
                                message.complete(decoded);
                            }
                        },
                        router.callbacks());
        return message;
    }

    /** Gives the address back; calls of {@code receive} that wait fail. A second call does nothing. */
    public void close() {
        registration.stop(StopCause.STOPPED);
    }

    private synchronized CompletableFuture<Delivery> next(Duration timeout) {
        if (closed) {
            return failed(Reason.MAILBOX_CLOSED);
        }
        Delivery first = arrived.poll();
        if (first != null) {
            return CompletableFuture.completedFuture(first);
        }
        if (waiting.size() >= router.settings().mailboxCapacity()) {
            return failed(Reason.TOO_MANY_RECEIVES);
        }
        if (timeout.isZero() || timeout.isNegative()) {
            return failed(Reason.TIMED_OUT);
        }
        Waiting receiver = new Waiting();
        if (timeout.compareTo(SettingsBlock.LONGEST_TIME) <= 0) {
            receiver.timeout = router.system()
                    .scheduler()
                    .scheduleOnce(
                            timeout, () -> timedOut(receiver), router.system().executionContext());
        }
        waiting.add(receiver);
        return receiver.promise;
    }

    private void timedOut(Waiting receiver) {
        synchronized (this) {
            if (!waiting.remove(receiver)) {
                return;
            }
        }
        receiver.promise.completeExceptionally(exception(Reason.TIMED_OUT));
    }

    private void deliver(Delivery delivery) {
        Waiting receiver;
        DropReason refused = null;
        synchronized (this) {
            receiver = waiting.poll();
            if (closed) {
                refused = RoutingDropReason.NO_SUCH_ADDRESS; // looked up just before the address was given back
            } else if (receiver == null && arrived.size() >= router.settings().mailboxCapacity()) {
                refused = NodeDropReason.MAILBOX_FULL;
            } else if (receiver == null) {
                arrived.add(delivery);
            }
        }
        if (refused != null) {
            delivery.lost(refused);
        } else if (receiver != null) {
            cancel(receiver);
            receiver.promise.complete(delivery);
        }
    }

    private void end() {
        List<Waiting> left;
        List<Delivery> unread;
        synchronized (this) {
            closed = true;
            left = List.copyOf(waiting);
            waiting.clear();
            unread = List.copyOf(arrived);
            arrived.clear();
        }
        unread.forEach(delivery -> delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS));
        for (Waiting receiver : left) {
            cancel(receiver);
            receiver.promise.completeExceptionally(exception(Reason.MAILBOX_CLOSED));
        }
        registration.end();
    }

    private static void cancel(Waiting receiver) {
        Cancellable timeout = receiver.timeout;
        if (timeout != null) {
            timeout.cancel();
        }
    }

    private <T> CompletableFuture<T> failed(FailureReason reason) {
        return CompletableFuture.failedFuture(exception(reason));
    }

    private RoutingException exception(FailureReason reason) {
        return new RoutingException(reason, "mailbox " + NodeLog.text(address()));
    }

    @Override
    public String toString() {
        return "Mailbox(" + address() + ")";
    }
}
