// SPDX-License-Identifier: Apache-2.0

package ockam.tcp;

import akka.actor.typed.ActorRef;
import akka.actor.typed.DispatcherSelector;
import akka.io.Inet.SocketOption;
import akka.io.TcpSO;
import akka.japi.Pair;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.Tcp;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import ockam.node.Connection;
import ockam.node.ConnectionEnd;
import ockam.node.ConnectionSpec;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Metadata;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.EndpointSpec;
import ockam.routing.spi.NodeLog;
import ockam.routing.spi.Registration;
import ockam.routing.spi.Router;
import ockam.routing.spi.ShutdownOrder;
import ockam.tcp.TcpException.Reason;
import ockam.wire.Address;
import ockam.wire.Route;
import ockam.wire.TransportMessage;
import ockam.wire.internal.SettingsBlock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Ockam TCP transport of a node: makes connections and accepts them (routing, section 3).
 *
 * <p>Connections are not encrypted, and nobody proves anything: create secure channels over them. Nothing that comes in reaches anything on
 * the node unless it was opened. Thread safe; no method blocks.
 */
public final class TcpTransport {
    /** The type of TCP addresses (routing, section 1.2). */
    public static final int TYPE = 1;

    private static final Logger LOG = LoggerFactory.getLogger(TcpTransport.class);
    private static final int LARGEST = TransportMessage.MAX_SIZE - TransportMessage.OVERHEAD;

    private final Node node;
    private final Router router;
    private final TcpSettings settings;
    private final Tcp tcp;
    private final UnfinishedFrames unfinished;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Set<TcpListener> listeners = ConcurrentHashMap.newKeySet();

    private TcpTransport(Node node, TcpSettings settings) {
        this.node = node;
        this.router = NodeAccess.router(node);
        this.settings = settings;
        this.tcp = Tcp.get(node.system());
        this.unfinished = new UnfinishedFrames(settings.maxUnfinishedBytes());
    }

    /**
     * Creates the transport of a node, with the settings of its actor system.
     *
     * @throws IllegalArgumentException for settings that cannot be read or are out of range
     */
    public static TcpTransport create(Node node) {
        return new TcpTransport(
                node,
                TcpSettings.create(new SettingsBlock("ockam.tcp")
                        .block(node.system().settings().config()::getConfig)));
    }

    // ---- out ----

    /** Connects with default options. */
    public CompletionStage<Connection> connect(String to) {
        return connect(to, TcpConnectionOptions.defaults());
    }

    /**
     * Connects to another node. Each call makes a connection of its own.
     *
     * @param to {@code 127.0.0.1:4000}, {@code [::1]:4000}, {@code example.org:4000}, or a port of this machine, {@code 4000} (routing,
     *     section 3.9)
     * @return completes as soon as the other side has accepted the connection; that it speaks this protocol shows later. Fails with a
     *     {@link TcpException}, {@code INVALID_ADDRESS} or {@code CONNECT_FAILED}, or with a {@link RoutingException} if the node is stopping
     */
    public CompletionStage<Connection> connect(String to, TcpConnectionOptions options) {
        HostAndPort target;
        try {
            target = HostAndPort.toConnect(to);
        } catch (TcpException e) {
            return CompletableFuture.failedStage(e);
        }
        return attempt(target, outgoing(target).withConsumes(options.openTo()), options)
                .made();
    }

    private static ConnectionSpec outgoing(HostAndPort target) {
        return ConnectionSpec.outgoing("tcp " + target).withLargest(LARGEST);
    }

    private Reconnector.Attempt attempt(HostAndPort target, ConnectionSpec spec, TcpConnectionOptions options) {
        Duration connectTimeout = options.connectTimeout(settings);
        Flow<ByteString, ByteString, CompletionStage<Tcp.OutgoingConnection>> socket = tcp.outgoingConnection(
                target.socketAddress(),
                Optional.empty(),
                socketOptions(),
                true,
                Optional.of(connectTimeout),
                Optional.empty());
        Pair<Connection, CompletionStage<Tcp.OutgoingConnection>> run =
                run(connection(spec, connectTimeout).joinMat(socket, Keep.both()));
        Connection connection = run.first();
        router.observed(() -> new TcpEvent.ConnectStarted(router.name(), connection.address(), connection.remote()));
        track(connection);
        CompletableFuture<Connection> result = new CompletableFuture<>();
        run.second().whenComplete((connected, failure) -> {
            if (failure == null && !connection.hasEnded()) {
                NodeAccess.opened(connection);
                router.observed(() -> new TcpEvent.ConnectEnded(router.name(), connection.address(), null));
                result.completeAsync(() -> connection, router.callbacks());
            } else {
                connection
                        .whenClosed()
                        .thenAcceptAsync(
                                end -> {
                                    RuntimeException problem = notConnected(target, end);
                                    router.observed(() -> new TcpEvent.ConnectEnded(
                                            router.name(), connection.address(), nameOf(problem)));
                                    result.completeExceptionally(problem);
                                },
                                router.callbacks());
            }
        });
        return new Reconnector.Attempt(connection, result);
    }

