// SPDX-License-Identifier: Apache-2.0

package ockam.routing.spi;

import akka.Done;
import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import akka.annotation.InternalApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.routing.Metadata;
import ockam.routing.NodeSettings;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.wire.Address;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * INTERNAL API. The inside of a node: the address table, the path of a message through it, and the order in which everything stops. For the
 * other modules of this project.
 *
 * <p>Thread safe. Sending takes no lock: on the sender's thread, the address is looked up, the two access controls are asked, and the
 * message is handed to the holder of the address (routing, section 1.5).
 */
@InternalApi
public final class Router implements Endpoint.Host, Observers.Observed {
    private static final Logger LOG = LoggerFactory.getLogger(Router.class);
    private static final Duration SETTLING_TIME = Duration.ofSeconds(1);

    /** How many addresses a line in the log has at most. */
    private static final int MOST_NAMED = 16;

    private final String name;
    private final NodeSystem system;
    private final NodeSettings settings;
    private final Drops drops;
    private final FlowControls flowControls;
    private final ActorRef<AddressWatcher.Command> watcher;
    private final AddressTable table;
    private final ByteBudget budget;
    private final Window.Lane plainSends;
    /** Of the messages under way, those that wait in mailboxes. */
    private final AtomicInteger atRest = new AtomicInteger();

    private final Hints hints = new Hints();
    private final Backlog backlog;
    private final AtomicLong permitNumbers = new AtomicLong();
    private final List<Observer> observers = new CopyOnWriteArrayList<>();
    private final Runnable onStopped;
    /** By what happened, of which there are a few kinds. */
    private final Map<String, LogLimit> news = new ConcurrentHashMap<>();

    private volatile long stopBegan; // by System.nanoTime
    private final AtomicBoolean over = new AtomicBoolean();
    private final CompletableFuture<Done> stopped = new CompletableFuture<>();
    private final CompletionStage<Done> whenStopped;

    /**
     * Creates the router of a node with this name.
     *
     * @param system where it lives
     * @param onStopped runs when the node has stopped, before anyone is notified
     * @throws RoutingException {@code NODE_STOPPED} if the actor system is terminating or has terminated
     */
    public Router(String name, NodeSystem system, NodeSettings settings, Runnable onStopped) {
        this.onStopped = onStopped;
        this.name = name;
        this.system = system;
        this.settings = settings;
        this.drops = new Drops(system.system(), name, this::observed, settings.dropLogInterval(), System::nanoTime);
        this.flowControls = new FlowControls(name, settings.refusedPairsLogged(), this::awaitsAnswers);
        this.table = new AddressTable(name, this, flowControls, this::freed);
        this.backlog = new Backlog(table.registrations(), System::nanoTime);
        this.budget = new ByteBudget(settings.maxBytesUnderWay());
        this.plainSends = openWindow(settings.sendWindow(), settings.sendWindowBytes(), () -> {})
                .lane();
        this.whenStopped =
                stopped.thenApplyAsync(done -> done, system.callbacks()).minimalCompletionStage();
        // It must not stop over one bad message, or the addresses of all others would never be freed.
        this.watcher = spawn(
                Behaviors.supervise(AddressWatcher.create()).onFailure(SupervisorStrategy.resume()),
                "watcher",
                Props.empty());
        system.joined(name, address -> find(address) != null);
        Observers.get(system.system()).joined(this);
        observed(() -> new RoutingEvent.NodeStarted(name));
    }

    @Override
    public String name() {
        return name;
    }

    /** The actor system. */
    public ActorSystem<?> system() {
        return system.system();
    }

    /** What the node drops. */
    public Drops drops() {
        return drops;
    }

    @Override
    public void dropped(DropReason reason, Address address, Supplier<String> detail) {
        drops.dropped(reason, address, detail);
    }

    /** What may come in from outside. */
    public FlowControls flowControls() {
        return flowControls;
    }

    /** The settings of the node. */
    public NodeSettings settings() {
        return settings;
    }

    @Override
    public void addObserver(Observer observer) {
        observers.add(observer);
    }

    @Override
    public void removeObserver(Observer observer) {
        observers.remove(observer);
    }

    /** Creates an event and shows it to the observers, if there are any. */
    public void observed(Supplier<Observer.Event> event) {
        if (observers.isEmpty()) {
            return;
        }
        Observer.Event made = event.get();
        for (Observer observer : observers) {
            try {
                observer.on(made);
            } catch (Throwable e) {
                observerThrew(made.name(), e);
            }
        }
    }

