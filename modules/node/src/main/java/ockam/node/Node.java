// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.routing.AccessControl;
import ockam.routing.Addressed;
import ockam.routing.DropReason;
import ockam.routing.Metadata;
import ockam.routing.Producer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.SendResult;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.NodeSignal;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;

/**
 * A place where workers live at addresses and send each other messages along routes (routing, section 1).
 *
 * <p>Made with {@link Ockam#createNode}. Thread safe; no method blocks. A node stops with its actor system, by Coordinated Shutdown, or
 * earlier with {@link #stop()}.
 */
public final class Node {
    private final Router router;
    private final StreamSettings streams;

    Node(Router router, StreamSettings streams) {
        this.router = router;
        this.streams = streams;
    }

    /** The name that was given when the node was made. */
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

    /** Starts a worker that understands any payload, such as a {@link Hop}. */
    public Worker start(Address address, Behavior<Routed<Any>> worker) {
        return start(address, Codec.any(), worker, WorkerOptions.defaults());
    }

    /** Starts a worker with default options. */
    public <T> Worker start(Address address, Codec<T> codec, Behavior<Routed<T>> worker) {
        return start(address, codec, worker, WorkerOptions.defaults());
    }

    /**
     * Starts a worker. It can be sent to as soon as the call returns; what comes before its behavior is set up waits in its queue. A
     * payload that the codec does not decode is dropped and counted, and never reaches the worker. One whose setup fails gives its
     * address back; nobody is told.
     *
     * <p>A worker with messages of its own (timers, {@code pipeToSelf}, messages to itself) is written as a {@code Behavior<Object>} and
     * started as {@code behavior.narrow()}: what it sends to itself reaches it as it is.
     *
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}; nothing was started then
     */
    public <T> Worker start(Address address, Codec<T> codec, Behavior<Routed<T>> worker, WorkerOptions options) {
        Registration registration = router.register(options.endpoints(address), options.step());
        ActorRef<NodeSignal> actor = spawn(
                registration, WorkerInterceptor.around(worker, codec, registration, options), options.dispatcher());
        registration.open(new Registration.Handler(actor::tell, cause -> actor.tell(WorkerInterceptor.Stop.INSTANCE)));
        return new Worker(registration.endpoint(address));
    }

    /** If the actor system takes no actor in, the addresses are given back. */
    private <M> ActorRef<M> spawn(Registration registration, Behavior<M> behavior, Props props) {
        try {
            ActorRef<M> actor = router.spawn(behavior, "worker", props);
            router.watch(actor, registration);
            return actor;
        } catch (RuntimeException e) {
            registration.end();
            throw e;
        }
    }

    /**
     * Lets an actor that already exists take part at an address: one with a protocol of its own, by a message adapter, or a test probe.
     *
     * <p>The address is given back when the actor ends or the address is stopped; stopping it does not stop the actor. Payloads are
     * decoded on the sender's thread.
     *
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}
     */
    public <T> Worker attach(Address address, Codec<T> codec, ActorRef<Routed<T>> actor) {
        return attach(address, codec, actor, WorkerOptions.defaults());
    }

    /** The same with access control, more addresses, or another shutdown priority; the other options do not apply. */
    public <T> Worker attach(Address address, Codec<T> codec, ActorRef<Routed<T>> actor, WorkerOptions options) {
        Registration registration = router.register(options.endpoints(address), options.step());
        router.watch(actor, registration);
        registration.open(
                new Registration.Handler(delivery -> tell(actor, codec, delivery), cause -> registration.end()));
        return new Worker(registration.endpoint(address));
    }

    private <T> void tell(ActorRef<Routed<T>> actor, Codec<T> codec, Delivery delivery) {
        // What the actor does with it is not known here, so the message ends when it is handed over.
        Routed<T> message = Routed.decode(delivery, codec);
        if (message == null) {
            delivery.lost(NodeDropReason.UNDECODABLE);
        } else {
            actor.tell(message);
            delivery.handled();
        }
    }

    /**
     * Stops whoever lives at an address; any of its addresses will do. What is in its queue is handled first, unless it waits to start
     * anew. The addresses are free as soon as the call returns, and the stage completes when the worker has ended. A worker may stop itself.
     *
     * @return fails with {@code NO_SUCH_ADDRESS} if nobody lives there
     */
    public CompletionStage<Done> stop(Address address) {
        Registration registration = router.find(address);
        return registration == null
                ? CompletableFuture.failedStage(noSuchAddress(address))
                : registration.stop(StopCause.STOPPED).thenApplyAsync(done -> done, router.callbacks());
    }

    /** A mailbox at a local address of this name. */
    public Mailbox mailbox(String name) {
        return mailbox(Address.of(name), AccessControl.allowAll(), AccessControl.allowAll());
    }

    /**
     * A mailbox: an address from which application code sends and at which it receives.
     *
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}
     */
    public Mailbox mailbox(Address address, AccessControl incoming, AccessControl outgoing) {
        return Mailbox.create(router, new EndpointSpec(address, incoming, outgoing, Metadata.none()));
    }

    /** Sends a question and takes the first answer, of the same type, within {@code ockam.node.receive-timeout}. */
    public <T> CompletionStage<Routed<T>> ask(Route route, Codec<T> codec, T question) {
        return ask(route, codec, codec, question, router.settings().receiveTimeout());
    }

