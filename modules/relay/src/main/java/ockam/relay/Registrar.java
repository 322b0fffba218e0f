// SPDX-License-Identifier: Apache-2.0

package ockam.relay;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.node.WorkerOptions;
import ockam.node.WorkerRef;
import ockam.routing.DropReason;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import ockam.wire.WireException;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker of a relay service: decides about registrations, and knows all relays. They are workers of their own, so that what they pass on
 * does not go through here.
 */
final class Registrar extends AbstractBehavior<Registrar.Command> {
    /** What a node sends that wants no particular name. */
    static final String EPHEMERAL = "register";

    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
    /** Strangers can invent any number of names. */
    private static final int MOST_REFUSALS_LOGGED = 256;

    private static final int MOST_CHARACTERS = 80;

    /** What the registrar understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** A registration. */
    record Asked(Routed<String> message) implements Command {}

    /** The connection or channel by which a relay was registered has ended. */
    private record WayGone(Address relay, long registration) implements Command {}

    /** That was long ago. */
    private record GoneForLong(Address relay, long registration) implements Command {}

    /** A relay has ended. */
    private record Ended(Address address, WorkerRef<RelayWorker.Command> worker) implements Command {}

    /** Those who are refused the same name by the same way are refused once, as far as the log is concerned. */
    private record Refused(String name, Object holder) {}

    /**
     * A relay that lives.
     *
     * @param registration counts all registrations
     * @param way the address at which its route leaves this node
     * @param unwatch no longer look whether that is there
     */
    private record Relay(
            WorkerRef<RelayWorker.Command> worker, RelayInfo info, long registration, Address way, Runnable unwatch) {
        /** Whose relays are counted together. */
        Object holder() {
            return info.holder().<Object>map(holder -> holder).orElse(way);
        }

        Relay gone(Instant since) {
            return new Relay(
                    worker,
                    new RelayInfo(info.address(), info.route(), info.holder(), info.since(), Optional.of(since)),
                    registration,
                    way,
                    unwatch);
        }
    }

    private final TimerScheduler<Command> timers;
    private final Node node;
    private final Router router;
    private final RelayServiceOptions options;
    private final RelaySettings settings;
    private final Map<Address, RelayInfo> shown;
    private final Map<Address, Relay> relays = new HashMap<>();
    private final Set<Refused> refused = new HashSet<>();
    private long registrations;