    private void observeDelivery(Endpoint from, Endpoint to, LocalMessage message, @Nullable Permit permit) {
        for (Observer observer : observers) {
            try {
                observer.onDelivered(name, from.sends(), () -> delivered(from, to, message, permit));
            } catch (Throwable e) {
                observerThrew(RoutingEvent.MessageDelivered.NAME, e);
            }
        }
    }

    private void observerThrew(String event, Throwable failure) {
        Failures.rethrowIfFatal(failure);
        if (isNews("observer")) {
            logged(() -> LOG.error("An observer threw at {}", event, failure));
        }
    }

    @Override
    public void observed(Function<String, Observer.Event> event) {
        observed(() -> event.apply(name));
    }

    private Observer.Event delivered(Endpoint from, Endpoint to, LocalMessage message, @Nullable Permit permit) {
        return new RoutingEvent.MessageDelivered(
                name,
                from.address(),
                to.address(),
                message.onwardRoute(),
                message.returnRoute(),
                message.payload().size(),
                permit == null ? OptionalLong.empty() : OptionalLong.of(permit.number(permitNumbers)),
                from.sends());
    }

    /** Where stages of the public API are completed, so that application code never runs on a thread that moves messages. */
    public Executor callbacks() {
        return system.callbacks();
    }

    /** Does something later, unless the actor system has terminated by then. */
    public Cancellable after(Duration time, Runnable action) {
        return system.after(time, action);
    }

    /**
     * Starts an actor immediately, from any thread.
     *
     * @throws RoutingException {@code NODE_STOPPED} if the actor system is terminating or has terminated
     */
    public <M> ActorRef<M> spawn(Behavior<M> behavior, String kind, Props props) {
        return system.spawn(behavior, "ockam-" + name + "-" + kind, props);
    }

    /** The same for the one actor that holds the addresses: they are given back when it ends, in whatever way, or cannot be started. */
    public <M> ActorRef<M> spawn(Registration registration, Behavior<M> behavior, String kind, Props props) {
        try {
            ActorRef<M> actor = spawn(behavior, kind, props);
            watch(actor, registration);
            return actor;
        } catch (RuntimeException e) {
            registration.end();
            throw e;
        }
    }

    /** Ends the registration when this actor ends, for whatever reason. */
    public void watch(ActorRef<?> actor, Registration registration) {
        registration.heldBy(actor);
        if (NodeSystem.canBeWatched(actor)) {
            watcher.tell(new AddressWatcher.Watch(actor, registration));
        }
    }

    /**
     * Takes addresses immediately, all or none: messages sent to them wait until {@link Registration#open}, so that a holder that sends
     * right away misses no reply. {@link Registration#end} gives them back.
     *
     * @param specs the addresses and their rules; if empty, the registration is only a place in the order in which the node stops
     * @param step when the holder is told to stop with its node
     * @throws RoutingException if an address is in use or the node is stopping; nothing is taken then
     */
    public Registration register(List<EndpointSpec> specs, ShutdownOrder step) {
        endAbandoned(specs);
        Registration registration = table.take(specs, step);
        if (!specs.isEmpty()) {
            List<Address> taken = specs.stream().map(EndpointSpec::address).toList();
            observed(() -> new RoutingEvent.AddressesTaken(name, taken, step));
        }
        return registration;
    }

    /**
     * The same for an actor, which keeps what it holds when it is restarted: if it has the first address already, it gets the same
     * registration again. If it has not, it is watched.
     */
    public Registration hold(ActorRef<?> actor, List<EndpointSpec> specs, ShutdownOrder step) {
        Registration present = find(specs.get(0).address());
        if (present != null && present.isHeldBy(actor)) {
            return present;
        }
        Registration registration = register(specs, step);
        watch(actor, registration);
        return registration;
    }

    /** Those who watch an actor may be told of its end before this node is, and start a successor. */
    private void endAbandoned(List<EndpointSpec> wanted) {
        for (EndpointSpec spec : wanted) {
            Registration present = find(spec.address());
            if (present != null && present.isAbandoned()) {
                present.end();
            }
        }
    }

    private void freed(List<Address> addresses) {
        observed(() -> new RoutingEvent.AddressesFreed(name, addresses));
    }

    @Override
    public @Nullable Permit admit(LocalMessage message) {
        return plainSends.tryAdmit(message.footprint());
    }

    @Override
    public Permit admitAlways(LocalMessage message) {
        return plainSends.admit(message.footprint());
    }

