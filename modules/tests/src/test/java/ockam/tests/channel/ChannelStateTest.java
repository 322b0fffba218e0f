// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.channel.ChannelState.Open.OUT_OF_STEP;
import static ockam.channel.ChannelState.Open.ROUTE_LOST;
import static ockam.channel.ChannelState.Open.UP;
import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.eventstream.EventStream;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import ockam.channel.ChannelState;
import ockam.channel.ChannelStateChanged;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.node.Hop;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Ockam;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.routing.Metadata;
import ockam.routing.spi.Registration;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a channel between two nodes says about itself, and what heals it. */
class ChannelStateTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create().withManualTime();

    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final ActorTestKit testKit;
    private final Scene scene;
    private final Node bobsNode;
    private final SecureChannelListener listener;
    private final MemoryTransport.Link link;

    ChannelStateTest(ActorTestKit testKit) {
        this.testKit = testKit;
        scene = Scene.create(testKit);
        bobsNode = Ockam.get(testKit.system()).createNode("bob");
        Worker echoer = bobsNode.start(Address.of("echoer"), Codec.string(), Scene.echoing());
        listener = SecureChannelListener.create(
                bobsNode,
                Scene.LISTENER,
                scene.bob().identity(),
                scene.alice()
                        .listenerOptions()
                        .withSetup(channel -> bobsNode.allow(echoer).from(channel)));
        link = link();
    }

    @AfterEach
    void end() {
        await(bobsNode.stop());
        scene.close();
    }

    private MemoryTransport.Link link() {
        MemoryTransport.Link made = MemoryTransport.create().connect(scene.node(), bobsNode);
        bobsNode.allow(listener).from(made.second());
        return made;
    }

    /** Another link, by which the channel's frames may come as well. */
    private MemoryTransport.Link linkFor(SecureChannel channel) {
        MemoryTransport.Link made = link();
        bobsNode.allow(channel.peerDecryptorAddress()).from(made.second());
        return made;
    }

    /** A channel through which messages have gone both ways: with the very first one, a responder does not follow its initiator. */
    private SecureChannel open() {
        SecureChannel channel = await(create());
        assertWorks(channel);
        return channel;
    }

    private CompletionStage<SecureChannel> create() {
        return SecureChannel.create(
                scene.node(),
                link.first().route("listener"),
                scene.alice().identity(),
                scene.bob().channelOptions());
    }

    private SecureChannel accepted() {
        scene.eventually(() ->
                assertThat(SecureChannels.get(testKit.system()).list(bobsNode)).hasSize(1));
        return SecureChannels.get(testKit.system()).list(bobsNode).get(0);
    }

    private void eventually(SecureChannel channel, ChannelState state) {
        scene.eventually(() -> assertThat(channel.state()).isEqualTo(state));
    }

    private void assertWorks(SecureChannel channel) {
        assertThat(scene.ask(channel, "echoer", "Hello")).isEqualTo("Hello");
    }

    private void cut(MemoryTransport.Link which) {
        which.cut();
        await(which.first().whenClosed());
        await(which.second().whenClosed());
    }

    // ---- up ----

    @Test
    void knowsItsRouteAndItsConnectionAtBothEnds() {
        SecureChannel channel = open();
        SecureChannel accepted = accepted();

        assertThat(channel.state()).isEqualTo(UP);
        assertThat(accepted.state()).isEqualTo(UP);
        assertThat(channel.routeToPeer()).isEqualTo(Route.of(link.first().address(), channel.peerDecryptorAddress()));
        assertThat(accepted.routeToPeer())
                .isEqualTo(Route.of(link.second().address(), accepted.peerDecryptorAddress()));
        assertThat(channel.connection()).contains(link.first());
        assertThat(accepted.connection()).contains(link.second());
    }

    @Test
    void aChannelOnOneNodeHasNoConnection() {
        scene.hops("h1");
        scene.listen();
        assertThat(scene.open("h1 => listener").connection()).isEmpty();
    }

    // ---- route lost ----

    @Test
    void aLostConnectionIsNoticedAtBothEndsAndHealedByANewRoute() {
        SecureChannel channel = open();
        SecureChannel accepted = accepted();

        cut(link);
        eventually(channel, ROUTE_LOST);
        eventually(accepted, ROUTE_LOST);
        assertThat(channel.connection()).isEmpty();

        MemoryTransport.Link second = linkFor(channel);
        channel.updateRoute(Route.of(second.first().address()));
        eventually(channel, UP);
        assertThat(accepted.state()).as("has heard nothing yet").isEqualTo(ROUTE_LOST);
        assertWorks(channel);
        eventually(accepted, UP);
        assertThat(channel.connection()).contains(second.first());
        assertThat(accepted.connection()).contains(second.second());
    }

    @Test
    void aLostRouteClosesTheChannelAfterTheLimit() {
        SecureChannel channel = open();
        cut(link);
        eventually(channel, ROUTE_LOST);

        ManualTime time = ManualTime.get(testKit.system());
        time.timePasses(LIMIT.minusMillis(1));
        assertThat(channel.isOpen()).isTrue();
        time.timePasses(Duration.ofMillis(1));
        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.ROUTE_LOST);
        assertThat(channel.state()).isEqualTo(new ChannelState.Closed(CloseReason.ROUTE_LOST));
    }

    @Test
    void aHealedRouteStopsTheClock() {
        SecureChannel channel = open();
        cut(link);
        eventually(channel, ROUTE_LOST);
        channel.updateRoute(Route.of(linkFor(channel).first().address()));
        eventually(channel, UP);
        assertWorks(channel); // and so the other end has heard of it as well

        ManualTime.get(testKit.system()).timePasses(LIMIT.multipliedBy(2));
        assertWorks(channel);
        assertThat(channel.state()).isEqualTo(UP);
    }

    @Test
    void aNewRouteThatLeadsNowhereIsLostAsWell() {
        SecureChannel channel = open();
        MemoryTransport.Link second = linkFor(channel);
        cut(second);

        channel.updateRoute(Route.of(second.first().address()));
        eventually(channel, ROUTE_LOST);
        channel.updateRoute(Route.of(link.first().address()));
        eventually(channel, UP);
        assertWorks(channel);
    }

    @Test
    void theConnectionOfAnEarlierRouteIsNoLongerWatched() {
        SecureChannel channel = open();
        MemoryTransport.Link second = linkFor(channel);
        channel.updateRoute(Route.of(second.first().address()));
        scene.eventually(() -> assertThat(channel.connection()).contains(second.first()));

        cut(link);
        assertWorks(channel);
        assertThat(channel.state()).isEqualTo(UP);
    }

    @Test
    void anInnerChannelLosesItsRouteWithTheOuterOne() {
        SecureChannel outer = open();
        bobsNode.allow(listener).from(accepted());
        SecureChannel inner = await(SecureChannel.create(
                scene.node(),
                outer.route("listener"),
                scene.alice().identity(),
                scene.bob().channelOptions()));
        assertThat(inner.state()).isEqualTo(UP);

        await(outer.close());

        eventually(inner, ROUTE_LOST);
    }

    @Test
    void aHandshakeFailsAtOnceWhenItsConnectionEnds() {
        TestProbe<Routed<Any>> silent = testKit.createTestProbe();
        bobsNode.attach(Address.of("silent"), Codec.any(), silent.ref());
        bobsNode.allow(Address.of("silent")).from(link.second());
        CompletionStage<SecureChannel> handshake = SecureChannel.create(
                scene.node(),
                link.first().route("silent"),
                scene.alice().identity(),
                scene.bob().channelOptions());
        silent.receiveMessage();
        cut(link);
        assertThat(Scene.failureOf(handshake)).isEqualTo("MESSAGE_2: ROUTE_LOST");
    }

    @Test
    void aRouteByWayOfAHopIsLostWithItsConnectionAsWell() {
        scene.hops("h1", "h2");
        scene.node().allow(Address.of("h1")).from(link.first());
        SecureChannel channel = open();
        channel.updateRoute(Route.of(Address.of("h1"), link.first().address()));
        scene.eventually(() -> assertThat(channel.routeToPeer().size()).isEqualTo(3));
        assertWorks(channel);
        cut(link);
        eventually(channel, ROUTE_LOST);

        TestProbe<ChannelState> changes = follow(channel);
        channel.updateRoute(Route.of(Address.of("h2"), link.first().address()));
        await(channel.close());
        assertThat(changes.receiveMessage()).isEqualTo(new ChannelState.Closed(CloseReason.CLOSED));
    }

    // ---- an address that somebody else takes ----

    /** A worker as a transport of the application's own may have one: behind it, routes go on somewhere else. */
    private Worker exit() {
        return scene.node()
                .start(
                        Address.of("exit"),
                        Codec.any(),
                        Hop.create(),
                        WorkerOptions.defaults().withMetadata(Metadata.terminal(Map.of())));
    }

    @Test
    void aRouteIsFoundAgainWhenItsAddressIsTakenAgain() {
        Worker first = exit();
        scene.echoer("echoer");
        scene.listen(scene.alice()
                .listenerOptions()
                .withSetup(accepted -> scene.node().allow(Address.of("echoer")).from(accepted)));
        SecureChannel channel = scene.open("exit => listener");
        SecureChannel accepted = scene.otherEnd(channel);
        assertWorks(channel);
        assertWorks(channel); // now the accepted end has followed a message
        await(scene.node().stop(first.address()));
        eventually(channel, ROUTE_LOST);
        eventually(accepted, ROUTE_LOST);

        exit();
        ManualTime time = ManualTime.get(testKit.system());
        time.timePasses(Duration.ofSeconds(1));
        eventually(channel, UP);
        eventually(accepted, UP);
        time.timePasses(LIMIT);
        assertWorks(channel);
    }

    @Test
    void theEndOfAnAddressThatIsNoLongerWatchedChangesNothing() {
        Worker first = exit();
        scene.hops("h1");
        scene.listen();
        SecureChannel channel = scene.open("exit => listener");
        TestProbe<ChannelState> changes = follow(channel);
        AtomicBoolean done = new AtomicBoolean();
        Registration registration =
                Objects.requireNonNull(NodeAccess.router(scene.node()).find(first.address()));
        for (int i = 0; i < 100; i++) { // one of these comes before the channel is told
            registration.whenFree(() -> {
                if (done.compareAndSet(false, true)) {
                    exit();
                    channel.updateRoute(Route.of("h1", "exit"));
                    scene.eventually(
                            () -> assertThat(channel.routeToPeer().size()).isEqualTo(3));
                    channel.updateRoute(Route.of("exit"));
                    scene.eventually(
                            () -> assertThat(channel.routeToPeer().size()).isEqualTo(2));
                }
            });
        }
        await(scene.node().stop(first.address()));
        assertThat(done).isTrue();

        await(channel.close());
        assertThat(changes.receiveMessage()).isEqualTo(new ChannelState.Closed(CloseReason.CLOSED));
    }

    /** Its states from now on, without the one now. */
    private TestProbe<ChannelState> follow(SecureChannel channel) {
        TestProbe<ChannelState> changes = testKit.createTestProbe();
        channel.states().drop(1).runForeach(changes.ref()::tell, testKit.system());
        return changes;
    }

    // ---- out of step ----

    @Test
    void refusedFramesAloneAreOutOfStepAndAnAcceptedOneHealsThat() {
        SecureChannel channel = open();
        SecureChannel accepted = accepted();
        Route garbage = link.first().route(Route.of(accepted.decryptorAddress()));

        scene.eventually(() -> {
            scene.sendBytes(garbage, ByteString.fromArray(new byte[64]));
            assertThat(accepted.state()).isEqualTo(OUT_OF_STEP);
        });
        assertThat(accepted.isOpen()).isTrue();

        assertWorks(channel);
        eventually(accepted, UP);
    }

    // ---- following it ----

    @Test
    void aSourceShowsEachStateAndCompletesWithTheLast() {
        SecureChannel channel = open();
        CompletionStage<List<ChannelState>> all = channel.states().runWith(Sink.seq(), testKit.system());
        cut(link);
        eventually(channel, ROUTE_LOST);
        channel.updateRoute(Route.of(linkFor(channel).first().address()));
        eventually(channel, UP);
        await(channel.close());

        ChannelState closed = new ChannelState.Closed(CloseReason.CLOSED);
        assertThat(await(all)).containsExactly(UP, ROUTE_LOST, UP, closed);
        assertThat(await(channel.states().runWith(Sink.seq(), testKit.system())))
                .as("for one who comes late")
                .containsExactly(closed);
    }

    @Test
    void eachChangeIsAnEvent() {
        TestProbe<ChannelStateChanged> events = testKit.createTestProbe();
        testKit.system().eventStream().tell(new EventStream.Subscribe<>(ChannelStateChanged.class, events.ref()));
        SecureChannel channel = open();
        cut(link);
        eventually(channel, ROUTE_LOST);
        await(channel.close());

        for (ChannelState state : List.of(UP, ROUTE_LOST, new ChannelState.Closed(CloseReason.CLOSED))) {
            assertThat(events.fishForMessage(
                            Duration.ofSeconds(10),
                            event -> event.channel().equals(channel.address())
                                    ? FishingOutcomes.complete()
                                    : FishingOutcomes.continueAndIgnore()))
                    .containsExactly(new ChannelStateChanged(
                            scene.node().name(),
                            channel.address(),
                            scene.bob().identity().identifier(),
                            state));
        }
    }
}
