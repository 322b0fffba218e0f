// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.BehaviorBuilder;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import ockam.channel.Encryptor.Farewell;
import ockam.channel.HandshakeException.Reason;
import ockam.channel.HandshakeException.Step;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Metadata;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.Delivery;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.FlowControls;
import ockam.routing.spi.Form;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.NodeSystem;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.StopCause;
import ockam.vault.AeadKey;
import ockam.wire.Route;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * The parent of both halves of a channel: it takes their addresses, starts them, and stops them together (secure channel, section 1.1).
 *
 * <pre>
 * handshaking -> settingUp -> established -> closing
 *      |             |                          ^
 *      +-------------+--------------------------+
 * </pre>
 */
final class SecureChannelActor {
    /** The attribute of an encryptor's address that names the peer (secure channel, section 6.4), without the {@code I}. */
    static final String PEER_ATTRIBUTE = "SECURE_CHANNEL_IDENTIFIER";

    /** What the parent understands. */
    sealed interface Command extends NoSerializationVerificationNeeded {}

    /** A responder has replied to message 1. */
    enum AwaitingMessage3 implements Command {
        INSTANCE
    }

    /**
     * The peer is verified; the sealing key now belongs to the parent. The receiver waits to be told that it may begin.
     *
     * @param presented the credentials that the peer was shown
     */
    record HandshakeDone(AeadKey sealingKey, Peer peer, Route routeToPeer, List<CredentialAndPurposeKey> presented)
            implements Command {}

    /** The handshake has failed. */
    record HandshakeFailed(HandshakeException failure) implements Command {}

    /** The listener needs the place. */
    enum GiveWay implements Command {
        INSTANCE
    }

    /** The peer sent a Close. */
    enum PeerClosed implements Command {
        INSTANCE
    }

    /** The encryptor sends along this route now. */
    record RouteChanged(Route routeToPeer) implements Command {}

    /** What happens to the route. */
    private record OfRoute(ChannelRoute.Event event) implements Command {}

    private enum Look implements Command {
        AT_PEER
    }

    /** Whether what comes from the peer is accepted. */
    enum InStep implements Command {
        /** A frame was accepted. */
        YES,
        /** Every frame that has come for a while was refused. */
        NO
    }

    /** What authorities say about the peer has changed. */
    record PeerKnown(Peer peer) implements Command {}

    /** The channel should find out when its peer has gone. */
    record WatchPeer(Liveness liveness) implements Command {}

    /** Nobody uses the channel. */
    record Unused(CloseReason reason) implements Command {}

    /** From now on the channel belongs to this actor. */
    record SetOwner(ActorRef<?> owner) implements Command {}

    /** The encryptor has no nonce left. */
    enum NoncesExhausted implements Command {
        INSTANCE
    }

    /** One of the channel's addresses, or the whole node, is being stopped. */
    record Stop(StopCause cause) implements Command {}

    /** The caller that asked for the channel no longer wants it. */
    private enum GivenUp implements Command {
        INSTANCE
    }

    private enum OwnerStopped implements Command {
        INSTANCE
    }

    private enum SetUp implements Command {
        INSTANCE
    }

    private record SetupFailed(Throwable failure) implements Command {}

    private enum SetupTimedOut implements Command {
        INSTANCE
    }

    private enum ChildEnded implements Command {
        INSTANCE
    }

    /**
     * What a channel is started with.
     *
     * @param node where it lives
     * @param identity who this side is
     * @param policy who the peer may be
     * @param credentials what this side presents, and whose word about the peer counts
     * @param handshake time and bounds
     * @param side what differs between initiator and responder
     * @param setup what the application does with the channel before anything from the peer is delivered, if anything
     */
    record Start(
            Node node,
            Identity identity,
            TrustPolicy policy,
            Credentials credentials,
            Handshake handshake,
            Side side,
            @Nullable SetupHandler setup) {
        Role role() {
            return side.role();
        }
    }

    /**
     * What there is once a channel is open.
     *
     * @param way holds the address of the encryptor
     * @param encryptor is told when it may send again
     * @param peer looks whether that is still there
     */
    private record Open(
            SecureChannel channel, Registration way, ActorRef<Encryptor.Command> encryptor, PeerWatch<Command> peer) {}

    /** Time and bounds of a handshake. */
    record Handshake(Duration timeout, SecureChannelSettings settings) {}

