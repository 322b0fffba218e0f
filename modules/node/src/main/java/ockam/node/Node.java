// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.Addressed;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.routing.Metadata;
import ockam.routing.Producer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.NodeSignal;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import ockam.wire.internal.Failures;

/**
 * A place where workers live at addresses and send each other messages along routes (routing, section 1).
 *
 * <p>Created with {@link Ockam#createNode}. Thread safe; no method blocks. A node stops with its actor system, by Coordinated Shutdown, or
 * earlier with {@link #stop()}. If the actor system terminates without Coordinated Shutdown, the node ends with it, and every stage that it
 * has returned completes.
 */
public final class Node {
    private final Router router;
    private final StreamSettings streams;
    private final ConnectionSettings connections;
    private final Map<Address, Connection> byAddress = new ConcurrentHashMap<>();
    private final SlowHandlers slowHandlers;

    Node(Router router, StreamSettings streams, ConnectionSettings connections) {
        this.router = router;
        this.streams = streams;
        this.connections = connections;
        this.slowHandlers = new SlowHandlers(router);
    }

    /** The name that was given when the node was created. */
    public String name() {
        return router.name();
    }

    /** The actor system on which the node's workers run. */
    public ActorSystem<?> system() {
        return router.system();
    }

    Router router() {
        return router;
    }

    SlowHandlers slowHandlers() {
        return slowHandlers;
    }

    /** Starts a worker that understands any payload, such as a {@link Hop}. */
    public Worker start(Address address, Behavior<Routed<Any>> worker) {
        return start(address, Codec.any(), worker, WorkerOptions.defaults());
    }

    /** Starts a worker with default options. */
    public <T> Worker start(Address address, Codec<T> codec, Behavior<Routed<T>> worker) {
        return start(address, codec, worker, WorkerOptions.defaults());
    }

    /**
     * Starts a worker. It can receive messages as soon as the call returns; those that arrive before its behavior is set up wait in its
     * queue. A payload that the codec cannot decode is dropped and counted, and never reaches the worker. A worker whose setup fails gives
     * its address back; the caller is not told.
     *
     * <p>For a worker that also has messages of its own (timers, {@code pipeToSelf}, other actors that know it), see {@link #start(Address,
     * Codec, Behavior, Function)}.
     *
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}; nothing was started then
     */
    public <T> Worker start(Address address, Codec<T> codec, Behavior<Routed<T>> worker, WorkerOptions options) {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(worker, "worker");
        Registration registration = register(
                address, Hop.isHop(worker) ? options.hopEndpoints(address) : options.endpoints(address), options);
        start(registration, WorkerBehavior.around(worker, codec, registration, options, slowHandlers), options);
        return new Worker(registration.endpoint(address));
    }

    /** Starts a worker with its own protocol and default options; see the method with options. */
    public <T, C> WorkerRef<C> start(
            Address address, Codec<T> codec, Behavior<C> worker, Function<Routed<T>, C> asked) {
        return start(address, codec, worker, asked, WorkerOptions.defaults());
    }

    /**
     * Starts a worker with its own protocol: of each message that arrives at its address, {@code asked} makes one of the worker's commands.
     * The message counts as under way until the handler of that command returns, or for longer if it calls {@link Routed#defer}. Otherwise
     * the worker is like any other.
     *
     * <p>What other actors tell its reference, and what it tells itself, reaches it as it is. When the actor has stopped, its address is free
     * before those who watch it are told, or whoever takes the address gets it.
     *
     * @param worker may send from its address by {@link #workerAt}, also while it is set up
     * @param asked is part of the handler: if it throws, the worker has failed
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}; nothing was started then
     */
    public <T, C> WorkerRef<C> start(
            Address address, Codec<T> codec, Behavior<C> worker, Function<Routed<T>, C> asked, WorkerOptions options) {
        requireParts(address, codec, worker, asked, options);
        Registration registration = register(address, options.endpoints(address), options);
        ActorRef<NodeSignal> actor = start(
                registration,
                WorkerBehavior.around(worker, asked, codec, registration, options, slowHandlers),
                options);
        return new WorkerRef<>(registration.endpoint(address), actor.unsafeUpcast());
    }

    /** What is missing would otherwise show much later, in a log. */
    private static void requireParts(
            Address address, Codec<?> codec, Behavior<?> worker, Function<?, ?> asked, WorkerOptions options) {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(asked, "asked");
        Objects.requireNonNull(options, "options");
    }

    private Registration register(Address address, List<EndpointSpec> endpoints, WorkerOptions options) {
        Registration registration = router.register(endpoints, options.step());
        options.openTo().forEach(allow(address)::from);
        return registration;
    }

