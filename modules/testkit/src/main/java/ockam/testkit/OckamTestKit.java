// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.node.ConnectionEvent;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.recorder.Recorder;
import ockam.recorder.Recording;
import ockam.routing.DropReason;
import ockam.routing.FailureReason;
import ockam.routing.RoutingException;
import ockam.routing.spi.Observer;
import ockam.routing.spi.Observers;
import ockam.vault.KeyCounts;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/**
 * Nodes, hops, parties and channels for a test, a line each, and what a test often says of them. It records what passes, and each
 * expectation that does not hold is an {@link AssertionError} that shows the recorded flow. Works beside Akka's {@link ActorTestKit}, whose
 * probes it uses.
 *
 * <pre>{@code
 * try (OckamTestKit kit = OckamTestKit.create(testKit)) {
 *     Node node = kit.node("test");
 *     Party alice = kit.party();
 *     Party bob = kit.party();
 *     kit.hops(node, "h1", "h2", "h3");
 *     node.allow(kit.echoer(node, "echoer")).from(kit.listen(node, "api", bob, alice));
 *     SecureChannel channel = kit.channel(node, "h1 => h2 => h3 => api", alice, bob);
 *
 *     kit.await(node.ask(channel.route("echoer"), Codec.string(), "Hello"));
 *
 *     kit.expectNoHopSaw("Hello");
 * } // stops the nodes, and expects that nothing is left behind
 * }</pre>
 *
 * <p>It waits as long as the probes of Akka's testkit do ({@code akka.actor.testkit.typed.single-expect-default}). To be used by one thread,
 * the test's.
 */
public final class OckamTestKit implements AutoCloseable {
    private static final int SHOWN = 200;
    private static final Duration SOON = Duration.ofMillis(2);
    /** For what takes a while to look at. */
    private static final Duration AFTER_A_WHILE = Duration.ofMillis(10);

    /** A hop, and what came to it. */
    private record Spy(Address address, Supplier<List<LocalMessage>> seen) {}

    /** An end of a connection. */
    private record End(String node, Address address) {}

    private record Outcome(String result, @Nullable Throwable failure) {}

    private final ActorTestKit testKit;
    private final Duration patience;
    private final Recorder recorder;
    private final Set<End> connections = ConcurrentHashMap.newKeySet();
    private final Observer connectionCounter = this::count;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Party> parties = new ArrayList<>();
    private final List<Spy> hops = new ArrayList<>();
    private final Set<Party> listening = new HashSet<>();
    private final List<TcpProxy> proxies = new ArrayList<>();
    private boolean isRepeating;

    private OckamTestKit(ActorTestKit testKit) {
        this.testKit = testKit;
        TestProbe<Object> probe = testKit.createTestProbe();
        this.patience = probe.getRemainingOrDefault();
        probe.stop();
        this.recorder = Recorder.start(testKit.system());
        Observers.get(testKit.system()).add(connectionCounter);
    }

    /** Begins, without nodes. */
    public static OckamTestKit create(ActorTestKit testKit) {
        return new OckamTestKit(testKit);
    }

    private void count(Observer.Event event) {
        if (event instanceof ConnectionEvent.Opened opened) {
            connections.add(new End(opened.node(), opened.address()));
        } else if (event instanceof ConnectionEvent.Closed closed) {
            connections.remove(new End(closed.node(), closed.address()));
        }
    }

    /** The kit of Akka that it was created with. */
    public ActorTestKit testKit() {
        return testKit;
    }

    /** The actor system. */
    public ActorSystem<?> system() {
        return testKit.system();
    }

    // ---- builders ----

    /** Creates a node. */
    public Node node(String name) {
        return with(Ockam.get(system()).createNode(name));
    }

    /**
     * Counts and stops a node of this actor system that was created elsewhere like one of its own. What happened there before this kit was
     * created was not recorded, and connections that it had then are not counted.
     *
     * @throws IllegalArgumentException if it belongs to another actor system
     */
    public Node with(Node node) {
        if (node.system() != system()) {
            throw new IllegalArgumentException(node + " belongs to another actor system");
        }
        nodes.add(node);
        return node;
    }