    /** The path of every message: the table, both access controls, and the holder of the address, on the sender's thread. */
    @Override
    public @Nullable DropReason dispatch(Endpoint from, LocalMessage message, @Nullable Permit permit) {
        if (message.onwardRoute().isEmpty()) {
            return RoutingDropReason.INCOMPLETE_ROUTE;
        }
        if (message.onwardRoute().size() > settings.maxRouteLength()
                || message.returnRoute().size() > settings.maxRouteLength()) {
            return RoutingDropReason.ROUTE_TOO_LONG;
        }
        Address next = message.onwardRoute().next();
        AddressTable.Entry entry = table.find(next);
        if (entry == null) {
            return table.isClosed() ? RoutingDropReason.NODE_STOPPED : RoutingDropReason.NO_SUCH_ADDRESS;
        }
        Endpoint to = entry.endpoint();
        if (to.isTooLarge(message)) {
            return RoutingDropReason.TOO_LARGE;
        }
        Delivery delivery = new Delivery(to, from.address(), message, permit);
        if (!from.letsOut(next, message)) {
            delivery.lost(RoutingDropReason.OUTGOING_DENIED, from.notLetOut(next, message));
        } else if (!to.letsIn(from.address(), message)) {
            delivery.lost(RoutingDropReason.INCOMING_DENIED, to.notLetIn(from.address(), message));
        } else {
            if (!observers.isEmpty()) {
                observeDelivery(from, to, message, permit);
            }
            entry.registration().deliver(delivery);
        }
        return null;
    }

    /**
     * Opens a window, for a guest that lets messages in and can wait for room.
     *
     * @param maxMessages messages that may be under way, at least 1
     * @param maxBytes their bytes; a single message may have more
     * @param wake run, on any thread, when an entrance that {@linkplain Window#sleep sleeps} should try again
     */
    public Window openWindow(int maxMessages, long maxBytes, Runnable wake) {
        return new Window(maxMessages, maxBytes, budget, wake);
    }

    /**
     * Opens the window of a connection; see {@link #openWindow}.
     *
     * @param wake run, on any thread, when a reader that sleeps should try again
     */
    public ReadWindow openReadWindow(ReadWindow.Bounds bounds, Runnable wake) {
        return new ReadWindow(bounds, budget, wake);
    }

    @Override
    public int messagesUnderWay() {
        return budget.messages();
    }

    /** What the messages under way hold, in bytes: payloads, and routes by the objects that they become. */
    @Override
    public long bytesUnderWay() {
        return budget.bytes();
    }

    /** So many messages more, or fewer, wait in mailboxes for as long as it takes: the node that stops does not wait for them. */
    public void atRest(int change) {
        atRest.addAndGet(change);
        budget.lookAgain();
    }

    @Override
    public Runnable whenForgotten(Object object, Runnable action) {
        return system.whenForgotten(object, action);
    }

    /** The registration that holds an address, or null. */
    public @Nullable Registration find(Address address) {
        AddressTable.Entry entry = table.find(address);
        return entry == null ? null : entry.registration();
    }

    private boolean awaitsAnswers(Address address) {
        AddressTable.Entry entry = table.find(address);
        return entry != null && entry.endpoint().awaitsAnswers();
    }

    /** What the node knows about an address, if it is in use. */
    public Optional<Metadata> metadata(Address address) {
        return Optional.ofNullable(table.find(address))
                .map(entry -> entry.endpoint().metadata());
    }

    /** The first address of a route that is in use and terminal. */
    public Optional<Address> firstTerminal(Route route) {
        Endpoint first = firstTerminalEndpoint(route);
        return first == null ? Optional.empty() : Optional.of(first.address());
    }

    /**
     * Only hops are passed over. What else lives in front of the first terminal address keeps the message, or sends it elsewhere, and so does
     * whoever takes an address that is free now.
     */
    @Override
    public Optional<Peer> peer(Route onwardRoute) {
        // Without an iterator: outgoing controls ask this for each message, which must allocate nothing.
        for (Route rest = onwardRoute; !rest.isEmpty(); rest = rest.step()) {
            AddressTable.Entry entry = table.find(rest.next());
            if (entry == null) {
                return Optional.empty();
            }
            Endpoint endpoint = entry.endpoint();
            if (endpoint.metadata().terminal() || !endpoint.passesOn()) {
                return endpoint.peer();
            }
        }
        return Optional.empty();
    }