    /** An address from which another node can be reached, with default options; see the method with options. */
    public ReconnectingConnection reconnecting(Address address, String to) {
        return reconnecting(address, to, TcpConnectionOptions.defaults());
    }

    /**
     * An address from which another node can be reached, by a connection that is made now, and anew each time that it has ended: at once, and
     * then after waits that grow up to {@code ockam.tcp.reconnect.max-delay}, for as long as it takes. That there is a connection shows in its
     * {@link ReconnectingConnection#state}.
     *
     * @param address of this node, or {@link Address#random()}
     * @param to as for {@link #connect(String, TcpConnectionOptions)}
     * @throws TcpException {@code INVALID_ADDRESS}
     * @throws RoutingException {@code ADDRESS_IN_USE} or {@code NODE_STOPPED}
     */
    public ReconnectingConnection reconnecting(Address address, String to, TcpConnectionOptions options) {
        HostAndPort target = HostAndPort.toConnect(to);
        FlowControlId id = FlowControlId.random();
        String remote = "tcp " + target;
        Registration registration = router.register(
                List.of(new EndpointSpec(
                        address,
                        AccessControl.allowAll(),
                        AccessControl.denyAll(),
                        Metadata.terminal(Map.of(Metadata.REMOTE, remote)),
                        LARGEST)),
                ShutdownOrder.CONNECTIONS);
        router.flowControls().addProducer(address, id, null, List.of());
        options.openTo().forEach(producer -> router.flowControls().addConsumer(address, producer));
        ReconnectingConnection name = new ReconnectingConnection(
                registration, remote, id, new Held(settings.reconnectMaxHeld(), settings.reconnectMaxHeldBytes()));
        Backoff backoff = new Backoff(
                settings.reconnectMinDelay(),
                settings.reconnectMaxDelay(),
                () -> ThreadLocalRandom.current().nextDouble());
        ActorRef<Reconnector.Command> actor = router.spawn(
                registration,
                Reconnector.create(
                        router,
                        name,
                        settings.reconnectMinDelay(),
                        backoff,
                        () -> attempt(
                                target, outgoing(target).named(address, id, TcpDropReason.NOT_CONNECTED), options)),
                "reconnecting",
                DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER));
        registration.open(new Registration.Handler(
                name::deliver, cause -> actor.tell(new Reconnector.Stop(cause)), name::waiting));
        return name;
    }

    private static RuntimeException notConnected(HostAndPort target, ConnectionEnd end) {
        if (end.reason() == ConnectionEnd.Reason.NODE_STOPPED) {
            return new RoutingException(RoutingDropReason.NODE_STOPPED, "while it connected to tcp " + target);
        }
        Throwable failure = end.failure().orElse(null);
        return failure instanceof RoutingException refused
                ? refused
                : new TcpException(
                        Reason.CONNECT_FAILED, target + ": " + (failure == null ? end : rootOf(failure)), failure);
    }

    private static String nameOf(RuntimeException problem) {
        return problem instanceof RoutingException refused ? refused.reason().name() : Reason.CONNECT_FAILED.name();
    }

    /** What the operating system says is at the bottom. */
    private static String rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /**
     * Connects to the one address of a route that is a TCP address, and puts the connection in its place (routing, section 1.7). A route
     * without such an address stays as it is.
     *
     * @return fails as {@link #connect(String)} does, and with {@code TOO_MANY_TRANSPORT_HOPS} or {@code OTHER_TRANSPORT} before anything is
     *     connected
     */
    public CompletionStage<Route> resolve(Route route) {
        List<Address> addresses = route.toList();
        List<Address> remote =
                addresses.stream().filter(address -> address.transport() != 0).toList();
        if (remote.isEmpty()) {
            return CompletableFuture.completedStage(route);
        }
        if (remote.size() > 1) {
            return CompletableFuture.failedStage(new TcpException(
                    Reason.TOO_MANY_TRANSPORT_HOPS,
                    NodeLog.text(route) + "; a node resolves one, and the next must be an address of the next node"));
        }
        Address hop = remote.get(0);
        if (hop.transport() != TYPE) {
            return CompletableFuture.failedStage(
                    new TcpException(Reason.OTHER_TRANSPORT, NodeLog.text(hop) + "; TCP is " + TYPE + "#host:port"));
        }
        CompletableFuture<Route> result = new CompletableFuture<>();
        connect(hop.value().decodeString(StandardCharsets.UTF_8)).whenComplete((connection, failure) -> {
            if (failure == null) {
                List<Address> resolved = new ArrayList<>(addresses);
                resolved.set(addresses.indexOf(hop), connection.address());
                result.complete(Route.of(resolved));
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    // ---- in ----

    /** Accepts connections; what they may reach is to be opened with {@code node.allow(...).from(listener)}. */
    public CompletionStage<TcpListener> listen(String at) {
        return listen(at, TcpListenerOptions.defaults());
    }

    /**
     * Accepts connections.
     *
     * @param at a literal address with a port, {@code 127.0.0.1:4000} or {@code [::1]:4000}; port 0 is any that is free
     * @return fails with a {@link TcpException}, {@code INVALID_ADDRESS} or {@code BIND_FAILED}, or with a {@link RoutingException} if the
     *     node is stopping
     */
    public CompletionStage<TcpListener> listen(String at, TcpListenerOptions options) {
        HostAndPort where;
        Registration registration;
        try {
            where = HostAndPort.toListen(at);
            registration = router.register(
                    List.of(new EndpointSpec(
                            Address.random(), AccessControl.denyAll(), AccessControl.denyAll(), Metadata.none())),
                    ShutdownOrder.LISTENERS);
        } catch (TcpException | RoutingException e) {
            return CompletableFuture.failedStage(e);
        }
        FlowControlId id = FlowControlId.random();
        router.flowControls().addSpawner(registration.address(), id);
        options.consumers().forEach(consumer -> router.flowControls().addConsumer(consumer, id));
        Set<Connection> accepted = ConcurrentHashMap.newKeySet();
        var run = run(tcp.bind(where.host(), where.port(), settings.backlog(), socketOptions(), true, Optional.empty())
                .watchTermination(Keep.both())
                .to(Sink.foreach(incoming -> accept(incoming, id, accepted))));
        run.second().whenComplete((done, failure) -> registration.end());
        CompletableFuture<TcpListener> result = new CompletableFuture<>();
        run.first()
                .whenCompleteAsync(
                        (binding, failure) -> {
                            if (failure == null) {
                                result.complete(listening(registration, id, binding, accepted));
                            } else {
                                result.completeExceptionally(
                                        new TcpException(Reason.BIND_FAILED, where + ": " + rootOf(failure), failure));
                            }
                        },
                        router.callbacks());
        return result;
    }

    private TcpListener listening(
            Registration registration, FlowControlId id, Tcp.ServerBinding binding, Set<Connection> accepted) {
        InetSocketAddress local = binding.localAddress();
        TcpListener listener = new TcpListener(registration, id, local, () -> List.copyOf(accepted));
        listeners.add(listener);
        registration.open(new Registration.Handler(
                stray -> stray.lost(RoutingDropReason.INCOMING_DENIED), cause -> binding.unbind()));
        var unused = registration.whenEnded().thenRun(() -> {
            listeners.remove(listener);
            router.logged(() -> LOG.info("No longer listening at tcp {}", local));
        });
        router.logged(() -> LOG.info("Listening at tcp {}", local));
        return listener;
    }

    private void accept(Tcp.IncomingConnection incoming, FlowControlId listener, Set<Connection> accepted) {
        InetSocketAddress remote = incoming.remoteAddress();
        if (accepted.size() >= settings.maxConnections()) {
            if (router.isNews("too many connections")) {
                router.logged(() -> LOG.warn(
                        "Refused a connection from {}: there are {} already, see ockam.tcp.max-connections",
                        remote,
                        accepted.size()));
            }
            incoming.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), node.system());
            return;
        }
        ConnectionSpec spec = ConnectionSpec.outgoing(
                        "tcp " + new HostAndPort(remote.getAddress().getHostAddress(), remote.getPort(), true))
                .acceptedBy(listener)
                .withLargest(LARGEST);
        Connection connection = run(connection(spec, Duration.ZERO).joinMat(incoming.flow(), Keep.left()));
        accepted.add(connection);
        track(connection);
        connection.whenClosed().whenComplete((end, failure) -> accepted.remove(connection));
    }

    // ---- both ----

    private Flow<ByteString, ByteString, Connection> connection(ConnectionSpec spec, Duration connectTimeout) {
        FrameDecoder decoder = new FrameDecoder(unfinished, settings.silenceTimeout(), connectTimeout);
        return NodeAccess.connection(node, spec).joinMat(Frames.create(decoder), Keep.left());
    }

    private <M> M run(RunnableGraph<M> graph) {
        return graph.addAttributes(ActorAttributes.dispatcher(WorkerOptions.DISPATCHER))
                .run(node.system());
    }

    private List<SocketOption> socketOptions() {
        return List.of(TcpSO.tcpNoDelay(true), TcpSO.keepAlive(settings.keepAlive()), TcpSO.reuseAddress(true));
    }

    private void track(Connection connection) {
        connections.add(connection);
        connection.whenClosed().whenComplete((end, failure) -> connections.remove(connection));
    }

    /** The connections that have not ended, whichever side made them. */
    public List<Connection> connections() {
        return List.copyOf(connections);
    }

    /** The listeners that have not been stopped. */
    public List<TcpListener> listeners() {
        return List.copyOf(listeners);
    }

    @Override
    public String toString() {
        return "TcpTransport(" + node.name() + ")";
    }
}
