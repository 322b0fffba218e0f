// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.ChannelState;
import ockam.channel.ChannelStateChanged;
import ockam.channel.CloseReason;
import ockam.channel.Liveness;
import ockam.channel.SecureChannel;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.routing.spi.Observer;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A channel that watches its peer notices when that has gone without a word. */
class LivenessTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT = ActorTestKitExtension.create().withManualTime();

    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Liveness LIVENESS =
            new Liveness(Address.of("echo"), INTERVAL, INTERVAL.multipliedBy(3)); // as in reference.conf

    private final Scene scene;
    private final ManualTime time;
    /** The way to the peer and back; cut, it loses everything. */
    private final AtomicBoolean cut = new AtomicBoolean();

    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();

    LivenessTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        time = ManualTime.get(testKit.system());
        scene.node().start(Address.of("way"), Behaviors.<Routed<Any>>receiveMessage(message -> {
            frames.incrementAndGet();
            if (cut.get()) {
                message.discard();
            } else {
                message.forward();
            }
            return Behaviors.same();
        }));
        Worker echo = scene.node().start(Address.of("echo"), Codec.any(), Behaviors.receiveMessage(message -> {
            asked.incrementAndGet();
            message.reply(message.body());
            return Behaviors.same();
        }));
        scene.listen(scene.alice()
                .listenerOptions()
                .withSetup(accepted -> scene.node().allow(echo).from(accepted)));
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SecureChannel open() {
        return scene.open("way => listener");
    }

    /** The time for one look passes; the next one begins when the channel's actor has looked. */
    private void tick() {
        time.timePasses(INTERVAL);
    }

    /** The channel's actor looks once. */
    private void look(SecureChannel channel) {
        tick();
        settle(channel);
    }

    /** Waits until the channel's actor has come to what it was told: it takes a route later than that. */
    private void settle(SecureChannel channel) {
        boolean once = channel.routeToPeer().size() == 2;
        channel.updateRoute(once ? Route.of("way", "way") : Route.of("way"));
        scene.eventually(() -> assertThat(channel.routeToPeer().size()).isEqualTo(once ? 3 : 2));
    }

    private void eventuallyAsked(int times) {
        scene.eventually(() -> {
            assertThat(asked.get()).isEqualTo(times);
            assertThat(scene.node().messagesUnderWay())
                    .as("until the answer is here")
                    .isZero();
        });
    }

    /** After the first interval the peer is asked. */
    private void assertWatches(SecureChannel end) {
        settle(end);
        tick();
        eventuallyAsked(1);
        assertThat(end.isOpen()).isTrue();
    }

    // ---- a peer that is there ----

    @Test
    void answersAreEnough() {
        SecureChannel channel = open();
        channel.watchPeer();
        assertWatches(channel);
        for (int round = 2; round < 20; round++) {
            look(channel); // the answer has been heard
            tick(); // and nothing since
            eventuallyAsked(round);
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(scene.node().dropped()).isZero();
    }

    @Test
    void aPeerThatSendsIsNotAsked() {
        SecureChannel channel = open();
        SecureChannel other = scene.otherEnd(channel);
        TestProbe<Routed<String>> alice = scene.attached("alice", Codec.string());
        scene.node().allow(Address.of("alice")).from(channel);
        channel.watchPeer();
        settle(channel);
        for (int i = 0; i < 20; i++) {
            scene.send(other.route("alice"), "here I am");
            alice.receiveMessage();
            look(channel);
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(asked.get()).isZero();
    }

    @Test
    void aChannelThatIsNotWatchedAsksNothing() {
        SecureChannel channel = open();
        int handshake = frames.get();
        time.timePasses(Duration.ofHours(1));
        assertThat(channel.isOpen()).isTrue();
        assertThat(frames.get()).isEqualTo(handshake);
    }

    @Test
    void thePeerIsNotWatchedBeforeItIsHeard() {
        CompletableFuture<SecureChannel> inSetUp = new CompletableFuture<>();
        CompletableFuture<Done> ready = new CompletableFuture<>();
        CompletionStage<SecureChannel> opening =
                scene.create("way => listener", scene.bob().channelOptions().withAsyncSetup(channel -> {
                    channel.watchPeer();
                    inSetUp.complete(channel);
                    return ready;
                }));
        SecureChannel channel = await(inSetUp);
        settle(channel);
        for (int i = 0; i < 4; i++) {
            look(channel);
        }
        assertThat(channel.isOpen()).isTrue();
        ready.complete(Done.getInstance());
        assertThat(await(opening)).isSameAs(channel);
        assertWatches(channel);
    }

    // ---- a peer that has gone ----

    @Test
    void silenceClosesTheChannelAfterTheTimeout() {
        SecureChannel channel = open();
        channel.watchPeer();
        assertWatches(channel);
        cut.set(true);
        int before = frames.get();

        look(channel); // the answer from before
        look(channel);
        look(channel);
        scene.eventually(() -> assertThat(frames.get()).as("asked twice").isEqualTo(before + 2));
        assertThat(channel.isOpen()).isTrue();
        tick();
        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.PEER_SILENT);
    }

    @Test
    void theAcceptedEndCanWatchItsPeerAsWell() {
        SecureChannel channel = open();
        SecureChannel accepted = scene.otherEnd(channel);
        scene.node().allow(Address.of("echo")).from(channel);
        accepted.watchPeer();
        // Nobody can tell from outside when this end has come to what it was told: time passes until it has.
        scene.eventually(() -> {
            if (asked.get() == 0 && scene.node().messagesUnderWay() == 0) {
                tick();
            }
            assertThat(asked.get()).isPositive();
        });
        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isZero());
        assertThat(accepted.isOpen()).isTrue();
        cut.set(true);
        int before = frames.get();

        scene.eventually(() -> {
            tick();
            assertThat(accepted.isOpen()).isFalse();
        });
        assertThat(await(accepted.whenClosed())).isEqualTo(CloseReason.PEER_SILENT);
        scene.eventually(() -> assertThat(frames.get()).as("asked twice").isGreaterThanOrEqualTo(before + 2));
    }

    @Test
    void aPeerThatDoesNotAnswerCountsAsGone() {
        SecureChannel channel = open();
        channel.watchPeer(LIVENESS.withEcho(Address.of("nobody")));
        settle(channel);
        look(channel);
        look(channel);
        tick();
        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.PEER_SILENT);
    }

    /** One who comes to its messages late looks once, and not once for each interval that has passed. */
    @Test
    void lateLooksDoNotAddUp() throws InterruptedException {
        SecureChannel channel = open();
        channel.watchPeer();
        settle(channel);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Observer holding = event -> hold(event, channel, held, released);
        NodeAccess.router(scene.node()).addObserver(holding);
        channel.updateRoute(Route.of("nowhere")); // the channel's actor says that this route is lost, and is held
        held.await();
        for (int i = 0; i < 20; i++) {
            tick();
        }
        channel.updateRoute(Route.of("way"));
        released.countDown();
        eventuallyAsked(1);
        settle(channel);
        assertThat(channel.isOpen()).isTrue();
        NodeAccess.router(scene.node()).removeObserver(holding);
    }

    private static void hold(
            Observer.Event event, SecureChannel channel, CountDownLatch held, CountDownLatch released) {
        if (event instanceof ChannelStateChanged changed
                && changed.channel().equals(channel.address())
                && changed.state() == ChannelState.Open.ROUTE_LOST) {
            held.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void theLaterCallCounts() {
        SecureChannel channel = open();
        channel.watchPeer(LIVENESS.withEcho(Address.of("nobody")));
        channel.watchPeer(LIVENESS.withTimes(Duration.ofMinutes(1), Duration.ofMinutes(2)));
        scene.eventually(() -> {
            time.timePasses(Duration.ofMinutes(1));
            assertThat(asked.get()).isPositive();
        });
        assertThat(channel.isOpen()).isTrue();
    }
}
