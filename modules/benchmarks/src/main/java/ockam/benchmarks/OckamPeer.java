// SPDX-License-Identifier: Apache-2.0

package ockam.benchmarks;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.ActorAttributes;
import akka.stream.Attributes;
import akka.stream.Materializer;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.RunnableGraph;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Relay;
import ockam.node.Routed;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own, for {@link OverTcp}. It does what it is told:
 *
 * <pre>
 * listen                                -> listen port=4000
 * relay to=4000                         -> relay port=4001
 * connect port=4001 relayed=1           -> connect
 * streams size=1024 messages=100000     -> streams per-second=80000
 * plain-sends size=1024 messages=100000 -> plain-sends per-second=80000
 * round-trip size=1024 messages=1000    -> round-trip median-nanos=99000 p99-nanos=180000
 * to-slow size=1024 messages=100000     -> to-slow per-second=20000   streams as well
 * connections to=4000 count=1000        -> connections
 * heap                                  -> heap bytes=10000000        of live objects
 * </pre>
 *
 * <p>For {@code modules/benchmarks/lab}, {@code listen} and {@code relay} take a {@code host} to listen at, other than the loopback
 * interface; {@code to} and {@code port} may name a host as well, as in {@code 10.0.0.1:4000}; and {@code streams} takes a {@code limit} in
 * seconds.
 */
final class OckamPeer {
    private static final Attributes DISPATCHER = ActorAttributes.dispatcher(WorkerOptions.DISPATCHER);
    private static final String LOOPBACK = "127.0.0.1";
    private static final String LIMIT = "300";
    /** Fewer bytes than {@code ockam.node.send-window-bytes} at the largest size. */
    private static final int WINDOW = 512;

