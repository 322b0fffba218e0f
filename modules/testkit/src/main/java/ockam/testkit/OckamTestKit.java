// SPDX-License-Identifier: Apache-2.0

package ockam.testkit;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
    private static final Duration INTERVAL = Duration.ofMillis(2);

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
    private final List<Supplier<List<LocalMessage>>> hops = new ArrayList<>();
    private boolean isRepeating;

    private OckamTestKit(ActorTestKit testKit) {
        this.testKit = testKit;
        this.patience = testKit.createTestProbe().getRemainingOrDefault();
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

    /** Counts and stops a node that was created elsewhere like one of its own. */
    public Node with(Node node) {
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
        hops.add(tap::messages);
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
        hops.add(hop::received);
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

    /** Lets a party accept channels from these peers. */
    public SecureChannelListener listen(Node node, String address, Party party, Party... peers) {
        return SecureChannelListener.create(node, Address.of(address), party.identity(), Party.listenerOptions(peers));
    }

    /** Opens a channel from one party to another one, and waits for it. */
    public SecureChannel channel(Node node, String route, Party from, Party to) {
        return channel(node, Route.parse(route), from, to);
    }

    /** Does the same with a route that is one already. */
    public SecureChannel channel(Node node, Route route, Party from, Party to) {
        return await(SecureChannel.create(node, route, from.identity(), to.channelOptions()));
    }

    /** Begins a history whose failures show what was recorded. */
    public <T> History<T> history() {
        return new History<>(this::flow);
    }

    // ---- waiting ----

    /** Waits for the result of a stage. */
    public <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("expected a result, but it failed: " + e.getCause() + flow(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("expected a result, but there is none within " + patience + flow(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Repeats a check until it passes. Only the last failure shows the flow: with many events that takes long. */
    public void eventually(Runnable check) {
        if (isRepeating) {
            check.run();
            return;
        }
        TestProbe<Object> probe = testKit.createTestProbe();
        isRepeating = true;
        try {
            probe.awaitAssert(patience, INTERVAL, () -> {
                check.run();
                return Done.getInstance();
            });
        } catch (AssertionError e) {
            isRepeating = false;
            throw new AssertionError(e.getMessage() + flow(), e);
        } finally {
            isRepeating = false;
            probe.stop();
        }
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

    /** No hop of this kit has seen this text, in UTF-8, although messages passed. */
    public void expectNoHopSaw(String plaintext) {
        expectNoHopSaw(ByteString.fromString(plaintext));
    }

    /** The same with bytes. */
    public void expectNoHopSaw(ByteString plaintext) {
        List<LocalMessage> seen =
                hops.stream().flatMap(hop -> hop.get().stream()).toList();
        check(!seen.isEmpty(), "expected that no hop saw it, but no message passed a hop");
        seen.stream()
                .filter(message -> Tap.bytesOf(message).containsSlice(plaintext))
                .findFirst()
                .ifPresent(message -> check(
                        false,
                        "expected that no hop saw it, but it was in a message that passed "
                                + message.onwardRoute().next()));
    }

    /** What a stage stands for was refused, for this reason. Waits for it. */
    public void expectRefused(CompletionStage<?> stage, FailureReason because) {
        String reason = reasonOf(failureOf(stage));
        check(
                because.name().equals(reason),
                "expected to be refused because " + because.name() + ", but it was " + reason);
    }

    /** A handshake failed, for this reason in this step. Waits for it. */
    public void expectRefused(CompletionStage<SecureChannel> stage, HandshakeException.Step in, FailureReason because) {
        Throwable failure = failureOf(stage);
        String step = failure instanceof HandshakeException handshake ? handshake.step() + " " : "";
        String reason = step + reasonOf(failure);
        String expected = in + " " + because.name();
        check(expected.equals(reason), "expected to be refused because " + expected + ", but it was " + reason);
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

    private static String reasonOf(Throwable failure) {
        if (failure instanceof HandshakeException handshake) {
            return handshake.reason().name();
        }
        return failure instanceof RoutingException routing ? routing.reason().name() : failure.toString();
    }

    /** A node has dropped so many messages for this reason since it was created. Waits for it. */
    public void expectDropped(Node node, DropReason because, long count) {
        eventually(() -> check(
                node.dropped(because) == count,
                "expected to be dropped by " + node.name() + " because " + because.name() + ": " + count
                        + " messages, but it was " + node.dropped(because)));
    }

    /** What is held now by the nodes and parties of this kit. */
    public Footprint footprint() {
        return new Footprint(
                actors(),
                nodes.stream().mapToInt(Node::addressCount).sum(),
                nodes.stream()
                        .mapToInt(node ->
                                SecureChannels.get(node.system()).list(node).size())
                        .sum(),
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
        eventually(() -> {
            Footprint now = footprint();
            check(now.equals(as), "expected to be held:\n" + as.lines() + "\nbut it is:\n" + now.lines());
        });
    }

    /**
     * The nodes of this kit have stopped and nothing is left behind: no actor, address, channel, connection or permit, and of the keys of its
     * parties only those of the identity and the one for channels. Waits for it.
     */
    public void expectNothingLeft() {
        eventually(() -> {
            Footprint now = footprint();
            check(now.isEmpty(), "expected that nothing is left behind, but there is:\n" + now.lines());
        });
    }

    /** Stops the nodes, and expects that nothing is left behind. */
    @Override
    public void close() {
        try {
            nodes.forEach(node -> await(node.stop()));
            expectNothingLeft();
        } finally {
            Observers.get(system()).remove(connectionCounter);
            recorder.stop();
        }
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
