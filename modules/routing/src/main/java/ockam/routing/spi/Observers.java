// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.annotation.InternalApi;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * INTERNAL API. Those who observe all nodes of an actor system, also those that are created later. Thread safe.
 *
 * <p>Each node has them in its own list of observers, so that a message costs a node without observers one look at one list.
 */
@InternalApi
public final class Observers implements Extension {
    /** Somebody who can be observed: a node. */
    public interface Observed {
        /** The name of the node. */
        String name();

        /** Messages under way, from where they came in to where they end. */
        int messagesUnderWay();

        /** What they hold, in bytes. */
        long bytesUnderWay();

        /** Adds an observer, which sees what happens here from now on. */
        void addObserver(Observer observer);

        /** Removes an observer, which then sees nothing more. */
        void removeObserver(Observer observer);
    }

    private static final class Id extends ExtensionId<Observers> {
        private static final Id INSTANCE = new Id();

        @Override
        public Observers createExtension(ActorSystem<?> system) {
            return new Observers();
        }
    }

    private final Set<Observed> nodes = new HashSet<>(); // guarded by this
    private final Set<Observer> observers = new HashSet<>(); // guarded by this

    private Observers() {}

    /** Those of this actor system. */
    public static Observers get(ActorSystem<?> system) {
        return Id.INSTANCE.apply(system);
    }

    /** Adds an observer, which sees what happens on every node from now on. */
    public synchronized void add(Observer observer) {
        if (observers.add(observer)) {
            nodes.forEach(node -> node.addObserver(observer));
        }
    }

    /** Removes an observer, which then sees nothing more. */
    public synchronized void remove(Observer observer) {
        if (observers.remove(observer)) {
            nodes.forEach(node -> node.removeObserver(observer));
        }
    }

    /** The nodes of this actor system that have not stopped. */
    public synchronized List<Observed> nodes() {
        return List.copyOf(nodes);
    }

    synchronized void joined(Observed node) {
        nodes.add(node);
        observers.forEach(node::addObserver);
    }

    synchronized void left(Observed node) {
        nodes.remove(node);
    }
}
