// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.Identity;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.node.StateFeed;
import ockam.node.StreamGroup;
import ockam.node.StreamHandle;
import ockam.node.StreamPort;
import ockam.routing.AccessControl;
import ockam.routing.Addressed;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.Peer;
import ockam.routing.Producer;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.StopCause;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;

/**
 * One end of an open secure channel: what is sent to its address is encrypted for the peer, and what the peer sends is delivered here,
 * marked with the peer's verified identifier (secure channel, sections 1 and 6).
 *
 * <p>Hops between the two ends see only ciphertext. Delivery is at most once, even if a frame is repeated. What comes out of the channel
 * reaches only the addresses that were opened with {@code node.allow(worker).from(channel)} (on the accepting side in its listener's
 * {@linkplain SecureChannelListenerOptions#withSetup set-up}); replies to {@link Node#ask} need no opening.
 *
 * <p>Thread safe. A channel lives until one side closes it, its {@linkplain #setOwner owner} or its node stops, or its nonces are used up;
 * also until it has been idle for too long, or gives way to a newer one of its listener (see {@link CloseReason}).
 */
public final class SecureChannel implements Addressed, Producer {
    private final ChannelEnd end;
    private final Peer peer;
    private final Address peerDecryptorAddress;
    private final StateFeed<ChannelState> states =
            new StateFeed<>(ChannelState.Open.UP, state -> state instanceof ChannelState.Closed);
    private volatile Route routeToPeer;
    private final Idleness idleness;
    private final ActorRef<SecureChannelActor.Command> actor;
    private final ActorRef<Encryptor.Command> encryptor;
    private volatile boolean closeAskedFor;
    private final StreamGroup streams = new StreamGroup();
    private final CompletableFuture<CloseReason> closing = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = new CompletableFuture<>();
    /** One for all who ask: each stage that is made of a future lives as long as that waits, and a channel may live long. */
    private final CompletionStage<CloseReason> whenClosed = closed.minimalCompletionStage();

    private final CompletionStage<Done> whenDone =
            closed.thenApply(reason -> Done.getInstance()).minimalCompletionStage();

    SecureChannel(
            ChannelEnd end,
            Peer peer,
            Route routeToPeer,
            Idleness idleness,
            ActorRef<SecureChannelActor.Command> actor,
            ActorRef<Encryptor.Command> encryptor) {
        this.end = end;
        this.peer = peer;
        this.peerDecryptorAddress = routeToPeer.recipient();
        this.routeToPeer = routeToPeer;
        this.idleness = idleness;
        this.actor = actor;
        this.encryptor = encryptor;
    }

    /**
     * Creates a channel to the listener at the end of a route. The stage completes when the peer has proved who it is and the policy has
     * accepted it; the peer may still reject this side, and then never replies (secure channel, section 3.4).
     *
     * <p>A caller who has had enough may cancel its {@code toCompletableFuture()}: the handshake ends, or the channel is closed. An actor
     * that wants the channel for itself names itself in {@link SecureChannelOptions#withOwner}, or starts a {@link ChannelKeeper}.
     *
     * @param node where this end lives
     * @param route the route to the listener, its address last
     * @param identity who this side is
     * @param options the trust policy, and what should differ from the settings
     * @return fails with a {@link HandshakeException} that names the step and the reason; nothing of the channel remains then
     */
    public static CompletionStage<SecureChannel> create(
            Node node, Route route, Identity identity, SecureChannelOptions options) {
        if (route.isEmpty()) {
            return CompletableFuture.failedStage(
                    new HandshakeException(HandshakeException.Step.MESSAGE_1, RoutingDropReason.INCOMPLETE_ROUTE));
        }
        CompletableFuture<SecureChannel> promise = new CompletableFuture<>();
        SecureChannelActor.startInitiator(node, route, identity, options, promise);
        return promise; // not a stage that depends on it, which would wrap the exception in another
    }

    /** The address of the encryptor: the first one of every route through the channel. */
    @Override
    public Address address() {
        return end.encryptor();
    }

    /** A route through the channel to a worker on the peer's node. */
    public Route route(String worker) {
        return route(Route.of(worker));
    }

    /** A route through the channel that continues on the peer's node. */
    public Route route(Route onPeersNode) {
        return onPeersNode.prepend(address());
    }

    /**
     * A sink that sends each element through the channel to a worker on the peer's node, within the window of {@code ockam.stream}; see
     * {@link Node#sink}. It fails with a {@link ChannelClosedException} when the channel is closed before upstream has finished.
     */
    public <T> Sink<T, StreamHandle> sink(Route onPeersNode, Codec<T> codec) {
        return NodeAccess.stream(
                        node(),
                        () -> port(Address.random(), AccessControl.denyAll(), onPeersNode, codec, Codec.any())
                                .withHalves(StreamPort.Halves.INDEPENDENT))
                .to(Sink.cancelled());
    }

