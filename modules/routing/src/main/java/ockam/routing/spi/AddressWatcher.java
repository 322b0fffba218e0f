// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Watches the actors that live on a node, and ends their registrations when they end, for whatever reason: a worker that fails while it is
 * set up gets no {@code PostStop}, and an attached actor does not know its address.
 */
final class AddressWatcher extends AbstractBehavior<AddressWatcher.Command> {
    /** What the watcher understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** End the registration when the actor ends. One actor may have several. */
    record Watch(ActorRef<?> actor, Registration registration) implements Command {}

    /** The node has stopped: end when every registration has ended. */
    enum Stop implements Command {
        INSTANCE
    }

    private final Map<ActorRef<?>, Set<Registration>> watched = new HashMap<>();
    private boolean stopping;

    static Behavior<Command> create() {
        return Behaviors.setup(AddressWatcher::new);
    }

    private AddressWatcher(ActorContext<Command> context) {
        super(context);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Watch.class, this::watch)
                .onMessage(Stop.class, this::stop)
                .onSignal(Terminated.class, this::terminated)
                .build();
    }

    /** Also forgets registrations that the actor has outlived: it may be attached and detached many times. */
    private Behavior<Command> watch(Watch watch) {
        getContext().watch(watch.actor());
        Set<Registration> registrations = watched.computeIfAbsent(watch.actor(), unused -> new HashSet<>());
        registrations.removeIf(Registration::hasEnded);
        registrations.add(watch.registration());
        return this;
    }

    private Behavior<Command> terminated(Terminated terminated) {
        watched.getOrDefault(terminated.getRef(), Set.of()).forEach(Registration::end);
        watched.remove(terminated.getRef());
        return next();
    }

    private Behavior<Command> stop(Stop stop) {
        stopping = true;
        return next();
    }

    private Behavior<Command> next() {
        boolean done =
                stopping && watched.values().stream().flatMap(Set::stream).allMatch(Registration::hasEnded);
        return done ? Behaviors.stopped() : this;
    }
}