    private @Nullable Endpoint firstTerminalEndpoint(Route route) {
        for (Route rest = route; !rest.isEmpty(); rest = rest.step()) {
            AddressTable.Entry entry = table.find(rest.next());
            if (entry != null && entry.endpoint().metadata().terminal()) {
                return entry.endpoint();
            }
        }
        return null;
    }

    /** A route, and by which connection it leaves this node, if that is known: for an exception. */
    @Override
    public String along(Route route) {
        return NodeLog.text(route)
                + firstTerminal(route)
                        .flatMap(this::metadata)
                        .flatMap(known -> Optional.ofNullable(known.attributes().get(Metadata.REMOTE)))
                        .map(remote -> ", which leaves this node by " + remote + ",")
                        .orElse("");
    }

    /**
     * Why a message could not be sent along a route, in words: for an exception.
     *
     * @param reason which it was
     */
    @Override
    public String explain(FailureReason reason, Route route) {
        Address missing = reason == RoutingDropReason.NO_SUCH_ADDRESS ? firstMissing(route) : null;
        if (missing != null) {
            return "nothing lives at " + NodeLog.text(missing) + hint(missing);
        }
        if (reason == RoutingDropReason.NODE_STOPPED) {
            return "node " + name + " is stopping or has stopped";
        }
        if (reason == RoutingDropReason.NO_ROOM) {
            return messagesUnderWay() + " messages with " + bytesUnderWay() + " bytes are under way on node " + name
                    + backlog.where();
        }
        return NodeLog.text(route);
    }

    /** The first address of a route at which nothing lives, up to where the route leaves this node; null if there is none. */
    private @Nullable Address firstMissing(Route route) {
        for (Address address : route) {
            AddressTable.Entry entry = table.find(address);
            if (entry == null) {
                return address;
            }
            if (entry.endpoint().metadata().terminal()) {
                return null;
            }
        }
        return null;
    }

    /** Remembers for a while what lived at an address, for those who still send there. */
    public void was(Address address, String what) {
        hints.was(address, what);
    }

    @Override
    public String hint(Address missing) {
        return system.whoElseHas(missing, name)
                .map(neighbour -> "; node " + neighbour + " has that address, but this is node " + name)
                .orElseGet(() -> hints.nobodyAt(missing, table.addresses()));
    }

    /** How many addresses are in use. */
    public int addressCount() {
        return table.size();
    }

    /** The application's code threw an exception; the message is refused. Logged only once in a while, because strangers may cause it. */
    @Override
    public void userCodeFailed(String what, Address address, Throwable failure) {
        if (isNews(what)) {
            logged(() ->
                    LOG.error("The {} of {} threw, which refuses the message", what, NodeLog.text(address), failure));
        }
    }

    /** Whether something that strangers may cause again and again is to be logged now; {@code what} is one of a few texts, each of which is kept. */
    public boolean isNews(String what) {
        return news.computeIfAbsent(what, unused -> new LogLimit(settings.dropLogInterval(), System::nanoTime))
                .passes();
    }

    /** Runs a piece of code that logs, with the node's name in the MDC. */
    public void logged(Runnable log) {
        NodeLog.in(name, log);
    }

    /** Whether the node has stopped. */
    public boolean isStopped() {
        return stopped.isDone();
    }

    /** Completes when the node has stopped. The same for all who ask. */
    public CompletionStage<Done> whenStopped() {
        return whenStopped;
    }

