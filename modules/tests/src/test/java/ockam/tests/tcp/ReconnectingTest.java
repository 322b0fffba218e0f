// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.ChannelState;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.channel.SecureChannels;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.RoutingException;
import ockam.tcp.ReconnectingConnection;
import ockam.tcp.ReconnectingConnection.State;
import ockam.tcp.TcpConnectionOptions;
import ockam.tcp.TcpDropReason;
import ockam.tcp.TcpException;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A reconnecting connection over a network that cuts it, and what goes through it. */
class ReconnectingTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT =
            ActorTestKitExtension.create("ockam.tcp.reconnect { min-delay = 20ms, max-delay = 200ms }");

    private static final int CUTS = Boolean.getBoolean("ockam.long") ? 1_000 : 100;
    private static final int FEW = 6;
    private static final Duration LONG_ENOUGH =
            Duration.ofSeconds(3); // for a stream that did not wait to lose too much
    private static final int MOST_CAUGHT_UP_WITH = 32_767;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration EVERY = Duration.ofMillis(2);
    private static final Address NAME = Address.of("to-bob");

    private final ActorTestKit testKit;
    private final Node alice;
    private final Node bob;
    private final TcpTransport alices;
    private final TcpTransport bobs;
    private final Worker echoer;
    private TcpListener listener;
    private final List<String> echoed = new CopyOnWriteArrayList<>();
    private final List<TcpProxy> networks = new ArrayList<>();

    ReconnectingTest(ActorTestKit testKit) {
        this.testKit = testKit;
        this.alice = Ockam.get(testKit.system()).createNode("alice");
        this.bob = Ockam.get(testKit.system()).createNode("bob");
        this.alices = TcpTransport.create(alice);
        this.bobs = TcpTransport.create(bob);
        this.echoer = bob.start(Address.of("echoer"), Codec.string(), Behaviors.receiveMessage(message -> {
            echoed.add(message.body());
            message.reply(message.body());
            return Behaviors.same();
        }));
        this.listener = listen("127.0.0.1:0");
    }

    private TcpListener listen(String at) {
        return await(bobs.listen(at, TcpListenerOptions.defaults().withConsumer(echoer)));
    }

    @AfterEach
    void leavesNothing() {
        networks.forEach(network -> await(network.stop()));
        for (Node node : List.of(alice, bob)) {
            await(node.stop());
            eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            assertThat(node.addressCount()).isZero();
            assertThat(NodeAccess.router(node).flowControls().isEmpty()).isTrue();
        }
        assertThat(alices.connections()).isEmpty();
        assertThat(bobs.connections()).isEmpty();
    }

    private void eventually(Runnable check) {
        TestProbe<Object> probe = testKit.createTestProbe();
        probe.awaitAssert(PATIENCE, () -> {
            check.run();
            return check;
        });
        probe.stop();
    }

    private void eventually(ReconnectingConnection name, State state) {
        eventually(() -> assertThat(name.state()).isEqualTo(state));
    }

    private TcpProxy network() {
        TcpProxy started = await(TcpProxy.create(testKit.system(), listener.localAddress()));
        networks.add(started);
        return started;
    }

    private ReconnectingConnection connected(String to) {
        ReconnectingConnection name = alices.reconnecting(NAME, to);
        eventually(name, State.CONNECTED);
        return name;
    }

    private String ask(Route route, String question) {
        return await(alice.ask(route, Codec.string(), question)).body();
    }

    /** The connection through the network that there is now. */
    private TcpProxy.Link link(TcpProxy network) {
        eventually(() ->
                assertThat(network.links()).filteredOn(link -> !link.hasEnded()).hasSize(1));
        return network.links().get(network.links().size() - 1);
    }

    // ---- channels ----

    private Identity identity() {
        SoftwareVault vault = SoftwareVault.create(Ockam.get(testKit.system()).cryptoExecutor());
        return await(Identities.create(vault, InMemoryIdentityRepository.create(), Clock.systemUTC())
                .create());
    }

    private SecureChannel channel(ReconnectingConnection name) {
        Identity a = identity();
        Identity b = identity();
        SecureChannelListener api = SecureChannelListener.create(
                bob,
                Address.of("api"),
                b,
                SecureChannelListenerOptions.trusting(TrustPolicy.identifier(a.identifier())));
        bob.allow(api).from(listener);
        bob.allow(echoer).from(api);
        bob.allow(Address.of("counter")).from(api);
        return await(SecureChannel.create(
                alice, name.route("api"), a, SecureChannelOptions.trusting(TrustPolicy.identifier(b.identifier()))));
    }

    /** Numbers through a channel, one after the other without waiting for answers, and the answers. */
    private final class Traffic {
        private final AtomicInteger sent = new AtomicInteger();
        private final TestProbe<Routed<String>> answers = testKit.createTestProbe();
        private final Mailbox from;
        private final UniqueKillSwitch end;

        Traffic(SecureChannel channel) {
            Address answersAt = Address.of("answers");
            alice.attach(answersAt, Codec.string(), answers.ref());
            alice.allow(answersAt).from(channel);
            from = alice.mailbox("traffic");
            end = Source.tick(Duration.ZERO, EVERY, "")
                    .viaMat(KillSwitches.single(), Keep.right())
                    .to(Sink.foreach(tick -> from.send(LocalMessage.of(
                            channel.route("echoer"),
                            Route.of(answersAt),
                            Codec.string().encode(Integer.toString(sent.incrementAndGet()))))))
                    .run(testKit.system());
        }

        /** Returns when something is answered that is sent from now on. */
        void goesOn() {
            int before = sent.get();
            while (Integer.parseInt(answers.receiveMessage(PATIENCE).body()) <= before) {
                // an earlier one
            }
        }

        void end() {
            end.shutdown();
            from.close();
            await(alice.stop(Address.of("answers")));
        }
    }

    private static void cut(int number, TcpProxy.Link link) {
        switch (number % 4) {
            case 0 -> link.reset();
            case 1 -> link.finish();
            case 2 -> link.halfClose(number % 8 < 4 ? Way.TO_CLIENT : Way.TO_TARGET);
            default -> {
                link.stall(number % 8 < 4 ? Way.TO_CLIENT : Way.TO_TARGET);
                link.reset();
            }
        }
    }

    @Test
    void channelGoesOnAfterEachCutAndNothingIsLeft() {
        TcpProxy network = network();
        ReconnectingConnection name = connected(network.hostAndPort());
        SecureChannel channel = channel(name);
        TestProbe<ChannelState> states = testKit.createTestProbe();
        channel.states().runForeach(states.ref()::tell, testKit.system());
        states.expectMessage(ChannelState.Open.UP);
        TestProbe<State> changes = testKit.createTestProbe();
        name.states().runForeach(changes.ref()::tell, testKit.system());
        changes.expectMessage(State.CONNECTED);
        Traffic traffic = new Traffic(channel);
        traffic.goesOn();
        int alicesAddresses = alice.addressCount();
        int bobsAddresses = bob.addressCount();
        List<Long> millis = new ArrayList<>();

        for (int i = 0; i < CUTS; i++) {
            TcpProxy.Link link = link(network);
            long begin = System.nanoTime();
            cut(i, link);
            changes.expectMessage(PATIENCE, State.CONNECTING);
            changes.expectMessage(PATIENCE, State.CONNECTED);
            traffic.goesOn();
            millis.add(Duration.ofNanos(System.nanoTime() - begin).toMillis());
        }

        millis.sort(null);
        System.out.println("[reconnecting] " + CUTS + " cuts; ms until the channel goes on: median "
                + millis.get(CUTS / 2) + ", p99 " + millis.get(CUTS * 99 / 100) + ", max " + millis.get(CUTS - 1));
        states.expectNoMessage(Duration.ZERO);
        SecureChannel accepted = SecureChannels.get(testKit.system()).list(bob).get(0);
        eventually(() -> assertThat(accepted.state()).isEqualTo(ChannelState.Open.UP));
        assertThat(accepted.connection()).isPresent();
        assertThat(channel.connection()).isEqualTo(name.connection());
        eventually(() -> assertThat(alices.connections()).hasSize(1));
        eventually(() -> assertThat(bobs.connections()).hasSize(1));
        eventually(() -> assertThat(alice.addressCount()).isEqualTo(alicesAddresses));
        eventually(() -> assertThat(bob.addressCount()).isEqualTo(bobsAddresses));
        traffic.end();
        await(channel.close());
        await(name.stop());
        changes.expectMessage(State.STOPPED);
    }

    /** The stream waits meanwhile: or so many frames would be lost so quickly that the channel could not catch up. */
    @Test
    void fastStreamThroughAChannelOutlivesAnInterruption() {
        String at = listener.hostAndPort();
        ReconnectingConnection name = connected(at);
        SecureChannel channel = channel(name);
        AtomicInteger arrived = new AtomicInteger();
        bob.start(Address.of("counter"), Codec.string(), Behaviors.receiveMessage(message -> {
            arrived.incrementAndGet();
            return Behaviors.same();
        }));
        var run = Source.repeat("again")
                .viaMat(KillSwitches.single(), Keep.right())
                .toMat(alice.sink(channel.route("counter"), Codec.string()), Keep.both())
                .run(testKit.system());
        eventually(() -> assertThat(arrived).hasPositiveValue());

        await(listener.stop());
        bobs.connections().forEach(Connection::disconnect);
        eventually(name, State.CONNECTING);
        eventually(() -> assertThat(alice.dropped(TcpDropReason.NOT_CONNECTED)).isPositive());
        long began = System.nanoTime();
        eventually(() -> assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(LONG_ENOUGH));
        listener = listen(at);
        bob.allow(channel.peerDecryptorAddress()).from(listener);
        eventually(name, State.CONNECTED);

        int before = arrived.get();
        eventually(() -> assertThat(arrived).hasValueGreaterThan(before + 1_000));
        assertThat(alice.dropped(TcpDropReason.NOT_CONNECTED)).isLessThan(MOST_CAUGHT_UP_WITH);
        run.first().shutdown();
        await(run.second().whenClosed());
    }

    /** Returns when so many attempts from a node have failed: what waits is dropped with each, so it shows. */
    private ReconnectingConnection failsToConnect(Node from, String at, int attempts) {
        ReconnectingConnection name = TcpTransport.create(from).reconnecting(Address.random(), at);
        Mailbox app = from.mailbox("app");
        for (int i = 1; i <= attempts; i++) {
            app.send(name.route("echoer"), Codec.string(), "lost");
            int lost = i;
            eventually(
                    () -> assertThat(from.dropped(TcpDropReason.NOT_CONNECTED)).isEqualTo(lost));
        }
        assertThat(name.state()).isEqualTo(State.CONNECTING);
        app.close();
        return name;
    }

    /** It knows the new way from the first message that comes by it. */
    @Test
    void peerFollowsWithTheNextMessage() {
        TcpProxy network = network();
        ReconnectingConnection name = connected(network.hostAndPort());
        SecureChannel channel = channel(name);
        assertThat(ask(channel.route("echoer"), "one")).isEqualTo("one");
        SecureChannel accepted = SecureChannels.get(testKit.system()).list(bob).get(0);
        Connection first = name.connection().orElseThrow();

        link(network).finish();
        eventually(() -> assertThat(name.connection()).isPresent().get().isNotSameAs(first));
        eventually(() -> assertThat(accepted.state()).isEqualTo(ChannelState.Open.ROUTE_LOST));
        assertThat(channel.state()).isEqualTo(ChannelState.Open.UP);
        assertThat(ask(channel.route("echoer"), "two")).isEqualTo("two");

        eventually(() -> assertThat(accepted.state()).isEqualTo(ChannelState.Open.UP));
    }

    @Test
    void channelLosesItsRouteWhenTheNameIsStopped() {
        ReconnectingConnection name = connected(listener.hostAndPort());
        SecureChannel channel = channel(name);

        await(name.stop());

        eventually(() -> assertThat(channel.state()).isEqualTo(ChannelState.Open.ROUTE_LOST));
    }

    // ---- connections ----

    @Test
    void isARouteOutOfTheNode() {
        ReconnectingConnection name = connected(listener.hostAndPort());

        assertThat(ask(name.route("echoer"), "hello")).isEqualTo("hello");
        assertThat(alice.findTerminalAddress(name.route("echoer"))).contains(NAME);
        assertThat(alice.findConnection(name.route("echoer"))).isEqualTo(name.connection());
        assertThat(alice.metadata(NAME).orElseThrow().attributes()).containsEntry("remote", name.remote());
        assertThat(name.remote()).isEqualTo("tcp " + listener.hostAndPort());
    }

    @Test
    void findsAListenerThatComesBackAtTheSamePort() {
        ReconnectingConnection name = connected(listener.hostAndPort());
        String at = listener.hostAndPort();
        await(listener.stop());
        bobs.connections().forEach(Connection::disconnect);
        eventually(name, State.CONNECTING);

        listener = listen(at);

        eventually(name, State.CONNECTED);
        assertThat(ask(name.route("echoer"), "again")).isEqualTo("again");
    }

    @Test
    void attemptsThatFailLeaveNothingAndGoOn() {
        String at = listener.hostAndPort();
        await(listener.stop());
        int before = alice.addressCount();
        ReconnectingConnection name = failsToConnect(alice, at, FEW);

        await(name.stop());

        eventually(() -> assertThat(alice.addressCount()).isEqualTo(before));
        assertThat(alices.connections()).isEmpty();
        assertThat(name.state()).isEqualTo(State.STOPPED);
        assertThat(name.hasEnded()).isTrue();
    }

    /** A full backlog: the operating system does not answer. */
    @Test
    void stopsWhileNobodyAnswers() throws IOException {
        List<SocketChannel> first = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                first.add(channel);
                channel.configureBlocking(false);
                channel.connect(deaf.getLocalSocketAddress());
            }
            ReconnectingConnection name = alices.reconnecting(NAME, "127.0.0.1:" + deaf.getLocalPort());
            eventually(() -> assertThat(alices.connections()).hasSize(1));
            assertThat(name.state()).isEqualTo(State.CONNECTING);

            await(name.stop());

            assertThat(alices.connections()).isEmpty();
        } finally {
            for (SocketChannel channel : first) {
                channel.close();
            }
        }
    }

    @Test
    void whatComesInElsewhereLeavesByItOnlyIfItIsOpened() {
        TcpListener alicesListener = await(alices.listen("127.0.0.1:0"));
        Node carol = Ockam.get(testKit.system()).createNode("carol");
        Connection toAlice = await(TcpTransport.create(carol).connect(alicesListener.hostAndPort()));
        ReconnectingConnection closed = connected(listener.hostAndPort());
        Route through = toAlice.route(Route.of(NAME, Address.of("echoer")));
        carol.ask(through, Codec.string(), "refused");
        eventually(() ->
                assertThat(alice.dropped(RoutingDropReason.OUTGOING_DENIED)).isOne());
        await(closed.stop());

        ReconnectingConnection open = alices.reconnecting(
                NAME, listener.hostAndPort(), TcpConnectionOptions.defaults().withOpenTo(alicesListener));
        eventually(open, State.CONNECTED);
        carol.ask(through, Codec.string(), "passes");

        eventually(() -> assertThat(echoed).containsExactly("passes"));
        await(carol.stop());
    }

    @Test
    void streamOutlivesTheConnection() {
        TcpProxy network = network();
        ReconnectingConnection name = connected(network.hostAndPort());
        AtomicInteger arrived = new AtomicInteger();
        Worker counter = bob.start(Address.of("counter"), Codec.string(), Behaviors.receiveMessage(message -> {
            arrived.incrementAndGet();
            return Behaviors.same();
        }));
        bob.allow(counter).from(listener);
        var run = Source.tick(Duration.ZERO, EVERY, "tick")
                .viaMat(KillSwitches.single(), Keep.right())
                .toMat(alice.sink(name.route("counter"), Codec.string()), Keep.both())
                .run(testKit.system());
        eventually(() -> assertThat(arrived).hasPositiveValue());

        link(network).reset();
        eventually(name, State.CONNECTED);
        int before = arrived.get();
        eventually(() -> assertThat(arrived).hasValueGreaterThan(before + 100));

        run.first().shutdown();
        await(run.second().whenClosed());
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatExceptionOfType(TcpException.class)
                .isThrownBy(() -> alices.reconnecting(NAME, "nowhere"))
                .matches(e -> e.reason() == TcpException.Reason.INVALID_ADDRESS);
        ReconnectingConnection name = alices.reconnecting(NAME, listener.hostAndPort());
        assertThatExceptionOfType(RoutingException.class)
                .isThrownBy(() -> alices.reconnecting(NAME, listener.hostAndPort()))
                .matches(e -> e.reason() == RoutingException.Reason.ADDRESS_IN_USE);
        CompletionStage<?> stopped = name.stop();
        await(stopped);
        assertThat(awaitFailureOf(alice.ask(name.route("echoer"), Codec.string(), "late")))
                .hasMessageContaining("NO_SUCH_ADDRESS");
    }
}
