// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
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
    private final Deque<Receive<?>> waiting = new ArrayDeque<>(); // guarded by this
    private boolean closed; // guarded by this
    private boolean closedWithNode; // guarded by this

    static Mailbox create(Router router, EndpointSpec spec) {
        Mailbox mailbox = new Mailbox(router, spec);
        mailbox.registration.open(new Registration.Handler(mailbox::deliver, mailbox::end, mailbox::unread));
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
     * then gone), {@code TOO_MANY_RECEIVES} or {@code MAILBOX_CLOSED}, as also when the node or its actor system ends.
     *
     * <p>A caller that no longer waits may cancel or complete the stage's {@code toCompletableFuture()}: the message then goes to the next
     * {@code receive}.
     *
     * @param timeout zero takes only what is already there; more than 20 days means no time-out
     */
    public <T> CompletionStage<Routed<T>> receive(Codec<T> codec, Duration timeout) {
        return receive(codec, timeout, () -> "nothing arrived at mailbox " + NodeLog.text(address()), problem -> {});
    }

    /**
     * The same.
     *
     * @param disappointment says what did not happen if no message arrives
     * @param ending called just before the stage is completed, whatever the result
     */
    <T> Receive<T> receive(Codec<T> codec, Duration timeout, Supplier<String> disappointment, Receive.Ending ending) {
        Receive<T> receive = new Receive<>(codec, disappointment, ending, this::forget);
        Delivery first;
        FailureReason refused;
        synchronized (this) {
            first = arrived.poll();
            refused = first == null ? refusal(timeout) : null;
            if (first == null && refused == null) {
                keep(receive, timeout);
            }
        }
        if (refused != null) {
            fail(receive, refused, why(refused, timeout));
        } else if (first != null && receive.claim()) {
            router.atRest(-1);
            hand(first, receive);
        }
        return receive;
    }

    /** Why nobody can wait, or null. */
    private @Nullable FailureReason refusal(Duration timeout) {
        if (closed) {
            return Reason.MAILBOX_CLOSED;
        }
        if (waiting.size() >= router.settings().mailboxCapacity()) {
            return Reason.TOO_MANY_RECEIVES;
        }
        return timeout.isZero() || timeout.isNegative() ? Reason.TIMED_OUT : null;
    }

    private void keep(Receive<?> receive, Duration timeout) {
        if (timeout.compareTo(SettingsBlock.LONGEST_TIME) <= 0) {
            receive.cancelLater(router.after(timeout, () -> timedOut(receive, timeout)));
        }
        waiting.add(receive);
    }

    private synchronized void forget(Receive<?> receive) {
        waiting.remove(receive);
    }

    private void timedOut(Receive<?> receive, Duration timeout) {
        if (receive.claim()) {
            forget(receive);
            receive.end(Reason.TIMED_OUT, why(Reason.TIMED_OUT, timeout));
        }
    }

    /** Gives the address back; calls of {@code receive} that wait fail. A second call does nothing. */
    public void close() {
        registration.stop(StopCause.STOPPED);
    }

    private void deliver(Delivery delivery) {
        Receive<?> receive;
        DropReason refused = null;
        synchronized (this) {
            receive = closed ? null : nextClaimed();
            if (closed) {
                refused = RoutingDropReason.NO_SUCH_ADDRESS; // looked up just before the address was given back
            } else if (receive == null && arrived.size() >= router.settings().mailboxCapacity()) {
                refused = NodeDropReason.MAILBOX_FULL;
            } else if (receive == null) {
                arrived.add(delivery);
            }
        }
        if (refused != null) {
            delivery.lost(refused);
        } else if (receive != null) {
            hand(delivery, receive);
        } else {
            router.atRest(1);
        }
    }

    private synchronized int unread() {
        return arrived.size();
    }

    /** The first of those who wait and have not given up; null if there is none. */
    private @Nullable Receive<?> nextClaimed() {
        Receive<?> first = waiting.poll();
        while (first != null && !first.claim()) {
            first = waiting.poll();
        }
        return first;
    }

    /**
     * The message has ended as soon as it is promised to somebody, and before the mailbox can be closed because of it: else it would count
     * as lost although it was received.
     */
    private void hand(Delivery delivery, Receive<?> claimed) {
        if (delivery.release()) {
            router.callbacks().execute(() -> claimed.end(delivery));
        } else {
            // The mailbox was closed in the moment in which it came, so it was counted as lost.
            endLater(claimed, Reason.MAILBOX_CLOSED, whyClosed());
        }
    }

    private void end(StopCause cause) {
        List<Receive<?>> left;
        List<Delivery> unread;
        synchronized (this) {
            closed = true;
            closedWithNode = cause == StopCause.NODE_STOPPING;
            left = List.copyOf(waiting);
            waiting.clear();
            unread = List.copyOf(arrived);
            arrived.clear();
        }
        router.atRest(-unread.size());
        unread.forEach(delivery -> delivery.lost(RoutingDropReason.NO_SUCH_ADDRESS));
        left.forEach(receive -> fail(receive, Reason.MAILBOX_CLOSED, whyClosed()));
        registration.end();
    }

    private void fail(Receive<?> receive, FailureReason reason, String why) {
        if (receive.claim()) {
            endLater(receive, reason, why);
        }
    }

    private void endLater(Receive<?> claimed, FailureReason reason, String why) {
        router.callbacks().execute(() -> claimed.end(reason, why));
    }

    private String why(FailureReason reason, Duration timeout) {
        if (reason == Reason.MAILBOX_CLOSED) {
            return whyClosed();
        }
        return reason == Reason.TIMED_OUT ? "within " + NodeLog.text(timeout) : "because too many calls wait already";
    }

    private synchronized String whyClosed() {
        return closedWithNode ? "because node " + router.name() + " has stopped" : "because the mailbox was closed";
    }

    @Override
    public String toString() {
        return "Mailbox(" + address() + ")";
    }
}