    /**
     * Sends a question from a random address and takes the first message that comes to that address (routing, section 7.5). If the
     * route begins with a producer, such as a channel, the address is opened to it.
     *
     * @return fails with a {@link RoutingException}: {@code NO_SUCH_ADDRESS} and the like at once if the question cannot be sent,
     *     {@code TIMED_OUT}, or {@code UNDECODABLE} for an answer that the codec does not decode
     */
    public <Q, R> CompletionStage<Routed<R>> ask(
            Route route, Codec<Q> questionCodec, Codec<R> answerCodec, Q question, Duration timeout) {
        if (route.isEmpty()) {
            return CompletableFuture.failedStage(
                    new RoutingException(RoutingDropReason.INCOMPLETE_ROUTE, NodeLog.text(route)));
        }
        Address address = Address.random();
        LocalMessage message = LocalMessage.of(route, Route.of(address), questionCodec.encode(question));
        Mailbox temporary;
        try {
            temporary = mailbox(address, AccessControl.allowAll(), AccessControl.allowOnward(route.next()));
        } catch (RoutingException e) {
            return CompletableFuture.failedStage(e);
        }
        router.flowControls()
                .producerBehind(route.next())
                .ifPresent(id -> router.flowControls().addConsumer(address, id));
        CompletionStage<Routed<R>> answer = temporary.receive(answerCodec, timeout, temporary::close);
        if (temporary.send(message) instanceof SendResult.Refused refused) {
            temporary.close();
            return CompletableFuture.failedStage(new RoutingException(refused.reason(), NodeLog.text(route)));
        }
        return answer;
    }

    /**
     * A sink that sends each element along a route. It takes no more elements than its window lets it have under way: a slow consumer at the
     * other end of the route slows it down.
     *
     * <p>Order is kept along the route, and delivery is at most once. The sink completes when all that it sent has arrived or is lost, and
     * the {@link StreamReport} of its handle says which. It fails with a {@link RoutingException} when the route leads nowhere any more: for a
     * reason that {@linkplain DropReason#breaksRoute breaks the route}. {@code ockam.stream} has its settings.
     */
    public <T> Sink<T, StreamHandle> sink(Route route, Codec<T> codec) {
        return stream(() ->
                        StreamPort.at(sendOnly(), route, codec, Codec.any()).withHalves(StreamPort.Halves.INDEPENDENT))
                .to(Sink.cancelled());
    }

    <I, O> Flow<I, O, StreamHandle> stream(Supplier<StreamPort<I, O>> ports) {
        return Flow.fromGraph(new PortStage<>(router, streams, ports));
    }

    private static EndpointSpec sendOnly() {
        return new EndpointSpec(Address.random(), AccessControl.denyAll(), AccessControl.allowAll(), Metadata.none());
    }

    /**
     * A source of the messages that arrive at an address. Each counts as under way until downstream has asked for it, which slows down
     * whoever sent it in a stream.
     *
     * <p>Materialized a second time while the first is there, it fails with {@code ADDRESS_IN_USE}. It completes when the address is
     * stopped, after what has arrived was taken.
     */
    public <T> Source<Routed<T>, StreamHandle> source(Address address, Codec<T> codec) {
        return Source.<Any>empty()
                .viaMat(
                        stream(() -> StreamPort.at(EndpointSpec.open(address), Route.empty(), Codec.any(), codec)),
                        Keep.right());
    }

    /** Names an address that shall be reachable from outside; {@link Opening#from} says from where. */
    public Opening allow(Addressed consumer) {
        return allow(consumer.address());
    }

    /** Names an address that shall be reachable from outside, whether or not somebody lives there yet. */
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

        /** Opens the address to what this producer brings in. It stays open until the worker there is stopped. */
        public void from(Producer producer) {
            flowControls.addConsumer(consumer, producer.flowControlId());
        }
    }

    /** What is known of an address, if somebody lives there. */
    public Optional<Metadata> metadata(Address address) {
        return router.metadata(address);
    }

    /** The first address of a route behind which the route goes on on another node (routing, section 7.2). */
    public Optional<Address> findTerminalAddress(Route route) {
        for (Address address : route) {
            if (router.metadata(address).filter(Metadata::terminal).isPresent()) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /** How many messages this node dropped for a reason since it was made. */
    public long dropped(DropReason reason) {
        return router.drops().count(reason);
    }

    /** How many messages this node dropped since it was made, for whatever reason. */
    public long dropped() {
        return router.drops().count();
    }

    /** How many messages are under way, from where they came in to where they end. */
    public int messagesUnderWay() {
        return router.messagesUnderWay();
    }

    /** The bytes of payload of the messages under way. */
    public long bytesUnderWay() {
        return router.bytesUnderWay();
    }

    /** How many addresses are in use. */
    public int addressCount() {
        return router.addressCount();
    }

    /**
     * Stops everything that lives on the node, listeners first, then channels, workers and mailboxes, and waits at most
     * {@code ockam.node.stop-timeout} for them. A second call returns the same stage.
     */
    public CompletionStage<Done> stop() {
        return router.stop();
    }

    /** Completes when the node has stopped, for whatever reason. */
    public CompletionStage<Done> whenStopped() {
        return router.whenStopped();
    }

    private static RoutingException noSuchAddress(Address address) {
        return new RoutingException(RoutingDropReason.NO_SUCH_ADDRESS, "nobody lives at " + NodeLog.text(address));
    }

    @Override
    public String toString() {
        return "Node(" + name() + ")";
    }
}