    /** Creates a party. */
    public Party party() {
        return with(Party.create(system()));
    }

    /** Counts the keys of a party that was created elsewhere like those of one of its own. */
    public Party with(Party party) {
        parties.add(party);
        return party;
    }

    /** Starts a hop, which records what passes. */
    public Tap hop(Node node, String address) {
        Tap tap = Tap.create();
        node.start(Address.of(address), tap.behavior());
        hops.add(new Spy(Address.of(address), tap::messages));
        return tap;
    }

    /** Starts hops, which record what passes. */
    public List<Tap> hops(Node node, String... addresses) {
        return Stream.of(addresses).map(address -> hop(node, address)).toList();
    }

    /** Starts a hostile hop, which is calm at first. */
    public HostileHop hostileHop(Node node, String address, Faults faults) {
        return with(HostileHop.create(node, Address.of(address), faults));
    }

    /** Does the same with a script. */
    public HostileHop hostileHop(Node node, String address, FaultScript script) {
        return with(HostileHop.create(node, Address.of(address), script));
    }

    private HostileHop with(HostileHop hop) {
        hops.add(new Spy(hop.address(), hop::received));
        return hop;
    }

    /** Starts a worker that answers every payload with the same bytes. */
    public Worker echoer(Node node, String address) {
        return node.start(Address.of(address), Codec.bytes(), Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        }));
    }

    /** Attaches a probe to a node as a worker. */
    public <T> TestProbe<Routed<T>> probe(Node node, String address, Codec<T> codec) {
        TestProbe<Routed<T>> probe = testKit.createTestProbe();
        node.attach(Address.of(address), codec, probe.ref());
        return probe;
    }

    /** Lets a party accept channels from these peers, of which there must be at least one. */
    public SecureChannelListener listen(Node node, String address, Party party, Party... peers) {
        if (peers.length == 0) {
            throw new IllegalArgumentException("a listener that accepts nobody");
        }
        listening.add(party);
        return SecureChannelListener.create(node, Address.of(address), party.identity(), Party.accepting(peers));
    }

    /**
     * Opens a channel from one party to another one, and waits for it; if that one {@linkplain #listen listens} by this kit, until it is open at
     * both ends.
     */
    public SecureChannel channel(Node node, String route, Party from, Party to) {
        return channel(node, Route.parse(route), from, to);
    }

    /** Does the same with a route that is one already. */
    public SecureChannel channel(Node node, Route route, Party from, Party to) {
        SecureChannel channel = await(SecureChannel.create(node, route, from.identity(), to.channelOptions()));
        if (listening.contains(to)) {
            eventually(() -> check(
                    channels().anyMatch(end -> end.decryptorAddress().equals(channel.peerDecryptorAddress())),
                    "expected that the other end opens too"));
        }
        return channel;
    }

    private Stream<SecureChannel> channels() {
        return nodes.stream().flatMap(node -> SecureChannels.get(system()).list(node).stream());
    }

    /** Starts a network that misbehaves in front of a target, and stops it after the nodes. */
    public TcpProxy proxy(InetSocketAddress target, TcpFaults faults) {
        TcpProxy proxy = await(TcpProxy.create(system(), target, faults));
        proxies.add(proxy);
        return proxy;
    }

    /** Begins a history whose failures show what was recorded. */
    public <T> History<T> history() {
        return new History<>(this::flow);
    }

    // ---- waiting ----

    /** Waits for the result of a stage. */
    public <T> T await(CompletionStage<T> stage) {
        return await(stage, patience);
    }

    private <T> T await(CompletionStage<T> stage, Duration limit) {
        try {
            return stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("expected a result, but it failed: " + e.getCause() + flow(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("expected a result, but there is none within " + limit + flow(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /**
     * Repeats a check until it passes. The last failure is shown with the flow. Inside of another one, it runs once, since that one is repeated.
     */
    public void eventually(Runnable check) {
        repeat(SOON, check);
    }

    private void repeat(Duration interval, Runnable check) {
        if (isRepeating) {
            check.run();
            return;
        }
        TestProbe<Object> probe = testKit.createTestProbe();
        isRepeating = true;
        try {
            probe.awaitAssert(undilated(patience), interval, () -> {
                check.run();
                return Done.getInstance();
            });
        } catch (RuntimeException | AssertionError e) {
            isRepeating = false;
            throw new AssertionError(e.getMessage() + flow(), e);
        } finally {
            isRepeating = false;
            probe.stop();
        }
    }

    /** The probe multiplies it again by the factor that Akka has for slow machines. */
    private Duration undilated(Duration time) {
        return Duration.ofMillis(
                (long) (time.toMillis() / testKit.testKitSettings().TestTimeFactor()));
    }

    // ---- expectations ----

    /** What was recorded, of all nodes of the actor system, for a {@link ockam.recorder.RecordingAssert} for example. */
    public Recording recording() {
        return recorder.recording();
    }

    /** Ends the recording, and keeps what was recorded. For tests under load: recording can halve the messages that pass in a second. */
    public void stopRecording() {
        recorder.stop();
    }

    /**
     * No hop of this kit has seen this text, in UTF-8, although messages passed each of them. A text of less than four bytes may be found in a
     * frame by chance.
     */
    public void expectNoHopSaw(String plaintext) {
        expectNoHopSaw(ByteString.fromString(plaintext));
    }

    /** The same with bytes. */
    public void expectNoHopSaw(ByteString plaintext) {
        check(!hops.isEmpty(), "expected that no hop saw it, but there is no hop");
        for (Spy hop : hops) {
            List<LocalMessage> seen = hop.seen().get();
            check(!seen.isEmpty(), "expected that no hop saw it, but no message passed " + hop.address());
            check(
                    seen.stream().noneMatch(message -> Tap.bytesOf(message).containsSlice(plaintext)),
                    "expected that no hop saw it, but it was in a message that passed " + hop.address());
        }
    }

    /** What a stage stands for was refused, for this reason: one of a handshake, or of routing. Waits for it. */
    public void expectRefused(CompletionStage<?> stage, FailureReason because) {
        Throwable failure = failureOf(stage);
        check(
                because.equals(reasonOf(failure)),
                "expected to be refused because " + text(because) + ", but it was " + text(failure));
    }

    /** A handshake failed, for this reason in this step. Waits for it. */
    public void expectRefused(CompletionStage<SecureChannel> stage, HandshakeException.Step in, FailureReason because) {
        Throwable failure = failureOf(stage);
        check(
                failure instanceof HandshakeException handshake
                        && handshake.step() == in
                        && because.equals(handshake.reason()),
                "expected to be refused because " + in + " " + text(because) + ", but it was " + text(failure));
    }

    /** What a stage stands for failed with an exception of this class, which is returned. Waits for it. */
    public <E extends Throwable> E expectFailed(CompletionStage<?> stage, Class<E> with) {
        Throwable failure = failureOf(stage);
        check(with.isInstance(failure), "expected to fail with " + with.getName() + ", but it was " + failure);
        return with.cast(failure);
    }

    private Throwable failureOf(CompletionStage<?> stage) {
        Outcome outcome = await(stage.handle((result, failure) -> new Outcome(String.valueOf(result), failure)));
        Throwable failure = outcome.failure();
        if (failure == null) {
            throw new AssertionError("expected to be refused, but there is a result: " + outcome.result() + flow());
        }
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    private static @Nullable FailureReason reasonOf(Throwable failure) {
        if (failure instanceof HandshakeException handshake) {
            return handshake.reason();
        }
        return failure instanceof RoutingException routing ? routing.reason() : null;
    }

    private static String text(Throwable failure) {
        FailureReason reason = reasonOf(failure);
        if (reason == null) {
            return failure.toString();
        }
        return failure instanceof HandshakeException handshake ? handshake.step() + " " + text(reason) : text(reason);
    }

    /** With the enum that it belongs to: some names are in several. */
    private static String text(FailureReason reason) {
        String owner = reason instanceof Enum<?> constant
                ? constant.getDeclaringClass().getName()
                : "";
        return owner.substring(owner.lastIndexOf('.') + 1).replace('$', '.') + "." + reason.name();
    }

    /** A node has dropped so many messages for this reason since it was created. Waits for them, and does not see what is dropped later. */
    public void expectDropped(Node node, DropReason because, long count) {
        eventually(() -> check(node.dropped(because) >= count, droppedOtherwise(node, because, count)));
        check(node.dropped(because) == count, droppedOtherwise(node, because, count));
    }

    private static String droppedOtherwise(Node node, DropReason because, long count) {
        return "expected to be dropped by " + node.name() + " because " + because.name() + ": " + count
                + " messages, but it was " + node.dropped(because);
    }

    /** What is held now by the nodes and parties of this kit. */
    public Footprint footprint() {
        return new Footprint(
                actors(),
                nodes.stream().mapToInt(Node::addressCount).sum(),
                (int) channels().count(),
                (int) connections.stream().filter(end -> isMine(end.node())).count(),
                nodes.stream().mapToInt(Node::messagesUnderWay).sum(),
                keys());
    }

    private boolean isMine(String name) {
        return nodes.stream().anyMatch(node -> node.name().equals(name));
    }

    private Map<Identifier, KeyCounts> keys() {
        Map<Identifier, KeyCounts> keys = new HashMap<>();
        parties.forEach(party -> keys.put(party.identifier(), party.keys()));
        return keys;
    }

    private List<String> actors() {
        String tree = system().printTree();
        return nodes.stream()
                .flatMap(node -> Pattern.compile("-> (ockam-" + Pattern.quote(node.name()) + "-[a-z]+-[0-9]+) ")
                        .matcher(tree)
                        .results()
                        .map(name -> name.group(1)))
                .sorted()
                .toList();
    }

    /** Exactly as much is held as then. Waits for it: what ends, ends in its own time. */
    public void expectFootprint(Footprint as) {
        repeat(AFTER_A_WHILE, () -> {
            Footprint now = footprint();
            check(now.equals(as), "expected to be held:\n" + as.lines() + "\nbut it is:\n" + now.lines());
        });
    }

    /**
     * The nodes of this kit have stopped and nothing is left behind: no actor, address, channel, connection or permit, and of the keys of its
     * parties only those of the identity and the one for channels. Waits for it.
     */
    public void expectNothingLeft() {
        repeat(AFTER_A_WHILE, () -> {
            Footprint now = footprint();
            check(now.isEmpty(), "expected that nothing is left behind, but there is:\n" + now.lines());
        });
    }

    /** Stops the nodes, all at once, then the proxies, and expects that nothing is left behind. */
    @Override
    public void close() {
        try {
            List<CompletionStage<Done>> stopping =
                    nodes.stream().map(Node::stop).toList();
            List<AssertionError> failures = new ArrayList<>();
            stopping.forEach(stage -> attempt(failures, () -> await(stage, timeToStop())));
            proxies.forEach(proxy -> attempt(failures, () -> await(proxy.stop())));
            attempt(failures, this::expectNothingLeft);
            if (!failures.isEmpty()) {
                AssertionError last = failures.remove(failures.size() - 1);
                failures.forEach(last::addSuppressed);
                throw last;
            }
        } finally {
            Observers.get(system()).remove(connectionCounter);
            recorder.stop();
        }
    }

    private static void attempt(List<AssertionError> failures, Runnable step) {
        try {
            step.run();
        } catch (AssertionError e) {
            failures.add(e);
        }
    }

    /** A node waits itself for what does not stop. */
    private Duration timeToStop() {
        Duration limit = system().settings()
                .config()
                .getDuration("ockam.node.stop-timeout")
                .plusSeconds(1);
        return limit.compareTo(patience) > 0 ? limit : patience;
    }

    private void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message + flow());
        }
    }

    private String flow() {
        return isRepeating ? "" : "\n\nThe recording:\n" + recording().text(SHOWN);
    }

    @Override
    public String toString() {
        return "OckamTestKit(" + nodes + ")";
    }
}
