// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelOptions;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.routing.spi.Observer;
import ockam.routing.spi.RoutingEvent;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.wire.Address;
import ockam.wire.Any;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels and listeners that belong to an actor end with it, at any moment, and at both ends. */
@ExtendWith(ActorTestKitExtension.class)
class OwnerTest {
    private static final long SEED = 20_261_125;

    private enum Stop {
        NOW
    }

    private final Scene scene;

    OwnerTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        scene.prepareKeys();
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private ActorRef<Stop> owner() {
        Behavior<Stop> behavior = Behaviors.receiveMessage(stop -> Behaviors.stopped());
        return scene.testKit().spawn(behavior);
    }

    private ActorRef<Stop> stoppedOwner() {
        ActorRef<Stop> owner = owner();
        stop(owner);
        return owner;
    }

    /** Stops an actor, and waits until it has stopped. */
    private void stop(ActorRef<Stop> owner) {
        TestProbe<Object> probe = scene.testKit().createTestProbe();
        owner.tell(Stop.NOW);
        probe.expectTerminated(owner);
        probe.stop();
    }

    private SecureChannelOptions ownedBy(ActorRef<?> owner) {
        return scene.bob().channelOptions().withOwner(owner);
    }

    private static void assertEndedWithOwner(SecureChannel owned, SecureChannel other) {
        assertThat(await(owned.whenClosed())).isEqualTo(CloseReason.OWNER_STOPPED);
        assertThat(await(other.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
    }

    // ---- a channel that was created for an actor ----

    @Test
    void openChannelEndsWithItsOwner() {
        scene.listen();
        Footprint before = scene.footprint();
        ActorRef<Stop> owner = owner();
        SecureChannel channel = await(scene.create("listener", ownedBy(owner)));
        SecureChannel back = scene.otherEnd(channel);

        owner.tell(Stop.NOW);

        assertEndedWithOwner(channel, back);
        scene.eventually(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void handshakeEndsWithItsOwner(int messagesPassed) {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        Footprint before = scene.footprint();
        scene.listen();
        ActorRef<Stop> owner = owner();
        CompletionStage<SecureChannel> handshake = scene.create("hop => listener", ownedBy(owner));
        for (int i = 0; i < messagesPassed; i++) {
            hop.receiveMessage().forward();
        }
        hop.receiveMessage();

        owner.tell(Stop.NOW);

        assertThat(Scene.failureOf(handshake)).isEqualTo("OPEN: OWNER_STOPPED");
        scene.eventually(inUse -> {
            assertThat(inUse.keys(scene.alice())).isEqualTo(before.keys(scene.alice()));
            assertThat(inUse.actors("channel"))
                    .as("a responder that waits for message 3")
                    .isEqualTo(messagesPassed);
        });
    }

    @Test
    void ownerThatHasStoppedGetsNoChannel() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        Footprint before = scene.footprint();

        assertThat(Scene.failureOf(scene.create("hop => listener", ownedBy(stoppedOwner()))))
                .isEqualTo("OPEN: OWNER_STOPPED");
        scene.eventually(before);
        hop.stop();
    }

    @Test
    void ownerThatCannotStopHoldsNothingUp() {
        ActorRef<Stop> inbox = TestInbox.<Stop>create().getRef();
        SecureChannelListener.create(
                scene.node(),
                Address.of("of-an-inbox"),
                scene.bob().identity(),
                scene.alice().listenerOptions().withOwner(inbox));
        SecureChannel channel = await(scene.create("of-an-inbox", ownedBy(inbox)));
        SecureChannel back = scene.otherEnd(channel);
        ActorRef<Stop> owner = owner();

        channel.setOwner(owner);
        channel.setOwner(inbox);
        stop(owner);
        assertThat(channel.isOpen()).as("it belongs to the inbox again").isTrue();

        channel.setOwner(stoppedOwner());
        assertEndedWithOwner(channel, back);
    }

    @Test
    void channelThatIsSetUpEndsWithItsOwner() {
        scene.listen();
        Footprint before = scene.footprint();
        ActorRef<Stop> owner = owner();
        CompletableFuture<SecureChannel> setUp = new CompletableFuture<>();
        CompletionStage<SecureChannel> created =
                scene.create("listener", ownedBy(owner).withAsyncSetup(channel -> {
                    setUp.complete(channel);
                    return new CompletableFuture<>();
                }));
        await(setUp);

        owner.tell(Stop.NOW);

        assertThat(Scene.failureOf(created)).isEqualTo("OPEN: OWNER_STOPPED");
        assertThat(await(await(setUp).whenClosed())).isEqualTo(CloseReason.OWNER_STOPPED);
        scene.eventually(before);
    }

    // ---- a channel that is given to an actor ----

    @Test
    void acceptedChannelEndsWithTheOwnerThatItWasGiven() {
        scene.listen();
        Footprint before = scene.footprint();
        SecureChannel channel = scene.open("listener");
        SecureChannel back = scene.otherEnd(channel);
        ActorRef<Stop> owner = owner();
        back.setOwner(owner);
        back.setOwner(owner);

        owner.tell(Stop.NOW);

        assertEndedWithOwner(back, channel);
        scene.eventually(before);
    }

    @Test
    void channelHasOneOwnerTheLast() {
        scene.node().allow(scene.echoer("echoer")).from(scene.listen());
        ActorRef<Stop> first = owner();
        ActorRef<Stop> second = owner();
        SecureChannel channel = await(scene.create("listener", ownedBy(first)));
        SecureChannel back = scene.otherEnd(channel);
        SecureChannel other = await(scene.create("listener", ownedBy(first)));
        channel.setOwner(second);

        first.tell(Stop.NOW);
        assertThat(await(other.whenClosed())).isEqualTo(CloseReason.OWNER_STOPPED);
        assertThat(scene.ask(channel, "echoer", "still here")).isEqualTo("still here");
        assertThat(channel.isOpen()).isTrue();
        second.tell(Stop.NOW);

        assertEndedWithOwner(channel, back);
    }

    @Test
    void channelThatIsGivenToAStoppedActorEnds() {
        scene.listen();
        SecureChannel channel = scene.open("listener");
        SecureChannel back = scene.otherEnd(channel);

        channel.setOwner(stoppedOwner());

        assertEndedWithOwner(channel, back);
    }

    // ---- a listener ----

    @Test
    void listenerEndsWithItsOwnerAndItsChannelsStayOpen() {
        Footprint before = scene.footprint();
        ActorRef<Stop> owner = owner();
        scene.listen(scene.alice().listenerOptions().withOwner(owner));
        SecureChannel channel = scene.open("listener");
        SecureChannel back = scene.otherEnd(channel);

        owner.tell(Stop.NOW);

        scene.eventually(inUse -> assertThat(inUse.actors("listener")).isZero());
        assertThat(Scene.failureOf(scene.create("listener"))).isEqualTo("MESSAGE_1: NO_SUCH_ADDRESS");
        assertThat(channel.isOpen()).isTrue();
        assertThat(back.isOpen()).isTrue();
        await(channel.close());
        scene.eventually(before);
    }

    @Test
    void listenerOfAStoppedOwnerAcceptsNothing() {
        Footprint before = scene.footprint();

        scene.listen(scene.alice().listenerOptions().withOwner(stoppedOwner()));

        scene.eventually(before);
    }

    // ---- many ----

    /**
     * Owners stop when the node has delivered some number of messages since their batch began: before, between and after those of their own
     * handshakes, and while something is computed for these.
     */
    @Test
    void ownersThatStopAtRandomMomentsLeaveNothingAtEitherEnd() {
        int owners = 1000;
        int batch = 50;
        Random random = new Random(SEED);
        scene.listen(scene.alice()
                .listenerOptions()
                .withSetup(channel -> channel.setOwner(scene.system())) // which does not stop
                .withHandshakeTimeout(Duration.ofSeconds(2))); // for those whose initiators have gone
        Footprint before = scene.footprint();
        NavigableMap<Integer, ActorRef<Stop>> waiting = new ConcurrentSkipListMap<>();
        AtomicInteger delivered = new AtomicInteger();
        Observer stopping = event -> {
            if (event instanceof RoutingEvent.MessageDelivered) {
                stopThose(waiting, delivered.incrementAndGet() * batch);
            }
        };
        NodeAccess.router(scene.node()).addObserver(stopping);
        AtomicInteger opened = new AtomicInteger();

        for (int i = 0; i < owners / batch; i++) {
            delivered.set(0);
            List<CompletionStage<SecureChannel>> handshakes = new ArrayList<>();
            while (handshakes.size() < batch) {
                ActorRef<Stop> owner = owner();
                SecureChannelOptions options = ownedBy(owner);
                waiting.put(random.nextInt(4 * batch) * batch + handshakes.size(), owner);
                handshakes.add(scene.create(
                        "listener", random.nextBoolean() ? options : options.withSetup(SecureChannel::address)));
            }
            handshakes.forEach(handshake -> await(handshake.handle((channel, failure) -> {
                if (channel != null) {
                    opened.incrementAndGet();
                }
                return true;
            })));
            stopThose(waiting, Integer.MAX_VALUE);
        }

        scene.eventually(() -> assertThat(scene.footprint()).as("seed %d", SEED).isEqualTo(before));
        assertThat(opened.get()).as("before their owners stopped").isBetween(1, owners - 1);
        NodeAccess.router(scene.node()).removeObserver(stopping);
    }

    private static void stopThose(NavigableMap<Integer, ActorRef<Stop>> waiting, int before) {
        for (Integer next : waiting.headMap(before).keySet()) {
            ActorRef<Stop> owner = waiting.remove(next);
            if (owner != null) {
                owner.tell(Stop.NOW);
            }
        }
    }
}
