// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.Done;
import akka.actor.AllDeadLetters;
import akka.actor.Cancellable;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import ockam.routing.NodeSettings;
import ockam.routing.RoutingException;
import ockam.routing.spi.NodeSystem;
import ockam.routing.spi.Router;
import ockam.wire.internal.SettingsBlock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of an actor system, their settings and dispatchers: an Akka extension. Two actor systems in one JVM share nothing.
 *
 * <p>Thread safe.
 */
public final class Ockam implements Extension {
    private static final Logger LOG = LoggerFactory.getLogger(Ockam.class);
    private static final Pattern NODE_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    /** How Akka finds the extension. */
    public static final class Id extends ExtensionId<Ockam> {
        private static final Id INSTANCE = new Id();

        private Id() {}

        @Override
        public Ockam createExtension(ActorSystem<?> system) {
            return new Ockam(system);
        }
    }

    private final NodeSystem system;
    private final NodeSettings settings;
    private final StreamSettings streams;
    private final ConnectionSettings connections;
    private final Map<String, Node> nodes = new ConcurrentHashMap<>();

    private Ockam(ActorSystem<?> system) {
        this.system = new NodeSystem(system);
        Config configuration = system.settings().config();
        ClassLoader classes = system.dynamicAccess().classLoader();
        boolean failMixed =
                new SettingsBlock("ockam").read("fail-mixed-versions", key -> configuration.getBoolean("ockam." + key));
        LibraryVersions.of(classes, akka.actor.ActorSystem.Version()).check(failMixed);
        UnknownSettings.warnings(configuration, UnknownSettings.reference(classes))
                .forEach(LOG::warn);
        this.streams = StreamSettings.create(new SettingsBlock("ockam.stream").block(configuration::getConfig));
        this.connections =
                ConnectionSettings.create(new SettingsBlock("ockam.connection").block(configuration::getConfig));
        this.settings = NodeSettings.create(new SettingsBlock("ockam.node").block(configuration::getConfig));
        try {
            ActorRef<AllDeadLetters> lostAndFound = this.system.spawn(
                    // It serves all nodes and has no state, so it goes on.
                    Behaviors.supervise(LostAndFound.create()).onFailure(SupervisorStrategy.resume()),
                    "ockam-lost-and-found",
                    DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER));
            akka.actor.ActorSystem classic = Adapter.toClassic(system);
            classic.eventStream().subscribe(Adapter.toClassic(lostAndFound), AllDeadLetters.class);
            classic.registerOnTermination(this::terminated);
        } catch (RoutingException | RejectedExecutionException e) {
            // The actor system is terminating or has terminated: no node can be created, and callers are told so.
            terminated();
        }
    }

    /** However the actor system was terminated, every actor has ended, and nothing else would tell those that wait for a node. */
    private void terminated() {
        List<Node> left;
        synchronized (this) {
            left = List.copyOf(nodes.values());
        }
        left.forEach(node -> node.router().terminated());
        system.terminated();
    }

    /**
     * The extension of this actor system.
     *
     * @throws IllegalStateException if modules of the library in different versions are mixed, or Akka is too old for it
     */
    public static Ockam get(ActorSystem<?> system) {
        return Id.INSTANCE.apply(system);
    }

    /**
     * Creates a node. It stops when it is told to, or with the actor system, in phase {@code service-stop} of Coordinated Shutdown.
     *
     * @param name 1 to 64 letters, digits, {@code -} and {@code _}; unique in the actor system
     * @throws RoutingException {@code NODE_NAME_IN_USE}, or {@code NODE_STOPPED} if the actor system terminates or has terminated
     */
    public synchronized Node createNode(String name) {
        if (!NODE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a node's name is 1 to 64 letters, digits, '-' and '_'");
        }
        if (nodes.containsKey(name)) {
            throw new RoutingException(RoutingException.Reason.NODE_NAME_IN_USE, "node " + name + " exists");
        }
        Router router = new Router(name, system, settings, () -> nodes.remove(name));
        Node node = new Node(router, streams, connections);
        nodes.put(name, node);
        Supplier<CompletionStage<Done>> stop = node::stop;
        Cancellable shutdown = CoordinatedShutdown.get(system.system())
                .addCancellableTask(CoordinatedShutdown.PhaseServiceStop(), "ockam-node-" + name, stop);
        Cancellable looks = settings.slowHandlerWarning()
                .map(interval -> system.system()
                        .scheduler()
                        .scheduleWithFixedDelay(
                                interval,
                                interval,
                                () -> node.slowHandlers().look(interval),
                                system.system().executionContext()))
                .orElse(Cancellable.alreadyCancelled());
        node.whenStopped().whenComplete((done, failure) -> {
            shutdown.cancel();
            looks.cancel();
        });
        router.logged(() -> LOG.info("Node {} started", name));
        return node;
    }

    /** The node with this name, if it has not stopped. */
    public Optional<Node> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    /** The settings of streams. */
    public StreamSettings streamSettings() {
        return streams;
    }

    /** The settings that were read when the extension was first used. */
    public NodeSettings settings() {
        return settings;
    }

    /** Where signatures and key agreements run: {@code ockam.crypto-dispatcher}. Give it to a software vault. */
    public Executor cryptoExecutor() {
        return system.system().dispatchers().lookup(DispatcherSelector.fromConfig("ockam.crypto-dispatcher"));
    }
}
