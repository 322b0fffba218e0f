// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Adapter;
import akka.annotation.InternalApi;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;

/**
 * INTERNAL API. The actor system under the nodes, as they share it. Each call also does what it should while the actor system terminates and
 * afterwards, when it has no threads any more.
 *
 * <p>Thread safe.
 */
@InternalApi
public final class NodeSystem {
    private static final Cancellable NEVER = new Cancellable() {
        @Override
        public boolean cancel() {
            return false;
        }

        @Override
        public boolean isCancelled() {
            return true;
        }
    };

    private final ActorSystem<?> system;
    private final Executor threads;
    private final Executor callbacks = this::callBack;
    // Of the whole system: the actors of a node may still be stopping when another of the same name starts.
    private final AtomicLong actorNumbers = new AtomicLong();
    private final Forgotten forgotten = new Forgotten(this::after);
    private final Map<String, Predicate<Address>> nodes = new ConcurrentHashMap<>();
    private volatile boolean terminated;

    /** One for each actor system. */
    public NodeSystem(ActorSystem<?> system) {
        this.system = system;
        this.threads = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
    }

    /** The actor system. */
    public ActorSystem<?> system() {
        return system;
    }

    /**
     * Starts an actor at once, from any thread.
     *
     * @param name of its kind; a number follows
     * @throws RoutingException {@code NODE_STOPPED} if the actor system takes nobody in, since it terminates or has terminated
     */
    public <M> ActorRef<M> spawn(Behavior<M> behavior, String name, Props props) {
        try {
            return system.systemActorOf(behavior, name + "-" + actorNumbers.incrementAndGet(), props);
        } catch (IllegalStateException e) {
            throw new RoutingException(
                    RoutingDropReason.NODE_STOPPED, "the actor system terminates: " + e.getMessage());
        }
    }

    /** Does something later, unless the actor system has terminated by then. */
    Cancellable after(Duration time, Runnable action) {
        try {
            return system.scheduler().scheduleOnce(time, action, system.executionContext());
        } catch (IllegalStateException e) {
            return NEVER;
        }
    }

    /** Where stages of the public API are completed, so that a user's code never runs on a thread that moves messages. */
    Executor callbacks() {
        return callbacks;
    }

    private void callBack(Runnable callback) {
        if (!terminated) {
            try {
                threads.execute(callback);
                return;
            } catch (RejectedExecutionException e) {
                // It terminates just now.
            }
        }
        callback.run();
    }

    /**
     * Does something when an object has become unreachable, on some thread, unless it is called off before.
     *
     * @param action must not know the object
     * @return calls it off
     */
    Runnable whenForgotten(Object object, Runnable action) {
        return forgotten.add(object, action);
    }

    /** A node is here, which knows whether it has an address. */
    void joined(String node, Predicate<Address> has) {
        nodes.put(node, has);
    }

    /** The node has stopped. */
    void left(String node) {
        nodes.remove(node);
    }

    /** The name of another node at which an address is in use, if there is one. */
    Optional<String> whoElseHas(Address address, String node) {
        return nodes.entrySet().stream()
                .filter(other ->
                        !other.getKey().equals(node) && other.getValue().test(address))
                .map(Map.Entry::getKey)
                .min(Comparator.naturalOrder());
    }

    /**
     * Whether an actor can tell of its end. Only what stands for an actor in tests cannot: what {@code BehaviorTestKit} and
     * {@code TestInbox} have. Akka throws an exception at whoever watches one.
     */
    public static boolean canBeWatched(ActorRef<?> actor) {
        try {
            Adapter.toClassic(actor);
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /** From now on nothing is done on the threads of the actor system. */
    public void terminated() {
        terminated = true;
    }
}
