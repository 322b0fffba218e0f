// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.ChannelState;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.NodeAccess;
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
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
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
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create("""
            akka.actor.testkit.typed.single-expect-default = 60s
            ockam.tcp.reconnect { min-delay = 20ms, max-delay = 200ms }""");

    private static final int CUTS = Boolean.getBoolean("ockam.long") ? 1_000 : 100;
    private static final int FEW = 6;
    private static final Duration LONG_ENOUGH =
            Duration.ofSeconds(3); // for a stream that did not wait to lose too much
    private static final int MOST_CAUGHT_UP_WITH = 32_767;
    private static final Duration EVERY = Duration.ofMillis(2);
    private static final Address NAME = Address.of("to-bob");

    private final OckamTestKit kit;
    private final Node alice;
    private final Node bob;
    private final TcpTransport alices;
    private final TcpTransport bobs;
    private final Worker echoer;
    private TcpListener listener;
    private final List<String> echoed = new CopyOnWriteArrayList<>();
    private final List<TcpProxy> networks = new ArrayList<>();

    ReconnectingTest(OckamTestKit kit) {
        this.kit = kit;
        this.alice = kit.node("alice");
        this.bob = kit.node("bob");
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
        return kit.await(bobs.listen(at, TcpListenerOptions.defaults().withConsumer(echoer)));
    }

    @AfterEach
    void leavesNothing() {
        networks.forEach(network -> kit.await(network.stop()));
        kit.close();
        for (Node node : List.of(alice, bob)) {
            assertThat(NodeAccess.router(node).flowControls().isEmpty()).isTrue();
        }
        kit.eventually(
                () -> { // a node that has stopped tells so on another thread
                    assertThat(alices.connections()).isEmpty();
                    assertThat(bobs.connections()).isEmpty();
                });
    }

    private void eventually(ReconnectingConnection name, State state) {
        kit.eventually(() -> assertThat(name.state()).isEqualTo(state));
    }

    private TcpProxy network() {
        TcpProxy started = kit.await(TcpProxy.create(kit.system(), listener.localAddress()));
        networks.add(started);
        return started;
    }

    private ReconnectingConnection connected(String to) {
        ReconnectingConnection name = alices.reconnecting(NAME, to);
        eventually(name, State.CONNECTED);
        return name;
    }

    private String ask(Route route, String question) {
        return kit.await(alice.ask(route, Codec.string(), question)).body();
    }

    /** The connection through the network that there is now. */
    private TcpProxy.Link link(TcpProxy network) {
        kit.eventually(() ->
                assertThat(network.links()).filteredOn(link -> !link.hasEnded()).hasSize(1));
        return network.links().get(network.links().size() - 1);
    }

    // ---- channels ----

    private SecureChannel channel(ReconnectingConnection name) {
        Party a = kit.party();
        Party b = kit.party();
        SecureChannelListener api = kit.listen(bob, "api", b, a);
        bob.allow(api).from(listener);
        bob.allow(echoer).from(api);
        bob.allow(Address.of("counter")).from(api);
        return kit.channel(alice, name.route("api"), a, b);
    }

    /** Numbers through a channel, one after the other without waiting for answers, and the answers. */
    private final class Traffic {
        private final AtomicInteger sent = new AtomicInteger();
        private final TestProbe<Routed<String>> answers;
        private final Mailbox from;
        private final UniqueKillSwitch end;

        Traffic(SecureChannel channel) {
            Address answersAt = Address.of("answers");
            answers = kit.probe(alice, "answers", Codec.string());
            alice.allow(answersAt).from(channel);
            from = alice.mailbox("traffic");
            end = Source.tick(Duration.ZERO, EVERY, "")
                    .viaMat(KillSwitches.single(), Keep.right())
                    .to(Sink.foreach(tick -> from.send(LocalMessage.of(
                            channel.route("echoer"),
                            Route.of(answersAt),
                            Codec.string().encode(Integer.toString(sent.incrementAndGet()))))))
                    .run(kit.system());
        }

        /** Returns when something is answered that is sent from now on. */
        void goesOn() {
            int before = sent.get();
            while (Integer.parseInt(answers.receiveMessage().body()) <= before) {
                // an earlier one
            }
        }

        void end() {
            end.shutdown();
            from.close();
            kit.await(alice.stop(Address.of("answers")));
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
        TestProbe<ChannelState> states = kit.testKit().createTestProbe();
        channel.states().runForeach(states.ref()::tell, kit.system());
        states.expectMessage(ChannelState.Open.UP);
        TestProbe<State> changes = kit.testKit().createTestProbe();
        name.states().runForeach(changes.ref()::tell, kit.system());
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
            changes.expectMessage(State.CONNECTING);
            changes.expectMessage(State.CONNECTED);
            traffic.goesOn();
            millis.add(Duration.ofNanos(System.nanoTime() - begin).toMillis());
        }

        millis.sort(null);
        System.out.println("[reconnecting] " + CUTS + " cuts; ms until the channel goes on: median "
                + millis.get(CUTS / 2) + ", p99 " + millis.get(CUTS * 99 / 100) + ", max " + millis.get(CUTS - 1));
        states.expectNoMessage(Duration.ZERO);
        SecureChannel accepted = SecureChannels.get(kit.system()).list(bob).get(0);
        kit.eventually(() -> assertThat(accepted.state()).isEqualTo(ChannelState.Open.UP));
        assertThat(accepted.connection()).isPresent();
        assertThat(channel.connection()).isEqualTo(name.connection());
        kit.eventually(() -> assertThat(alices.connections()).hasSize(1));
        kit.eventually(() -> assertThat(bobs.connections()).hasSize(1));
        kit.eventually(() -> assertThat(alice.addressCount()).isEqualTo(alicesAddresses));
        kit.eventually(() -> assertThat(bob.addressCount()).isEqualTo(bobsAddresses));
        traffic.end();
        kit.await(channel.close());
        kit.await(name.stop());
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
                .run(kit.system());
        kit.eventually(() -> assertThat(arrived).hasPositiveValue());

        kit.await(listener.stop());
        bobs.connections().forEach(Connection::disconnect);
        eventually(name, State.CONNECTING);
        kit.eventually(
                () -> assertThat(alice.dropped(TcpDropReason.NOT_CONNECTED)).isPositive());
        long began = System.nanoTime();
        kit.eventually(
                () -> assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(LONG_ENOUGH));
        listener = listen(at);
        bob.allow(channel.peerDecryptorAddress()).from(listener);
        eventually(name, State.CONNECTED);

        int before = arrived.get();
        kit.eventually(() -> assertThat(arrived).hasValueGreaterThan(before + 1_000));
        assertThat(alice.dropped(TcpDropReason.NOT_CONNECTED)).isLessThan(MOST_CAUGHT_UP_WITH);
        run.first().shutdown();
        kit.await(run.second().whenClosed());
    }

    /** Returns when so many attempts from a node have failed: what waits is dropped with each, so it shows. */
    private ReconnectingConnection failsToConnect(Node from, String at, int attempts) {
        ReconnectingConnection name = TcpTransport.create(from).reconnecting(Address.random(), at);
        Mailbox app = from.mailbox("app");
        for (int i = 1; i <= attempts; i++) {
            app.send(name.route("echoer"), Codec.string(), "lost");
            kit.expectDropped(from, TcpDropReason.NOT_CONNECTED, i);
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
        SecureChannel accepted = SecureChannels.get(kit.system()).list(bob).get(0);
        Connection first = name.connection().orElseThrow();

        link(network).finish();
        kit.eventually(() -> assertThat(name.connection()).isPresent().get().isNotSameAs(first));
        kit.eventually(() -> assertThat(accepted.state()).isEqualTo(ChannelState.Open.ROUTE_LOST));
        assertThat(channel.state()).isEqualTo(ChannelState.Open.UP);
        assertThat(ask(channel.route("echoer"), "two")).isEqualTo("two");

        kit.eventually(() -> assertThat(accepted.state()).isEqualTo(ChannelState.Open.UP));
    }

    @Test
    void channelLosesItsRouteWhenTheNameIsStopped() {
        ReconnectingConnection name = connected(listener.hostAndPort());
        SecureChannel channel = channel(name);

        kit.await(name.stop());

        kit.eventually(() -> assertThat(channel.state()).isEqualTo(ChannelState.Open.ROUTE_LOST));
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
        kit.await(listener.stop());
        bobs.connections().forEach(Connection::disconnect);
        eventually(name, State.CONNECTING);

        listener = listen(at);

        eventually(name, State.CONNECTED);
        assertThat(ask(name.route("echoer"), "again")).isEqualTo("again");
    }

    @Test
    void attemptsThatFailLeaveNothingAndGoOn() {
        String at = listener.hostAndPort();
        kit.await(listener.stop());
        int before = alice.addressCount();
        ReconnectingConnection name = failsToConnect(alice, at, FEW);

        kit.await(name.stop());

        kit.eventually(() -> assertThat(alice.addressCount()).isEqualTo(before));
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
            kit.eventually(() -> assertThat(alices.connections()).hasSize(1));
            assertThat(name.state()).isEqualTo(State.CONNECTING);

            kit.await(name.stop());

            assertThat(alices.connections()).isEmpty();
        } finally {
            for (SocketChannel channel : first) {
                channel.close();
            }
        }
    }

    @Test
    void whatComesInElsewhereLeavesByItOnlyIfItIsOpened() {
        TcpListener alicesListener = kit.await(alices.listen("127.0.0.1:0"));
        Node carol = kit.node("carol");
        Connection toAlice = kit.await(TcpTransport.create(carol).connect(alicesListener.hostAndPort()));
        ReconnectingConnection closed = connected(listener.hostAndPort());
        Route through = toAlice.route(Route.of(NAME, Address.of("echoer")));
        carol.ask(through, Codec.string(), "refused");
        kit.expectDropped(alice, RoutingDropReason.OUTGOING_DENIED, 1);
        kit.await(closed.stop());

        ReconnectingConnection open = alices.reconnecting(
                NAME, listener.hostAndPort(), TcpConnectionOptions.defaults().withOpenTo(alicesListener));
        eventually(open, State.CONNECTED);
        carol.ask(through, Codec.string(), "passes");

        kit.eventually(() -> assertThat(echoed).containsExactly("passes"));
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
                .run(kit.system());
        kit.eventually(() -> assertThat(arrived).hasPositiveValue());

        link(network).reset();
        eventually(name, State.CONNECTED);
        int before = arrived.get();
        kit.eventually(() -> assertThat(arrived).hasValueGreaterThan(before + 100));

        run.first().shutdown();
        kit.await(run.second().whenClosed());
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
        kit.await(name.stop());
        kit.expectRefused(alice.ask(name.route("echoer"), Codec.string(), "late"), RoutingDropReason.NO_SUCH_ADDRESS);
    }
}