    /**
     * A source of what the peer sends to the address in its handle: a random one, open to this channel only. It completes when the channel
     * is closed, once everything that has arrived has been taken.
     */
    public <T> Source<Routed<T>, StreamHandle> source(Codec<T> codec) {
        return Source.<Any>empty().viaMat(flow(Route.empty(), Codec.any(), codec), Keep.right());
    }

    /**
     * A flow through the channel: elements go to a worker on the peer's node, and what it answers comes out. When upstream completes, the
     * flow stays open for answers. It ends when downstream cancels, which cancels upstream: it takes nothing more, and what it has sent
     * still arrives. A failure, its handle, and the channel's end also end both halves.
     */
    public <I, O> Flow<I, Routed<O>, StreamHandle> flow(Route onPeersNode, Codec<I> sent, Codec<O> received) {
        return flow(onPeersNode, sent, received, StreamPort.Halves.COUPLED);
    }

    /** The same, but when downstream cancels, the flow goes on sending until upstream completes too. */
    public <I, O> Flow<I, Routed<O>, StreamHandle> flowOfIndependentHalves(
            Route onPeersNode, Codec<I> sent, Codec<O> received) {
        return flow(onPeersNode, sent, received, StreamPort.Halves.INDEPENDENT);
    }

    private <I, O> Flow<I, Routed<O>, StreamHandle> flow(
            Route onPeersNode, Codec<I> sent, Codec<O> received, StreamPort.Halves halves) {
        return NodeAccess.stream(node(), () -> {
            Address answers = Address.random();
            return port(answers, AccessControl.allowSource(end.internal()), onPeersNode, sent, received)
                    .withHalves(halves)
                    .whenOpened(() -> node().allow(answers).from(this));
        });
    }

    private <I, O> StreamPort<I, Routed<O>> port(
            Address here, AccessControl incoming, Route onPeersNode, Codec<I> sent, Codec<O> received) {
        EndpointSpec spec = new EndpointSpec(here, incoming, AccessControl.allowAll(), Metadata.none());
        return StreamPort.at(spec, route(onPeersNode), sent, received).in(streams);
    }

    /** Which end this is. */
    public Role role() {
        return end.role();
    }

    /** The identity of this end. */
    public Identifier me() {
        return end.me();
    }

    /**
     * The verified identity of the other end, with what authorities said about it at the end of the handshake. Messages carry what they say
     * when the message comes in.
     */
    public Peer peer() {
        return peer;
    }

    /** Where the peer's frames arrive on this node. */
    public Address decryptorAddress() {
        return end.decryptor();
    }

    /** Where this side's frames arrive on the peer's node. */
    public Address peerDecryptorAddress() {
        return peerDecryptorAddress;
    }

    /**
     * The route that frames take now, the peer's decryptor last. It lags a little behind {@link #updateRoute}, and behind what the peer
     * has sent.
     */
    public Route routeToPeer() {
        return routeToPeer;
    }

    /**
     * The connection by which frames leave this node, and by which a peer that this end follows came; empty if there is none now, if the
     * peer is on this node, or if frames go through another channel: that one knows its own.
     */
    public Optional<Connection> connection() {
        return node().findConnection(routeToPeer);
    }

    /** What this end knows about the channel now. */
    public ChannelState state() {
        return states.now();
    }

    /**
     * A source of the state now and each one that follows, which completes after {@link ChannelState.Closed}. One who is slow may miss
     * earlier ones, but not the last. Each change is also published on the actor system's event stream, as a {@link ChannelStateChanged}.
     */
    public Source<ChannelState, NotUsed> states() {
        return states.source();
    }

    /** The id of what comes out of this channel, and of no other. */
    @Override
    public FlowControlId flowControlId() {
        return end.flowControlId();
    }

    /** Whether nothing more comes out of the channel. */
    @Override
    public boolean hasEnded() {
        return !NodeAccess.router(node()).flowControls().isInUse(flowControlId());
    }

    /** The node on which this end lives. */
    public Node node() {
        return end.node();
    }