    private static final DispatcherSelector DISPATCHER = DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER);

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final Start start;
    private final Router router;
    private final FlowControls flowControls;
    private final ChannelEnd end;
    private final ChannelAddresses addresses;
    private final ChannelRoute<Command> route;
    private final FailureNote<Command> thrown;

    private @Nullable ActorRef<?> owner;
    private boolean outOfStep;
    private boolean ledOn = true;
    /** Once it is open. */
    private volatile @Nullable SecureChannel channel;
    /** Whether it is set up, and whoever wants it gets it. */
    private volatile boolean handedOver;
    /** Why it was not handed over. */
    private volatile @Nullable HandshakeException failure;

    /** Whether observers know that it will not be open. */
    private final AtomicBoolean failureTold = new AtomicBoolean();

    /** Starts the initiating side; the promise is completed when it is open or has failed. */
    static void startInitiator(
            Node node,
            Route route,
            Identity identity,
            SecureChannelOptions options,
            CompletableFuture<SecureChannel> promise) {
        SecureChannelSettings settings = SecureChannels.get(node.system()).settings();
        Start start = new Start(
                node,
                identity,
                options.policy(),
                options.credentials(),
                new Handshake(options.handshakeTimeout(settings), settings),
                new Side.Initiator(route, options.outgoing(), options.owner(), promise),
                options.setup());
        ActorRef<Command> actor;
        try {
            actor = spawn(start);
        } catch (RoutingException e) {
            promise.completeExceptionally(new HandshakeException(Step.PREPARE, Reason.STOPPED, e));
            return;
        }
        var unused = promise.whenComplete((channel, failure) -> {
            boolean told = channel != null || failure instanceof HandshakeException;
            if (!told) {
                actor.tell(GivenUp.INSTANCE);
            }
        });
    }

    /** Starts a channel as a separate actor, which outlives the one that asked for it. */
    static ActorRef<Command> spawn(Start start) {
        // Crypto state must not be restarted, so an actor that fails here stops, as actors do by default.
        Router router = NodeAccess.router(start.node());
        ChannelEnd end =
                ChannelEnd.create(start.node(), start.role(), start.identity().identifier());
        router.observed(() ->
                new ChannelEvent.Started(router.name(), end.role(), end.encryptor(), end.decryptor(), end.internal()));
        try {
            return router.spawn(create(start, end), "channel", DISPATCHER);
        } catch (RoutingException e) {
            router.observed(() -> new ChannelEvent.HandshakeFailed(
                    router.name(), end.encryptor(), end.role(), Step.PREPARE, Reason.STOPPED));
            throw e;
        }
    }

    private static Behavior<Command> create(Start start, ChannelEnd end) {
        Map<String, String> mdc = Map.of(
                NodeLog.MDC_NODE,
                start.node().name(),
                "ockamChannel",
                end.encryptor().value().utf8String());
        FailureNote<Command> thrown = new FailureNote<>(Command.class);
        return Behaviors.withMdc(
                Command.class,
                mdc,
                Behaviors.intercept(
                        () -> thrown,
                        Behaviors.setup(context -> Behaviors.withTimers(
                                timers -> new SecureChannelActor(context, timers, start, end, thrown).starting()))));
    }

    private SecureChannelActor(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Start start,
            ChannelEnd end,
            FailureNote<Command> thrown) {
        this.context = context;
        this.timers = timers;
        this.start = start;
        this.end = end;
        this.router = NodeAccess.router(start.node());
        this.flowControls = router.flowControls();
        this.addresses = new ChannelAddresses(router, context.getSelf());
        this.route = new ChannelRoute<>(
                context.getSelf(),
                timers,
                OfRoute::new,
                router,
                start.handshake().settings().routeLostLimit());
        this.thrown = thrown;
    }

    // ---- states ----

    /** Starts the receiver, which runs the handshake and its time-out. */
    private Behavior<Command> starting() {
        Registration registration;
        try {
            registration = addresses.take(
                    decryptor(),
                    new EndpointSpec(
                                    end.internal(),
                                    AccessControl.denyAll(),
                                    flowControls.outgoing(
                                            end.flowControlId(), start.side().spawnerId()),
                                    Metadata.none())
                            .sending(Form.OPENED));
        } catch (RoutingException e) {
            if (start.side() instanceof Side.Responder responder) {
                responder.message1().lost(RoutingDropReason.NODE_STOPPED);
            }
            return close(new HandshakeException(Step.PREPARE, Reason.STOPPED, e), Farewell.UNSAID);
        }
        // However this actor ends, its registrations do, and this one as the last.
        var unused = registration.whenEnded().thenRun(this::tellEnd);
        // All of this happens before the receiver exists, because it begins immediately.
        flowControls.addProducer(
                end.internal(), end.flowControlId(), start.side().spawnerId(), List.of(end.encryptor()));
        start.side().letIn(flowControls, end.decryptor());
        if (start.side() instanceof Side.Initiator initiator) {
            if (initiator.owner() != null) {
                belongTo(initiator.owner());
            }
            route.watch(initiator.route());
        }
        ActorRef<Receiver.Command> receiver = context.spawn(handshaker(registration), "receiver", DISPATCHER);
        context.watchWith(receiver, ChildEnded.INSTANCE);
        registration.open(handler(receiver, delivery -> receiver.tell(new Receiver.Arrived(delivery))));
        if (start.side() instanceof Side.Responder responder) {
            receiver.tell(
                    new Receiver.Arrived(readdressed(responder.message1(), registration.endpoint(end.decryptor()))));
        }
        return handshaking(receiver);
    }

    /** An initiator waits for answers as an ask does. A responder does not choose where it sends, and must not be opened to what is there. */
    private EndpointSpec decryptor() {
        EndpointSpec spec = new EndpointSpec(
                        end.decryptor(), AccessControl.allowAll(), start.side().outgoing(), Metadata.none())
                .sending(Form.HANDSHAKE);
        return start.side().role() == Role.INITIATOR ? spec.awaitingAnswers() : spec;
    }

    private Behavior<Command> handshaking(ActorRef<Receiver.Command> receiver) {
        return Behaviors.receive(Command.class)
                .onMessage(HandshakeDone.class, done -> open(done, receiver))
                .onMessage(HandshakeFailed.class, failed -> close(failed.failure(), Farewell.UNSAID))
                .onMessage(
                        OfRoute.class,
                        // Nothing else counts now: along any other route, message 2 comes or it does not.
                        of -> of.event() instanceof ChannelRoute.Gone
                                ? close(new HandshakeException(Step.MESSAGE_2, Reason.ROUTE_LOST), Farewell.UNSAID)
                                : Behaviors.same())
                .onMessage(AwaitingMessage3.class, awaiting -> {
                    start.side().awaitingMessage3(context.getSelf());
                    return Behaviors.same();
                })
                .onMessage(
                        GiveWay.class,
                        give -> close(new HandshakeException(Step.MESSAGE_3, Reason.GAVE_WAY), Farewell.SAID))
                .onMessage(
                        Stop.class,
                        stop -> close(
                                new HandshakeException(Step.OPEN, Reason.STOPPED),
                                stop.cause() == StopCause.STOPPED ? Farewell.SAID : Farewell.SAID_TO_OTHER_NODES))
                .onMessage(
                        GivenUp.class, given -> close(new HandshakeException(Step.OPEN, Reason.STOPPED), Farewell.SAID))
                .onMessage(
                        OwnerStopped.class,
                        stopped -> close(new HandshakeException(Step.OPEN, Reason.OWNER_STOPPED), Farewell.SAID))
                .onMessage(
                        ChildEnded.class,
                        ended -> close(new HandshakeException(Step.OPEN, Reason.INTERNAL), Farewell.UNSAID))
                .onSignal(PostStop.class, ended -> end(ended()))
                .build();
    }

    /** The encryptor exists before the first message can be replied to through it. */
    private Behavior<Command> open(HandshakeDone done, ActorRef<Receiver.Command> receiver) {
        FrameSealer sealer = new FrameSealer(done.sealingKey());
        Registration registration;
        try {
            registration = addresses.take(new EndpointSpec(
                            end.encryptor(),
                            AccessControl.allowAll(),
                            start.side().outgoing(),
                            terminal(done.peer()))
                    .withLargest(ChannelMessage.Payload.LARGEST)
                    .sending(Form.FRAME));
        } catch (RoutingException e) {
            sayLate(done, sealer, Farewell.SAID_TO_OTHER_NODES);
            return close(new HandshakeException(Step.OPEN, Reason.STOPPED, e), Farewell.UNSAID);
        }
        registration.endpoint(end.encryptor()).leadsTo(done.peer());
        Idleness idleness = new Idleness(start.handshake().settings().idleLimit());
        ActorRef<Encryptor.Command> encryptor = context.spawn(
                Encryptor.create(
                        router,
                        registration.endpoint(end.encryptor()),
                        end.decryptor(),
                        sealer,
                        idleness,
                        done.routeToPeer(),
                        new Refreshes.Terms(
                                start.credentials().retriever(),
                                start.identity(),
                                registry().ownHistories(),
                                done.presented()),
                        context.getSelf()),
                "encryptor",
                DISPATCHER);
        context.watchWith(encryptor, ChildEnded.INSTANCE);
        SecureChannel opened =
                new SecureChannel(end, done.peer(), done.routeToPeer(), idleness, context.getSelf(), encryptor);
        if (!start.side().admit(opened)) {
            start.side().dropped(ChannelDropReason.TOO_MANY_CHANNELS, router);
            // For the peer the channel is open already.
            return close(new HandshakeException(Step.OPEN, Reason.TOO_MANY_CHANNELS), Farewell.SAID);
        }
        registration.open(handler(encryptor, delivery -> encryptor.tell(new Encryptor.Arrived(delivery))));
        channel = opened;
        registry().add(opened);
        opened.opened();
        Open open = new Open(
                opened,
                registration,
                encryptor,
                new PeerWatch<>(timers, Look.AT_PEER, end, flowControls, spec -> addresses.take(spec), opened));
        route.follow(done.routeToPeer());
        var unused = changed(open);
        start.side().settled(context.getSelf());
        Runnable begin = () -> receiver.tell(new Receiver.Opened(encryptor, end.encryptor(), idleness));
        SetupHandler setup = start.setup();
        return setup == null ? handOver(open, begin) : settingUp(open, setup, begin);
    }

    /** The application sets the channel up. What the peer sends meanwhile waits at the receiver, and holds its permits. */
    private Behavior<Command> settingUp(Open open, SetupHandler setup, Runnable begin) {
        SecureChannel opened = open.channel();
        Duration timeout = start.handshake().settings().setupTimeout();
        context.pipeToSelf(
                setup.setUp(opened, router.callbacks()),
                (done, problem) -> problem == null ? SetUp.INSTANCE : new SetupFailed(Failures.unwrapped(problem)));
        timers.startSingleTimer(SetupTimedOut.INSTANCE, timeout);
        return whileOpen(open)
                .onMessage(SetUp.class, done -> {
                    timers.cancel(SetupTimedOut.INSTANCE);
                    return handOver(open, begin);
                })
                .onMessage(GivenUp.class, given -> close(opened, CloseReason.CLOSED, Farewell.SAID))
                .onMessage(SetupFailed.class, failed -> notSetUp(opened, failed.failure()))
                .onMessage(
                        SetupTimedOut.class,
                        late -> notSetUp(opened, new TimeoutException("not set up within " + timeout)))
                .build();
    }

    private Behavior<Command> notSetUp(SecureChannel opened, Throwable why) {
        context.getLog()
                .warn("Secure channel with {} was not set up", opened.peer().identifier(), why);
        start.side().dropped(ChannelDropReason.SETUP_FAILED, router);
        failure = new HandshakeException(Step.OPEN, Reason.SETUP_FAILED, why);
        return close(opened, CloseReason.SETUP_FAILED, Farewell.SAID);
    }

    /** What the peer sends is delivered from now on, and whoever wants the channel gets it. */
    private Behavior<Command> handOver(Open open, Runnable begin) {
        SecureChannel opened = open.channel();
        handedOver = true;
        begin.run();
        context.getLog()
                .info(
                        "Secure channel open as {} with {}",
                        start.role(),
                        opened.peer().identifier());
        start.side().handOver(opened, router);
        return established(open);
    }

    private Behavior<Command> established(Open open) {
        return whileOpen(open)
                .onMessage(GivenUp.class, late -> Behaviors.same()) // the code that offers the channel closes it
                .build();
    }

    /** What an open channel understands, set up or not. */
    private BehaviorBuilder<Command> whileOpen(Open open) {
        SecureChannel opened = open.channel();
        return Behaviors.receive(Command.class)
                .onMessage(PeerClosed.class, closed -> close(opened, CloseReason.CLOSED_BY_PEER, Farewell.UNSAID))
                .onMessage(Unused.class, unused -> close(opened, unused.reason(), Farewell.SAID))
                .onMessage(OwnerStopped.class, stopped -> close(opened, CloseReason.OWNER_STOPPED, Farewell.SAID))
                .onMessage(SetOwner.class, set -> {
                    belongTo(set.owner());
                    return Behaviors.same();
                })
                .onMessage(RouteChanged.class, changed -> {
                    opened.moved(changed.routeToPeer());
                    route.follow(changed.routeToPeer());
                    return changed(open);
                })
                .onMessage(OfRoute.class, of -> {
                    route.handle(of.event());
                    return route.isLostForTooLong()
                            ? close(opened, CloseReason.ROUTE_LOST, Farewell.UNSAID)
                            : changed(open);
                })
                .onMessage(InStep.class, step -> {
                    outOfStep = step == InStep.NO;
                    return changed(open);
                })
                .onMessage(PeerKnown.class, known -> {
                    open.way().endpoint(end.encryptor()).leadsTo(known.peer());
                    return Behaviors.same();
                })
                .onMessage(WatchPeer.class, watch -> {
                    open.peer().begin(watch.liveness());
                    return Behaviors.same();
                })
                .onMessage(
                        Look.class,
                        look -> open.peer().look(handedOver) // until then, what the peer sends waits
                                ? close(opened, CloseReason.PEER_SILENT, Farewell.SAID)
                                : Behaviors.same())
                .onMessage(NoncesExhausted.class, end -> close(opened, CloseReason.NONCES_EXHAUSTED, Farewell.UNSAID))
                .onMessage(ChildEnded.class, ended -> close(opened, CloseReason.FAILED, Farewell.SAID))
                .onMessage(Stop.class, stop -> switch (stop.cause()) {
                    case STOPPED -> close(opened, CloseReason.CLOSED, Farewell.SAID);
                    case NODE_STOPPING -> close(opened, CloseReason.NODE_STOPPED, Farewell.SAID_TO_OTHER_NODES);
                })
                .onMessage(GiveWay.class, late -> Behaviors.same()) // it was settled just before
                .onSignal(PostStop.class, terminated -> {
                    opened.closing(thrown.hasFailed() ? CloseReason.FAILED : CloseReason.NODE_STOPPED);
                    return handedOver ? end() : end(ended());
                });
    }

    private Behavior<Command> changed(Open open) {
        open.way().reach(route.leadsOn());
        if (route.leadsOn() && !ledOn) {
            open.encryptor().tell(Encryptor.LeadsOnAgain.INSTANCE);
        }
        ledOn = route.leadsOn();
        open.channel().changed(ChannelState.Open.of(route.isLost(), outOfStep));
        return Behaviors.same();
    }

    private HandshakeException ended() {
        return new HandshakeException(Step.OPEN, thrown.hasFailed() ? Reason.INTERNAL : Reason.STOPPED);
    }

    private Behavior<Command> close(HandshakeException why, Farewell farewell) {
        observeFailure(why);
        context.getLog().debug("Secure channel as {} not made: {}", start.role(), why.getMessage());
        start.side().failed(why, router, context.getLog());
        failure = why;
        return closing(farewell);
    }

    private Behavior<Command> close(SecureChannel opened, CloseReason reason, Farewell farewell) {
        context.getLog().info("Secure channel with {} closes: {}", opened.peer().identifier(), reason);
        forget(opened);
        router.was(
                end.encryptor(),
                "a secure channel, closed at " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ": " + reason);
        opened.closing(reason);
        if (!handedOver && failure == null) {
            failure = new HandshakeException(Step.OPEN, notHandedOver(reason));
        }
        return closing(farewell);
    }

    private static Reason notHandedOver(CloseReason reason) {
        return switch (reason) {
            case OWNER_STOPPED -> Reason.OWNER_STOPPED;
            case SETUP_FAILED -> Reason.SETUP_FAILED;
            case FAILED -> Reason.INTERNAL;
            case CLOSED, CLOSED_BY_PEER, IDLE, GAVE_WAY, ROUTE_LOST, PEER_SILENT, NODE_STOPPED, NONCES_EXHAUSTED ->
                Reason.STOPPED;
        };
    }

    /** Waits until both halves have ended, and with them their keys; only then is anyone told. */
    private Behavior<Command> closing(Farewell farewell) {
        addresses.leave();
        context.getChild("receiver").ifPresent(context::stop);
        context.getChild("encryptor")
                .ifPresent(
                        encryptor -> encryptor.<Encryptor.Command>unsafeUpcast().tell(new Encryptor.Finish(farewell)));
        if (context.getChildren().isEmpty()) {
            return end();
        }
        return Behaviors.receive(Command.class)
                .onMessage(ChildEnded.class, ended -> context.getChildren().isEmpty() ? end() : Behaviors.same())
                .onMessage(HandshakeDone.class, late -> {
                    // Message 3 is on its way or has come: for the peer the channel may be open.
                    sayLate(late, new FrameSealer(late.sealingKey()), farewell);
                    return Behaviors.same();
                })
                .onMessage(Command.class, late -> Behaviors.same())
                .onSignal(PostStop.class, terminated -> end())
                .build();
    }

    /** The actor system has ended this actor, unless the failure was told before. */
    private Behavior<Command> end(HandshakeException terminated) {
        if (failure == null) {
            failure = terminated;
        }
        return end();
    }

    private Behavior<Command> end() {
        route.end();
        addresses.end();
        tellEnd();
        return Behaviors.stopped();
    }

    /** Tells the peer of the end of a channel that got no encryptor, or not, and erases its key. */
    private void sayLate(HandshakeDone done, FrameSealer sealer, Farewell farewell) {
        Endpoint decryptor = addresses.first().endpoint(end.decryptor());
        Encryptor.say(farewell, router, decryptor, sealer, done.routeToPeer());
        sealer.erase();
    }

    /** Tells the waiting caller, once; on any thread, when this actor has thrown or its actor system has terminated. */
    private void tellEnd() {
        SecureChannel opened = channel;
        if (opened != null) {
            forget(opened);
            opened.closed();
        }
        if (!handedOver) {
            HandshakeException known = failure;
            HandshakeException why = known == null ? new HandshakeException(Step.OPEN, Reason.INTERNAL) : known;
            if (opened == null) {
                observeFailure(why);
            }
            start.side().notHandedOver(why, router);
        }
    }

    private void observeFailure(HandshakeException why) {
        ChannelEvent failed =
                new ChannelEvent.HandshakeFailed(router.name(), end.encryptor(), end.role(), why.step(), why.reason());
        if (failureTold.compareAndSet(false, true)) {
            router.observed(() -> failed);
        }
    }

    // ---- parts ----

    private void belongTo(ActorRef<?> next) {
        if (owner != null) {
            context.unwatch(owner);
        }
        owner = NodeSystem.canBeWatched(next) ? next : null;
        if (owner != null) {
            context.watchWith(owner, OwnerStopped.INSTANCE);
        }
    }

    private void forget(SecureChannel opened) {
        registry().remove(opened);
        start.side().forget(opened);
    }

    private Registration.Handler handler(ActorRef<?> half, Consumer<Delivery> deliver) {
        return Registration.Handler.telling(
                half, deliver, cause -> context.getSelf().tell(new Stop(cause)));
    }

    private Behavior<Receiver.Command> handshaker(Registration registration) {
        Receiver.Setup setup = new Receiver.Setup(
                start.role(),
                registration.endpoint(end.decryptor()),
                registration.endpoint(end.internal()),
                start.identity(),
                registry().ownHistories(),
                start.policy(),
                start.credentials(),
                start.handshake().timeout(),
                start.handshake().settings(),
                registry().strangers(start.role()),
                registry().refreshes(),
                registry().catchUpKeys(),
                router::isNews,
                System::nanoTime,
                context.getSelf());
        return start.side().handshaker(setup);
    }

    /** Message 1 is handed on with the responder's address in place of the listener's (secure channel, section 3.1). */
    private static Delivery readdressed(Delivery message1, Endpoint decryptor) {
        return message1.readdressed(
                decryptor,
                message1.message()
                        .withOnwardRoute(message1.message().onwardRoute().replaceNext(decryptor.address())));
    }

    private static Metadata terminal(Peer peer) {
        return Metadata.terminal(
                Map.of(PEER_ATTRIBUTE, peer.identifier().toString().substring(1)));
    }

    private SecureChannels registry() {
        return SecureChannels.get(router.system());
    }
}