    private static final int SLOW_PER_SECOND = 20_000;
    private static final Address ECHOER = Address.of("echoer");
    private static final Address PLAIN_SINK = Address.of("plain-sink");
    private static final Address STREAM_SINK = Address.of("stream-sink");
    private static final Address STREAM_TALLY = Address.of("stream-tally");
    private static final Address SLOW_SINK = Address.of("slow-sink");
    private static final Address SLOW_TALLY = Address.of("slow-tally");

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "peer");
    private final Materializer materializer = Materializer.createMaterializer(system);
    private final Node node = Ockam.get(system).createNode("peer");
    private final TcpTransport tcp = TcpTransport.create(node);
    private final Identity identity;
    private final Pinger pinger = new Pinger(node);
    private final ActorRef<Pump.Command> pump =
            system.systemActorOf(Pump.create(WINDOW), "pump", DispatcherSelector.fromConfig(WorkerOptions.DISPATCHER));
    private final Worker sender;
    private final List<Connection> connections = new ArrayList<>();
    private final Map<Address, Long> total = new HashMap<>();
    private @Nullable SecureChannel channel;

    private OckamPeer() throws Exception {
        identity = TestBed.await(Identities.create(
                        SoftwareVault.create(Ockam.get(system).cryptoExecutor()),
                        InMemoryIdentityRepository.create(),
                        Clock.systemUTC())
                .create());
        sender = node.start(Address.of("sender"), Codec.bytes(), Behaviors.receiveMessage(total -> {
            pump.tell(new Pump.Arrived(total.body().asByteBuffer().getLong()));
            return Behaviors.same();
        }));
    }

    /** Runs the commands on standard input. */
    public static void main(String[] args) throws Exception {
        OckamPeer peer = new OckamPeer();
        Commands.run(peer::run);
        System.exit(0);
    }

    private String run(Commands.Command command) throws Exception {
        ByteString payload = ByteString.fromArray(new byte[command.value("size")]);
        int messages = command.value("messages");
        Duration limit = Duration.ofSeconds(Integer.parseInt(command.text("limit", LIMIT)));
        String figures = switch (command.name()) {
            case "listen" -> listen(command.text("host", LOOPBACK));
            case "relay" -> relay(command.text("to", ""), command.text("host", LOOPBACK));
            case "connect" -> connect(command.text("port", ""), command.value("relayed") == 1);
            case "streams" -> stream(STREAM_SINK, STREAM_TALLY, payload, messages, limit);
            case "plain-sends" -> plainSends(payload, messages);
            case "round-trip" -> roundTrip(payload, messages);
            case "to-slow" -> stream(SLOW_SINK, SLOW_TALLY, payload, messages, limit);
            case "connections" -> connections(command.text("to", ""), command.value("count"));
            case "heap" -> "bytes=" + IdleChannels.heapInUse();
            default -> throw new IllegalArgumentException("unknown command");
        };
        return (command.name() + " " + figures).strip();
    }

    // ---- the far node ----

    private String listen(String host) throws Exception {
        SecureChannelListener listener = SecureChannelListener.create(
                node,
                Address.of("listener"),
                identity,
                SecureChannelListenerOptions.trusting(TrustPolicy.acceptAnyPeerInsecure()));
        Tally plain = new Tally();
        Tally streamed = new Tally();
        Tally slow = new Tally();
        node.start(Address.of("plain-sink"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            if (plain.one() % Pump.AT_ONCE == 0) {
                message.reply(number(plain.count.get()));
            }
            return Behaviors.same();
        }));
        run(node.source(STREAM_SINK, Codec.bytes()).to(Sink.foreach(message -> streamed.one())));
        node.start(STREAM_TALLY, Codec.bytes(), streamed.worker());
        run(node.source(SLOW_SINK, Codec.bytes())
                .throttle(SLOW_PER_SECOND, Duration.ofSeconds(1))
                .to(Sink.foreach(message -> slow.one())));
        node.start(SLOW_TALLY, Codec.bytes(), slow.worker());
        node.start(ECHOER, Codec.bytes(), Pinger.echoer());
        for (Address worker : List.of(PLAIN_SINK, STREAM_SINK, STREAM_TALLY, SLOW_SINK, SLOW_TALLY, ECHOER)) {
            node.allow(worker).from(listener);
        }
        return bind(host, TcpListenerOptions.defaults().withConsumer(listener));
    }

    private String bind(String host, TcpListenerOptions options) throws Exception {
        String bound = TestBed.await(tcp.listen(host + ":0", options)).hostAndPort();
        return "port=" + bound.substring(bound.lastIndexOf(':') + 1);
    }

    // ---- the middle node ----

    private String relay(String to, String host) throws Exception {
        Connection onward = TestBed.await(tcp.connect(to));
        Worker relay = node.start(Address.of("relay"), Relay.create(node, Route.of(onward.address())));
        return bind(host, TcpListenerOptions.defaults().withConsumer(relay));
    }

    // ---- the near node ----

    private String connect(String to, boolean relayed) throws Exception {
        Connection connection = TestBed.await(tcp.connect(to));
        Route route = connection.route(relayed ? Route.parse("relay => listener") : Route.parse("listener"));
        SecureChannel opened = TestBed.await(SecureChannel.create(
                node, route, identity, SecureChannelOptions.trusting(TrustPolicy.acceptAnyPeerInsecure())));
        node.allow(sender).from(opened);
        channel = opened;
        return "";
    }

    private SecureChannel channel() {
        return Objects.requireNonNull(channel, "not connected");
    }

    private String stream(Address sink, Address tally, ByteString payload, int messages, Duration limit)
            throws Exception {
        long start = System.nanoTime();
        long all = total.merge(sink, (long) messages, Long::sum);
        CompletableFuture<Routed<ByteString>> arrived = node.ask(
                        channel().route(Route.of(tally)), Codec.bytes(), number(all), limit)
                .toCompletableFuture();
        StreamHandle sending = run(Source.repeat(payload)
                .take(messages)
                .toMat(node.sink(channel().route(Route.of(sink)), Codec.bytes()), Keep.right()));
        var unused = sending.whenClosed().whenComplete((report, failure) -> {
            if (failure != null) {
                arrived.completeExceptionally(failure);
            }
        });
        arrived.get();
        return perSecond(messages, start);
    }

    private String plainSends(ByteString payload, int messages) throws Exception {
        Route route = channel().route(Route.of(PLAIN_SINK));
        long start = System.nanoTime();
        TestBed.await(Pump.run(pump, () -> sender.send(route, Codec.bytes(), payload), messages));
        return perSecond(Pump.roundedUp(messages), start);
    }

    private String roundTrip(ByteString payload, int messages) throws Exception {
        long[] nanos = TestBed.await(pinger.ping(channel(), Route.of(ECHOER), payload, messages));
        return latencies(nanos);
    }

    private String connections(String to, int count) throws Exception {
        while (connections.size() < count) {
            connections.add(TestBed.await(tcp.connect(to)));
        }
        return "";
    }

    // ---- all ----

    /** Counts what arrives, and tells when all has. */
    private static final class Tally {
        private record Target(long total, CompletableFuture<Done> reached) {}

        private final AtomicLong count = new AtomicLong();
        private volatile Target target = new Target(Long.MAX_VALUE, new CompletableFuture<>());

        long one() {
            long now = count.incrementAndGet();
            if (now == target.total()) {
                target.reached().complete(Done.getInstance());
            }
            return now;
        }

        /** A worker that is asked for a total, and answers once so many have arrived. */
        Behavior<Routed<ByteString>> worker() {
            return Behaviors.receiveMessage(message -> {
                long total = message.body().asByteBuffer().getLong();
                Routed<ByteString> question = message.defer();
                Target next = new Target(total, new CompletableFuture<>());
                var unused = next.reached().thenRun(() -> question.reply(number(total)));
                target = next;
                if (count.get() >= total) {
                    next.reached().complete(Done.getInstance());
                }
                return Behaviors.same();
            });
        }
    }

    private <T> T run(RunnableGraph<T> stream) {
        return stream.withAttributes(DISPATCHER).run(materializer);
    }

    private static ByteString number(long number) {
        return ByteString.fromArray(
                ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    static String perSecond(long messages, long start) {
        return "per-second=%.0f".formatted(messages * 1e9 / (System.nanoTime() - start));
    }

    static String latencies(long[] nanos) {
        return "median-nanos=%.0f p99-nanos=%.0f".formatted(Pinger.percentile(nanos, 50), Pinger.percentile(nanos, 99));
    }
}