    /**
     * Changes the route to the peer's node, beginning with what the caller sends next; the peer learns the new route with that message
     * (secure channel, section 6.3).
     *
     * @param toPeersNode the route to that node, without an address on it, such as the listener's; {@link Route#empty} if it is this node
     * @throws IllegalStateException at a responder, which follows its initiator by itself
     * @throws ChannelClosedException if the channel is closing or closed
     */
    public void updateRoute(Route toPeersNode) {
        if (role() == Role.RESPONDER) {
            throw new IllegalStateException("a responder follows the route of its initiator");
        }
        CloseReason why = closing.getNow(null);
        if (why != null) {
            throw new ChannelClosedException(why);
        }
        moveTo(toPeersNode);
    }

    /** The same for one who does not need to know whether the channel is still open. */
    void moveTo(Route toPeersNode) {
        // Not through the parent: a message that the caller sends next would overtake it.
        encryptor.tell(new Encryptor.UpdateRoute(toPeersNode));
    }

    /**
     * From now on the channel belongs to this actor, and to no other: when the actor stops, or has stopped already, both ends close, as with
     * {@link #close}. Does nothing if the channel is closed.
     */
    public void setOwner(ActorRef<?> owner) {
        tell(new SecureChannelActor.SetOwner(Objects.requireNonNull(owner, "owner")));
    }

    /** Watches the peer with the settings of {@code ockam.channel}; see {@link #watchPeer(Liveness)}. */
    public void watchPeer() {
        watchPeer(SecureChannels.get(node().system()).settings().liveness());
    }

    /**
     * From now on the channel closes, with {@link CloseReason#PEER_SILENT}, when its peer has gone without a word: its process was killed,
     * the network is down, or the two are {@linkplain ChannelState.Open#OUT_OF_STEP out of step} for good. Anything authentic that comes
     * counts, so a channel in use sends no more than before. Called again, the later call counts; a channel that is not watched has no cost.
     * A lost route is silence too, and a channel that is watched is never idle. What the peer sends is heard once the channel is set up.
     *
     * <p>The peer must have a worker that answers every message, and have it open to the channel: with a peer that does not answer, the
     * channel closes too.
     */
    public void watchPeer(Liveness liveness) {
        tell(new SecureChannelActor.WatchPeer(Objects.requireNonNull(liveness, "liveness")));
    }

    /**
     * Closes both ends: what was sent before is encrypted and sent, then the peer is told, then the keys are erased. The stage completes
     * when nothing of this end is left. A second call returns the same.
     */
    public CompletionStage<Done> close() {
        closeAskedFor = true;
        tell(new SecureChannelActor.Stop(StopCause.STOPPED));
        return whenDone;
    }

    /** Tells the actor something, if it is still there. */
    private void tell(SecureChannelActor.Command command) {
        if (!closed.isDone()) {
            actor.tell(command);
        }
    }

    /**
     * Whether messages can be sent through this end: from the beginning, while it is set up too, until this side, the peer or the node closes it. What is sent
     * later is refused or dropped. An open end says nothing of the peer, which may be gone (secure channel, section 5.6).
     */
    public boolean isOpen() {
        return !closeAskedFor && !closing.isDone();
    }

    /**
     * Completes with the reason when nothing of this end is left; never fails. All who ask get the same stage, which nobody else can
     * complete.
     */
    public CompletionStage<CloseReason> whenClosed() {
        return whenClosed;
    }

    /** Closes both ends, like {@link #close}, because they are not used. */
    void end(CloseReason reason) {
        actor.tell(new SecureChannelActor.Unused(reason));
    }

    Idleness idleness() {
        return idleness;
    }

    /** The addresses are about to be given back. The first reason counts. */
    void closing(CloseReason reason) {
        if (closing.complete(reason)) {
            changed(new ChannelState.Closed(reason));
            streams.end(() -> new ChannelClosedException(reason));
        }
    }

    /** Frames take another route. */
    void moved(Route next) {
        routeToPeer = next;
    }

    /** Messages can be sent from now on. */
    void opened() {
        publish(states.now());
    }

    /** The channel's actor knows something else. */
    void changed(ChannelState next) {
        if (states.change(next)) {
            publish(next);
        }
    }

    /** Nothing of this end is left. If nobody has said why, its actor has thrown. */
    void closed() {
        closing(CloseReason.FAILED);
        closed.completeAsync(
                () -> closing.getNow(CloseReason.FAILED),
                NodeAccess.router(node()).callbacks());
    }

    private void publish(ChannelState state) {
        ChannelStateChanged change = new ChannelStateChanged(node().name(), address(), peer.identifier(), state);
        Adapter.toClassic(node().system()).eventStream().publish(change);
        NodeAccess.router(node()).observed(() -> change);
    }

    @Override
    public String toString() {
        return "SecureChannel(" + address() + ", " + role() + ", " + peer + ")";
    }
}