    /** With the map in which it shows its relays to others. */
    static Behavior<Command> create(
            Node node, RelayServiceOptions options, RelaySettings settings, Map<Address, RelayInfo> shown) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Registrar(context, timers, node, options, settings, shown)));
    }

    private Registrar(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Node node,
            RelayServiceOptions options,
            RelaySettings settings,
            Map<Address, RelayInfo> shown) {
        super(context);
        this.timers = timers;
        this.node = node;
        this.router = NodeAccess.router(node);
        this.options = options;
        this.settings = settings;
        this.shown = shown;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Asked.class, this::asked)
                .onMessage(WayGone.class, this::wayGone)
                .onMessage(GoneForLong.class, this::goneForLong)
                .onMessage(Ended.class, this::ended)
                .onSignal(PostStop.class, this::stopped)
                .build();
    }

    private Behavior<Command> asked(Asked asked) {
        Routed<String> message = asked.message();
        if (!leadsToANode(message)) {
            drop(message, RoutingDropReason.INCOMPLETE_ROUTE);
            return this;
        }
        String name = message.body().equals(EPHEMERAL) ? randomName() : message.body();
        Address way = wayOf(message.returnRoute());
        Address address = addressOf(name);
        DropReason reason = address == null ? RelayDropReason.INVALID_NAME : register(message, name, address, way);
        if (reason != null) {
            drop(message, reason);
            log(reason, name, senderOf(message), way);
        }
        return this;
    }

    /**
     * Whether the return route names somebody behind the connection or channel by which it leaves this node. Otherwise the relay would lead
     * nowhere, or to a hop on this node: whoever sends to it could send on, from its address, to any worker here. Who lives on this node has
     * only its own address to name.
     */
    private boolean leadsToANode(Routed<String> message) {
        Route back = message.returnRoute();
        if (back.size() == 1) {
            return back.next().equals(message.source());
        }
        List<Address> all = back.toList();
        return router.firstTerminal(back)
                .filter(way -> all.indexOf(way) < all.size() - 1)
                .isPresent();
    }

    /** Returns why not, or null. */
    private @Nullable DropReason register(Routed<String> message, String name, Address address, Address way) {
        Relay present = relays.get(address);
        if (present != null && router.find(address) == null) {
            forget(present); // it has just been stopped, and soon its actor ends too
            present = null;
        }
        Optional<RelayInfo> holder = Optional.ofNullable(present).map(Relay::info);
        boolean isHoldersWay = present != null && present.way().equals(way);
        if (!isAllowed(new RelayRequest(name, message.peer(), way, holder, isHoldersWay))) {
            return RelayDropReason.REGISTRATION_REFUSED;
        }
        if (!makeRoom(present, senderOf(message).<Object>map(sender -> sender).orElse(way))) {
            return RelayDropReason.TOO_MANY_RELAYS;
        }
        WorkerRef<RelayWorker.Command> worker;
        if (present == null) {
            try {
                worker = start(address, message.returnRoute());
            } catch (RoutingException e) {
                return e.reason() == RoutingException.Reason.ADDRESS_IN_USE
                        ? RelayDropReason.NAME_NOT_FREE
                        : RoutingDropReason.NODE_STOPPED;
            }
        } else {
            worker = present.worker();
            present.unwatch().run();
            timers.cancel(address);
        }
        keep(worker, message, way, present);
        worker.ref().tell(new RelayWorker.Registered(message.returnRoute()));
        return null;
    }

    private WorkerRef<RelayWorker.Command> start(Address address, Route back) {
        WorkerOptions open =
                WorkerOptions.defaults().withIncoming(options.relayIncoming()).withOutgoing(options.relayOutgoing());
        for (var producer : options.relaysOpenTo()) {
            open = open.withOpenTo(producer);
        }
        WorkerRef<RelayWorker.Command> worker = node.start(
                address,
                Codec.any(),
                RelayWorker.create(node, address, address.value().utf8String(), back),
                RelayWorker.Data::new,
                open);
        for (Address mine : new Address[] {options.address(), options.staticAddress()}) {
            router.flowControls()
                    .consumedBy(mine)
                    .forEach(id -> router.flowControls().addConsumer(address, id));
        }
        getContext().watchWith(worker.ref(), new Ended(address, worker));
        return worker;
    }

    private void keep(
            WorkerRef<RelayWorker.Command> worker, Routed<String> message, Address way, @Nullable Relay before) {
        Address address = worker.address();
        long number = ++registrations;
        Optional<Identifier> sender = senderOf(message);
        boolean isSameHolder = before != null
                && before.info().holder().equals(sender)
                && (sender.isPresent() || before.way().equals(way));
        RelayInfo info = new RelayInfo(
                address,
                RelayWorker.toNode(message.returnRoute()),
                sender,
                before != null && isSameHolder ? before.info().since() : Instant.now(),
                Optional.empty());
        Relay relay = new Relay(worker, info, number, way, watch(way, new WayGone(address, number)));
        relays.put(address, relay);
        shown.put(address, info);
        if (before == null) {
            log("Relay {} leads along {}{}", info);
        } else if (!isSameHolder) {
            log("Relay {} has a new holder and leads along {}{}", info);
        }
    }

    private void log(String format, RelayInfo info) {
        router.logged(
                () -> LOG.info(format, NodeLog.text(info.address()), NodeLog.text(info.route()), by(info.holder())));
    }

    private Runnable watch(Address way, WayGone gone) {
        Registration connection = router.find(way);
        if (connection == null) {
            getContext().getSelf().tell(gone);
            return () -> {};
        }
        var self = getContext().getSelf();
        return connection.whenFree(() -> self.tell(gone));
    }

    /** The address at which a route leaves this node: that of a connection or channel, or else a worker of this node. */
    private Address wayOf(Route back) {
        return router.firstTerminal(back).orElse(back.next());
    }

    private static String randomName() {
        return Address.random().value().utf8String();
    }

    private @Nullable Address addressOf(String name) {
        try {
            Address address = Address.parse(options.prefix() + name);
            return address.isLocal() ? address : null;
        } catch (WireException e) {
            return null;
        }
    }

    private boolean isAllowed(RelayRequest request) {
        try {
            return options.policy().allows(request);
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            router.userCodeFailed("policy", options.address(), e);
            return false;
        }
    }

    // ---- bounds ----

    private boolean makeRoom(@Nullable Relay present, Object holder) {
        boolean isHoldersOwn = present != null && present.holder().equals(holder);
        return (isHoldersOwn || count(holder) < settings.maxRelaysPerHolder() || endLongestGone(Optional.of(holder)))
                && (present != null || relays.size() < settings.maxRelays() || endLongestGone(Optional.empty()));
    }

    private long count(Object holder) {
        return relays.values().stream()
                .filter(relay -> relay.holder().equals(holder))
                .count();
    }

    private boolean endLongestGone(Optional<Object> holder) {
        Optional<Relay> longest = relays.values().stream()
                .filter(relay -> relay.info().isGone())
                .filter(relay -> holder.isEmpty() || relay.holder().equals(holder.get()))
                .min(Comparator.comparing(relay -> relay.info().goneSince().orElseThrow()));
        longest.ifPresent(this::end);
        return longest.isPresent();
    }

    // ---- ends ----

    private Behavior<Command> wayGone(WayGone gone) {
        Relay relay = relays.get(gone.relay());
        if (relay != null && relay.registration() == gone.registration()) {
            Relay changed = relay.gone(Instant.now());
            relays.put(gone.relay(), changed);
            shown.put(gone.relay(), changed.info());
            settings.goneLimit()
                    .ifPresent(limit -> timers.startSingleTimer(
                            gone.relay(), new GoneForLong(gone.relay(), gone.registration()), limit));
        }
        return this;
    }

    private Behavior<Command> goneForLong(GoneForLong gone) {
        Relay relay = relays.get(gone.relay());
        if (relay != null && relay.registration() == gone.registration()) {
            router.logged(() -> LOG.info("Relay {} ends: its node has been gone for long", NodeLog.text(gone.relay())));
            end(relay);
        }
        return this;
    }

    private void end(Relay relay) {
        forget(relay);
        var unused = node.stop(relay.info().address());
    }

    private Behavior<Command> ended(Ended ended) {
        Relay relay = relays.get(ended.address());
        if (relay != null && relay.worker() == ended.worker()) {
            forget(relay);
        }
        return this;
    }

    private void forget(Relay relay) {
        Address address = relay.info().address();
        relay.unwatch().run();
        timers.cancel(address);
        relays.remove(address);
        shown.remove(address);
    }

    private Behavior<Command> stopped(PostStop signal) {
        for (Relay relay : relays.values().toArray(Relay[]::new)) {
            end(relay);
        }
        return this;
    }

    // ---- refusals ----

    private void drop(Routed<String> message, DropReason reason) {
        router.drops().dropped(reason, message.address());
    }

    private void log(DropReason reason, String name, Optional<Identifier> sender, Address way) {
        String shown = NodeLog.text(name, MOST_CHARACTERS);
        Object holder = sender.<Object>map(known -> known).orElse(way);
        if (refused.size() < MOST_REFUSALS_LOGGED && refused.add(new Refused(shown, holder))) {
            router.logged(() -> LOG.warn(
                    "No relay {} for what came by {}{}: {}", shown, NodeLog.text(way), by(sender), reason.name()));
        }
    }

    /** Who has sent a message, whatever authorities say about them at the moment. */
    private static Optional<Identifier> senderOf(Routed<?> message) {
        return message.peer().map(Peer::identifier);
    }

    private static String by(Optional<Identifier> sender) {
        return sender.map(known -> ", from peer " + known).orElse("");
    }
}