    private ActorRef<NodeSignal> start(
            Registration registration, Behavior<NodeSignal> behavior, WorkerOptions options) {
        ActorRef<NodeSignal> actor = router.spawn(registration, behavior, "worker", options.dispatcher());
        registration.open(
                Registration.Handler.telling(actor, actor::tell, cause -> actor.tell(WorkerInterceptor.Stop.INSTANCE)));
        return actor;
    }

    /** A worker that you start yourself, with default options; see the method with options. */
    public <T, C> Behavior<C> worker(
            Address address, Codec<T> codec, Behavior<C> worker, Function<Routed<T>, C> asked) {
        return worker(address, codec, worker, asked, WorkerOptions.defaults());
    }

    /**
     * A behavior with its own protocol that lives at an address of this node for as long as it runs: for an actor that you spawn yourself,
     * as a child or as the guardian. Everything else is as for a {@link #start(Address, Codec, Behavior, Function, WorkerOptions) worker}
     * that the node starts, except for its dispatcher, which you choose when you spawn it.
     *
     * <p>The address exists when the actor has started, which may be later than {@code spawn} returns. If it is taken by another, or the node
     * is stopping, that is logged and the actor stops. {@link #stop(Address)} stops the actor, and so does the end of the node.
     *
     * <p>You may put {@code Behaviors.supervise} around it: when the actor is restarted, it keeps its address and what was opened to it, and
     * the message that it failed on is over. The supervision of the options does the same with less effort, and never forgets a message that
     * waits: an outer one does, when the worker fails again before it has received all of them. These are counted as {@code FORGOTTEN} when
     * the worker receives a later one. The actor needs a mailbox in which messages stay in order, such as the default one.
     */
    public <T, C> Behavior<C> worker(
            Address address, Codec<T> codec, Behavior<C> worker, Function<Routed<T>, C> asked, WorkerOptions options) {
        requireParts(address, codec, worker, asked, options);
        return WorkerBehavior.holding(
                self -> hold(self, address, options), codec, worker, asked, options, slowHandlers);
    }

    /**
     * Gives an address to an actor that already exists, such as a test probe.
     *
     * <p>The address is given back when the actor ends or the address is stopped; stopping it does not stop the actor. An actor that attaches
     * itself again, because it was restarted, keeps the address. Payloads are decoded on the sender's thread.
     *
     * <p>A message counts as handled when it is in the actor's mailbox, which nothing bounds: a fast sender is not slowed down, and a peer
     * can fill the memory, of which a warning is logged when the first message of a peer arrives. A worker that was {@link #start started}
     * slows its senders down. So this is for
     * test probes, and for actors whose behavior is not yours; for your own, see {@link #worker(Address, Codec, Behavior, Function)}.
     *
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}
     */
    public <T> Worker attach(Address address, Codec<T> codec, ActorRef<Routed<T>> actor) {
        return attach(address, codec, actor, WorkerOptions.defaults());
    }

    /** The same with access control, metadata, more addresses, or another shutdown priority; the other options do not apply. */
    public <T> Worker attach(Address address, Codec<T> codec, ActorRef<Routed<T>> actor, WorkerOptions options) {
        Objects.requireNonNull(codec, "codec");
        Objects.requireNonNull(actor, "actor");
        Registration registration = hold(actor, address, options);
        AttachedActor<T> attached = new AttachedActor<>(router, address, codec, actor);
        registration.open(new Registration.Handler(attached::deliver, cause -> registration.end()));
        return new Worker(registration.endpoint(address));
    }

    /**
     * What lives at an address, to send from there: for a worker that wants to say something without being asked.
     *
     * @throws RoutingException {@code NO_SUCH_ADDRESS}
     */
    public Worker workerAt(Address address) {
        Registration registration = router.find(address);
        if (registration == null) {
            throw noSuchAddress(address);
        }
        return new Worker(registration.endpoint(address));
    }

    /**
     * Stops what lives at an address; any of its addresses will do. Queued messages are handled first, unless a worker waits to be
     * restarted. The addresses are free as soon as the call returns, and the stage completes when the worker has ended. A worker may stop
     * itself.
     *
     * @return fails with {@code NO_SUCH_ADDRESS} if nothing lives there
     */
    public CompletionStage<Done> stop(Address address) {
        Registration registration = router.find(address);
        return registration == null
                ? CompletableFuture.failedStage(noSuchAddress(address))
                : registration.stop(StopCause.STOPPED).thenApplyAsync(done -> done, router.callbacks());
    }

    /** Creates a mailbox at the local address with this name. */
    public Mailbox mailbox(String name) {
        return mailbox(Address.of(name), AccessControl.allowAll(), AccessControl.allowAll());
    }