    /**
     * Stops everything that lives here, step by step ({@link ShutdownOrder}). When the channels have ended, and once more at the end, it
     * waits a little until nothing is under way any more.
     *
     * <p>What does not stop does not spoil the order for the rest: a quarter of the stop-timeout is for streams and for what connections have
     * read, and half of it has passed at most when the connections are told to close. It is waited for in the end.
     */
    public CompletionStage<Done> stop() {
        if (!table.close()) {
            return whenStopped;
        }
        stopBegan = System.nanoTime();
        CompletableFuture<Void> quarter = new CompletableFuture<>();
        CompletableFuture<Void> half = new CompletableFuture<>();
        CompletableFuture<Void> timeUp = new CompletableFuture<>();
        List<CompletableFuture<?>> told = new CopyOnWriteArrayList<>();
        CompletableFuture<?> all = CompletableFuture.completedFuture(null);
        for (ShutdownOrder step : ShutdownOrder.values()) {
            CompletableFuture<Void> limit = switch (step) {
                case SENDING_STREAMS -> quarter;
                case LISTENERS, CHANNELS, WORKERS, RECEIVING_STREAMS -> half;
                case CONNECTIONS, MAILBOXES -> timeUp;
            };
            all = all.thenCompose(unused -> {
                CompletableFuture<?> ended = stopAll(step);
                told.add(ended);
                return CompletableFuture.anyOf(ended, limit);
            });
            if (step == ShutdownOrder.CHANNELS) {
                // What they have sent last needs the hops and connections that stop next.
                all = all.thenCompose(unused -> settled(limit));
            }
        }
        all = all.thenCompose(unused ->
                CompletableFuture.anyOf(CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)), timeUp));
        // What was told to actors that have just ended is still being found.
        all = all.thenCompose(unused -> settled(timeUp));
        if (!all.isDone()) {
            Duration time = settings.stopTimeout();
            List<Cancellable> timers = List.of(
                    after(time.dividedBy(4), () -> quarter.complete(null)),
                    after(time.dividedBy(2), () -> half.complete(null)),
                    after(time, () -> giveUp(timeUp)));
            all = all.whenComplete((done, failure) -> timers.forEach(Cancellable::cancel));
        }
        var unused = all.whenComplete((done, failure) -> finish());
        return whenStopped;
    }

    /** How long a node that stops waits for what is under way: what its connections have read, after its channels, and at the end. */
    public Duration settlingTime() {
        return shorter(SETTLING_TIME, settings.stopTimeout().dividedBy(4));
    }

    /** How long a connection of a node that stops may take to close, if it would wait for so long, so that the node still stops in time. */
    public Duration closingTime(Duration longest) {
        Duration left = settings.stopTimeout().multipliedBy(7).dividedBy(8).minusNanos(System.nanoTime() - stopBegan);
        return left.isNegative() ? Duration.ZERO : shorter(longest, left);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** From now on the rest is told to stop, and nothing is waited for. */
    private void giveUp(CompletableFuture<Void> timeUp) {
        List<Registration> hanging =
                table.registrations().stream().filter(Registration::isStopping).toList();
        String addresses = hanging.stream()
                .flatMap(registration -> registration.endpoints().stream().limit(1))
                .map(endpoint -> NodeLog.text(endpoint.address()))
                .sorted()
                .limit(MOST_NAMED)
                .collect(Collectors.joining(", "));
        logged(() -> LOG.warn(
                "Node {} waited {} and goes on without {} that did not stop{}{}; {} messages are under way",
                name,
                NodeLog.text(settings.stopTimeout()),
                hanging.size(),
                addresses.isEmpty() ? "" : ": ",
                addresses,
                messagesUnderWay()));
        timeUp.complete(null);
    }

    private CompletableFuture<Void> stopAll(ShutdownOrder step) {
        return CompletableFuture.allOf(table.registrations().stream()
                .filter(registration -> registration.step() == step)
                .map(registration -> registration.stop(StopCause.NODE_STOPPING).toCompletableFuture())
                .toArray(CompletableFuture[]::new));
    }

    /** Completes when nothing is under way but what waits in mailboxes, or when it has taken too long. */
    private CompletableFuture<?> settled(CompletableFuture<Void> timeUp) {
        CompletableFuture<Void> settled = new CompletableFuture<>();
        budget.watch(() -> {
            if (hasSettled()) {
                settled.completeAsync(() -> null, callbacks()); // not on a thread that moves messages
            }
        });
        if (hasSettled()) {
            settled.complete(null);
        }
        CompletableFuture<?> end = CompletableFuture.anyOf(settled, timeUp);
        if (end.isDone()) {
            budget.watch(null);
            return end;
        }
        Cancellable timer = after(settlingTime(), () -> settled.complete(null));
        return end.whenComplete((done, failure) -> {
            budget.watch(null);
            timer.cancel();
        });
    }

    private boolean hasSettled() {
        return budget.messages() <= atRest.get();
    }

    /** The actor system has terminated, and every actor with it: what is left here ends now, and those who wait are told. */
    public void terminated() {
        table.close();
        for (Registration registration : table.registrations()) {
            registration.stop(StopCause.NODE_STOPPING); // some are held by nobody who could have ended
            registration.end();
        }
        finish();
    }

    private void finish() {
        if (over.compareAndSet(false, true)) {
            system.left(name);
            watcher.tell(AddressWatcher.Stop.INSTANCE);
            logged(() -> LOG.info("Node {} stopped", name));
            observed(() -> new RoutingEvent.NodeStopped(name));
            Observers.get(system.system()).left(this);
            onStopped.run();
            stopped.complete(Done.getInstance());
        }
    }
}