    /**
     * Creates a mailbox: an address from which application code sends and at which it receives.
     *
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}
     */
    public Mailbox mailbox(Address address, AccessControl incoming, AccessControl outgoing) {
        return Mailbox.create(router, new EndpointSpec(address, incoming, outgoing, Metadata.none()));
    }

    /** Sends a question and takes the first reply, of the same type, within {@code ockam.node.receive-timeout}. */
    public <T> CompletionStage<Routed<T>> ask(Route route, Codec<T> codec, T question) {
        return ask(route, codec, codec, question);
    }

    /** The same within another time. */
    public <T> CompletionStage<Routed<T>> ask(Route route, Codec<T> codec, T question, Duration timeout) {
        return ask(route, codec, codec, question, timeout);
    }

    /** Sends a question and takes the first reply, of another type, within {@code ockam.node.receive-timeout}. */
    public <Q, R> CompletionStage<Routed<R>> ask(
            Route route, Codec<Q> questionCodec, Codec<R> answerCodec, Q question) {
        return ask(
                route, questionCodec, answerCodec, question, router.settings().receiveTimeout());
    }

    /**
     * Sends a question from a random address and takes the first message that arrives there as the reply (routing, section 7.5). If the
     * route begins with a producer, such as a channel, the address is opened to it, and so it is if a {@link Relay} sends the question there.
     *
     * <p>A caller that no longer waits may cancel the stage's {@code toCompletableFuture()}: the address is then given back immediately.
     *
     * @return fails with a {@link RoutingException}: {@code NO_SUCH_ADDRESS}, {@code NODE_STOPPED} and the like immediately if the question
     *     cannot be sent, {@code TIMED_OUT}, {@code UNDECODABLE} for a reply that the codec cannot decode, or {@code MAILBOX_CLOSED} if the
     *     node stops first; and with the codec's exception if it cannot encode the question
     */
    public <Q, R> CompletionStage<Routed<R>> ask(
            Route route, Codec<Q> questionCodec, Codec<R> answerCodec, Q question, Duration timeout) {
        if (route.isEmpty()) {
            return CompletableFuture.failedStage(refused(RoutingDropReason.INCOMPLETE_ROUTE, route));
        }
        Address address = Address.random();
        LocalMessage message;
        Mailbox temporary;
        try {
            message = LocalMessage.of(route, Route.of(address), questionCodec.encode(question));
            temporary = Mailbox.create(
                    router,
                    new EndpointSpec(
                                    address,
                                    AccessControl.allowAll(),
                                    AccessControl.allowOnward(route.next()),
                                    Metadata.none())
                            .awaitingAnswers());
        } catch (Throwable e) { // of the codec, or a RoutingException
            Failures.rethrowIfFatal(e);
            return CompletableFuture.failedStage(e);
        }
        router.flowControls()
                .producerBehind(route.next())
                .ifPresent(id -> router.flowControls().addConsumer(address, id));
        router.observed(() -> new NodeEvent.AskStarted(name(), address, route));
        Receive<R> answer = temporary.receive(
                answerCodec,
                timeout,
                () -> "no reply to a " + question.getClass().getSimpleName() + " that was sent along "
                        + router.along(route),
                problem -> {
                    router.observed(() -> new NodeEvent.AskEnded(name(), address, problem));
                    temporary.close();
                });
        if (temporary.send(message) instanceof SendResult.Refused refused) {
            RoutingException failure = refused(refused.reason(), route);
            answer.completeExceptionally(failure);
            return CompletableFuture.failedStage(failure);
        }
        return answer;
    }

    /**
     * A sink that sends each element along a route. It takes no more elements than its window allows under way: a slow consumer at the
     * other end of the route slows it down.
     *
     * <p>Order is kept along the route, and delivery is at most once. The sink completes when all that it sent has arrived or is lost, and
     * the {@link StreamReport} of its handle says which. It fails with a {@link RoutingException} when the route no longer leads anywhere,
     * that is, for a reason that {@linkplain DropReason#breaksRoute breaks the route}, and with the codec's exception if it cannot encode an
     * element. Its settings are in {@code ockam.stream}.
     *
     * <p>A sink takes no replies: what a worker replies to its messages is dropped.
     */
    public <T> Sink<T, StreamHandle> sink(Route route, Codec<T> codec) {
        Objects.requireNonNull(route, "route");
        Objects.requireNonNull(codec, "codec");
        return stream(() ->
                        StreamPort.at(sendOnly(), route, codec, Codec.any()).withHalves(StreamPort.Halves.INDEPENDENT))
                .to(Sink.cancelled());
    }

    <I, O> Flow<I, O, StreamHandle> stream(Supplier<StreamPort<I, O>> ports) {
        return Flow.fromGraph(new PortStage<>(router, streams, ports));
    }

    Flow<LocalMessage, List<LocalMessage>, Connection> connection(ConnectionSpec spec) {
        return Flow.fromGraph(new ConnectionStage(router, connections, streams, byAddress, spec));
    }

    private static EndpointSpec sendOnly() {
        return new EndpointSpec(Address.random(), AccessControl.denyAll(), AccessControl.allowAll(), Metadata.none());
    }

    /**
     * A source of the messages that arrive at an address. Each counts as under way until downstream has asked for it, which slows down a
     * stream that sent it.
     *
     * <p>Materialized again while the first stream runs, it fails with {@code ADDRESS_IN_USE}. It completes when the address is stopped,
     * once everything that has arrived has been taken.
     */
    public <T> Source<Routed<T>, StreamHandle> source(Address address, Codec<T> codec) {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(codec, "codec");
        return Source.<Any>empty()
                .viaMat(
                        stream(() -> StreamPort.at(EndpointSpec.open(address), Route.empty(), Codec.any(), codec)),
                        Keep.right());
    }

    /** Names an address to be opened to what comes in from outside; {@link Opening#from} says to which producer. */
    public Opening allow(Addressed consumer) {
        return allow(consumer.address());
    }

    /** Names an address to be opened to what comes in from outside, whether or not anything lives there yet. */
    public Opening allow(Address consumer) {
        return new Opening(router.flowControls(), consumer);
    }

    /** The second half of {@code node.allow(worker).from(listener)}. */
    public static final class Opening {
        private final FlowControls flowControls;
        private final Address consumer;

        private Opening(FlowControls flowControls, Address consumer) {
            this.flowControls = flowControls;
            this.consumer = consumer;
        }

        /** Opens the address to what this producer brings in. It remains open until the worker there is stopped. */
        public void from(Producer producer) {
            flowControls.addConsumer(consumer, producer.flowControlId());
            if (producer
                    .hasEnded()) { // looked at afterwards, because a producer that ends later takes its openings along
                flowControls.removeConsumer(consumer, producer.flowControlId());
            }
        }
    }

    /** What is known about an address, if it is in use. */
    public Optional<Metadata> metadata(Address address) {
        return router.metadata(address);
    }

    /** The first address of a route after which the route continues on another node (routing, section 7.2). */
    public Optional<Address> findTerminalAddress(Route route) {
        return router.firstTerminal(route);
    }

    /** The connection by which a route leaves this node, if it does so by one. */
    public Optional<Connection> findConnection(Route route) {
        return router.firstTerminal(route).flatMap(address -> Optional.ofNullable(byAddress.get(address)));
    }

    /** How many messages this node has dropped for a reason since it was created. */
    public long dropped(DropReason reason) {
        return router.drops().count(reason);
    }

    /** How many messages this node has dropped since it was created, for any reason. */
    public long dropped() {
        return router.drops().count();
    }

    /** How many messages are under way, from where they came in to where they end. */
    public int messagesUnderWay() {
        return router.messagesUnderWay();
    }

    /** The bytes that the messages under way hold: payloads, and routes with about 100 bytes for each address and its value. */
    public long bytesUnderWay() {
        return router.bytesUnderWay();
    }

    /** How many addresses are in use. */
    public int addressCount() {
        return router.addressCount();
    }

    /**
     * Stops everything that lives on the node, sending streams first, then listeners, channels, workers, receiving streams and mailboxes,
     * and waits at most {@code ockam.node.stop-timeout} for them. Within this time it lets messages under way arrive: it waits for them up
     * to a second when the channels have closed, and up to a second at the end. What hangs does not spoil it for the rest: the order goes on
     * without streams after a quarter of this time, and without anything but connections and mailboxes after half of it. A second call
     * returns the same stage.
     */
    public CompletionStage<Done> stop() {
        return router.stop();
    }

    /** Whether the node has stopped, for whatever reason; false while it is stopping. */
    public boolean isStopped() {
        return router.isStopped();
    }

    /** Completes when the node has stopped, for whatever reason. All who ask get the same stage, which nobody else can complete. */
    public CompletionStage<Done> whenStopped() {
        return router.whenStopped();
    }

    /** Takes an address for an actor, which keeps it when it is restarted. */
    private Registration hold(ActorRef<?> actor, Address address, WorkerOptions options) {
        Registration registration = router.hold(actor, options.endpoints(address), options.step());
        options.openTo().forEach(allow(address)::from);
        return registration;
    }

    private RoutingException refused(FailureReason reason, Route route) {
        return new RoutingException(reason, router.explain(reason, route));
    }

    private RoutingException noSuchAddress(Address address) {
        return refused(RoutingDropReason.NO_SUCH_ADDRESS, Route.of(address));
    }

    @Override
    public String toString() {
        return "Node(" + name() + ")";
    }
}
