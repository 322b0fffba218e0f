// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import ockam.channel.ChannelDropReason;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.Stages;
import ockam.node.Routed;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Channels are set up before anything that comes out of them is delivered. */
class SetupTest {
    @RegisterExtension
    static final ActorTestKitExtension KIT =
            ActorTestKitExtension.create("ockam.channel.setup-timeout = 10s").withManualTime();

    private static final Address WORKER = Address.of("worker");

    /** A channel whose set-up the test has to end. */
    private record Waiting(SecureChannel channel, CompletableFuture<Done> done) {}

    private final Scene scene;
    private final ManualTime time;
    private final TestProbe<Routed<String>> worker;
    private final BlockingQueue<Waiting> waiting = new LinkedBlockingQueue<>();

    SetupTest(ActorTestKit testKit, ManualTime time) {
        this.time = time;
        scene = Scene.create(testKit);
        scene.prepareKeys();
        worker = scene.attached("worker", Codec.string());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private SecureChannelListenerOptions options() {
        return scene.alice().listenerOptions();
    }

    private SecureChannelOptions initiator() {
        return scene.bob().channelOptions();
    }

    private SecureChannelListener listenWaiting() {
        return scene.listen(options().withAsyncSetup(this::waitForTheTest));
    }

    private CompletionStage<Done> waitForTheTest(SecureChannel channel) {
        CompletableFuture<Done> done = new CompletableFuture<>();
        waiting.add(new Waiting(channel, done));
        return done;
    }

    private Waiting nextWaiting() {
        try {
            Waiting next = waiting.poll(Stages.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(next).isNotNull();
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void allow(SecureChannel channel) {
        scene.node().allow(WORKER).from(channel);
    }

    private void sendMany(SecureChannel channel, int count) {
        IntStream.range(0, count).forEach(i -> scene.send(channel.route("worker"), "message " + i));
    }

    private void receiveMany(int count) {
        for (int i = 0; i < count; i++) {
            assertThat(worker.receiveMessage().body()).isEqualTo("message " + i);
        }
    }

    // ---- the first messages ----

    @Test
    void firstMessageOfEachAcceptedChannelArrives() {
        int channels = 1000;
        int batch = 50;
        scene.listen(options().withSetup(this::allow));
        List<String> sent = new ArrayList<>();
        List<String> arrived = new ArrayList<>();

        for (int i = 0; i < channels / batch; i++) {
            List<CompletionStage<SecureChannel>> sending = new ArrayList<>();
            for (int k = 0; k < batch; k++) {
                String text = "hello from " + i + ", " + k;
                sent.add(text);
                sending.add(scene.create("listener").thenApply(channel -> {
                    scene.send(channel.route("worker"), text);
                    return channel;
                }));
            }
            worker.receiveSeveralMessages(batch).forEach(message -> arrived.add(message.body()));
            List<SecureChannel> opened = sending.stream().map(Stages::await).toList();
            opened.stream().map(SecureChannel::close).toList().forEach(Stages::await);
        }

        assertThat(arrived).containsExactlyInAnyOrderElementsOf(sent);
        assertThat(scene.node().dropped()).isZero();
    }

    @Test
    void whatComesDuringTheSetUpWaitsAndKeepsItsOrder() {
        listenWaiting();
        SecureChannel channel = scene.open("listener");
        Waiting setUp = nextWaiting();
        sendMany(channel, 100);
        scene.eventually(() ->
                assertThat(scene.node().messagesUnderWay()).as("and message 3").isBetween(100, 101));
        worker.expectNoMessage(Duration.ZERO);

        allow(setUp.channel());
        setUp.done().complete(Done.getInstance());

        receiveMany(100);
        sendMany(channel, 3);
        receiveMany(3);
        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isZero());
    }

    @Test
    void streamWaitsWithinItsWindow() {
        int window = 64;
        int count = 10 * window;
        listenWaiting();
        SecureChannel channel = scene.open("listener");
        Waiting setUp = nextWaiting();
        Source.range(0, count - 1)
                .map(i -> "message " + i)
                .runWith(channel.sink(Route.of(WORKER), Codec.string()), scene.system());
        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isEqualTo(window));
        worker.expectNoMessage(Duration.ZERO);
        assertThat(scene.node().messagesUnderWay()).isEqualTo(window);

        allow(setUp.channel());
        setUp.done().complete(Done.getInstance());

        receiveMany(count);
    }

    @Test
    void closeOfThePeerComesAfterWhatItSentBefore() {
        listenWaiting();
        SecureChannel channel = scene.open("listener");
        Waiting setUp = nextWaiting();
        sendMany(channel, 3);
        await(channel.close());
        assertThat(setUp.channel().isOpen()).isTrue();

        allow(setUp.channel());
        setUp.done().complete(Done.getInstance());

        receiveMany(3);
        assertThat(await(setUp.channel().whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
    }

    @Test
    void codeThatSetsUpMaySendAndRunsOnNoThreadThatMovesMessages() {
        TestProbe<Routed<String>> alices = scene.attached("alices", Codec.string());
        scene.listen(options()
                .withSetup(channel -> scene.send(
                        channel.route("alices"), Thread.currentThread().getName())));
        scene.create(
                "listener",
                initiator()
                        .withSetup(channel ->
                                scene.node().allow(Address.of("alices")).from(channel)));

        assertThat(alices.receiveMessage().body()).contains("akka.actor.default-dispatcher");
    }

    @Test
    void channelIsOfferedWhenItIsSetUp() {
        SecureChannelListener listener = listenWaiting();
        TestProbe<SecureChannel> offered = scene.testKit().createTestProbe();
        listener.accepted().runWith(Sink.foreach(offered.ref()::tell), scene.system());
        scene.open("listener");
        Waiting first = nextWaiting();
        scene.open("listener");
        Waiting second = nextWaiting();

        second.done().complete(Done.getInstance());
        assertThat(offered.receiveMessage()).isSameAs(second.channel());
        first.done().complete(Done.getInstance());
        assertThat(offered.receiveMessage()).isSameAs(first.channel());
    }

    // ---- the initiator ----

    @Test
    void initiatorGetsItsChannelWhenItIsSetUp() {
        TestProbe<Routed<String>> alices = scene.attached("alices", Codec.string());
        scene.listen(options().withSetup(channel -> scene.send(channel.route("alices"), "welcome")));
        CompletionStage<SecureChannel> created =
                scene.create("listener", initiator().withAsyncSetup(this::waitForTheTest));
        Waiting setUp = nextWaiting();
        scene.otherEnd(setUp.channel());
        alices.expectNoMessage(Duration.ZERO);
        assertThat(created.toCompletableFuture()).isNotDone();

        scene.node().allow(Address.of("alices")).from(setUp.channel());
        setUp.done().complete(Done.getInstance());

        assertThat(await(created)).isSameAs(setUp.channel());
        assertThat(alices.receiveMessage().body()).isEqualTo("welcome");
    }

    /** How the set-up of an initiator ends without a channel. */
    private enum End {
        FAILED("OPEN: SETUP_FAILED", CloseReason.SETUP_FAILED),
        TIMED_OUT("OPEN: SETUP_FAILED", CloseReason.SETUP_FAILED),
        GIVEN_UP("", CloseReason.CLOSED),
        CLOSED("OPEN: STOPPED", CloseReason.CLOSED),
        NODE_STOPPED("OPEN: STOPPED", CloseReason.NODE_STOPPED);

        final String failure;
        final CloseReason reason;

        End(String failure, CloseReason reason) {
            this.failure = failure;
            this.reason = reason;
        }
    }

    @ParameterizedTest
    @EnumSource
    void initiatorWhoseSetUpEndsOtherwiseGetsNoChannel(End end) {
        scene.listen();
        Footprint before = scene.footprint();
        CompletionStage<SecureChannel> created =
                scene.create("listener", initiator().withAsyncSetup(this::waitForTheTest));
        Waiting setUp = nextWaiting();
        SecureChannel back = scene.otherEnd(setUp.channel());

        switch (end) {
            case FAILED -> setUp.done().completeExceptionally(new IllegalStateException("not today"));
            case TIMED_OUT -> passUntilClosed(setUp.channel());
            case GIVEN_UP -> created.toCompletableFuture().cancel(false);
            case CLOSED -> await(setUp.channel().close());
            case NODE_STOPPED -> await(scene.node().stop());
        }

        assertThat(await(setUp.channel().whenClosed())).isEqualTo(end.reason);
        if (end == End.GIVEN_UP) {
            assertThat(created.toCompletableFuture()).isCancelled();
        } else {
            assertThat(Scene.failureOf(created)).isEqualTo(end.failure);
        }
        if (end != End.NODE_STOPPED) {
            assertThat(await(back.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
            scene.eventually(before);
        }
    }

    // ---- channels that are not set up ----

    /** How code fails to set a channel up. */
    private enum Failure {
        EXCEPTION,
        ERROR,
        FAILED_STAGE,
        TIME_OUT
    }

    private CompletionStage<Done> fail(Failure failure, SecureChannel channel) {
        CompletionStage<Done> never = waitForTheTest(channel);
        return switch (failure) {
            case EXCEPTION -> throw new IllegalStateException("not today");
            case ERROR -> throw new AssertionError("not today");
            case FAILED_STAGE -> CompletableFuture.failedStage(new IllegalStateException("not today"));
            case TIME_OUT -> never;
        };
    }

    @ParameterizedTest
    @EnumSource
    void channelThatIsNotSetUpIsClosedAndThePeerIsTold(Failure failure) {
        scene.listen(options().withAsyncSetup(channel -> fail(failure, channel)));
        Footprint before = scene.footprint();

        SecureChannel channel = LoggingTestKit.warn(
                        "Secure channel with " + scene.alice().identifier() + " was not set up")
                .expect(scene.system(), () -> {
                    SecureChannel opened = scene.open("listener");
                    scene.app().send(opened.route("worker"), Codec.string(), "too early"); // refused if it is closed
                    SecureChannel setUp = nextWaiting().channel();
                    if (failure == Failure.TIME_OUT) {
                        passUntilClosed(setUp);
                    }
                    assertThat(await(setUp.whenClosed())).isEqualTo(CloseReason.SETUP_FAILED);
                    return opened;
                });

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        scene.eventuallyDropped(ChannelDropReason.SETUP_FAILED, 1);
        scene.eventually(before);
        worker.expectNoMessage(Duration.ZERO);
    }

    /** Lets time pass until the end of a set-up, at the latest. */
    private void passUntilClosed(SecureChannel setUp) {
        scene.eventually(() -> {
            time.timePasses(Duration.ofSeconds(1));
            assertThat(setUp.isOpen()).isFalse();
        });
    }

    @Test
    void codeHasItsTime() {
        listenWaiting();
        SecureChannel channel = scene.open("listener");
        Waiting setUp = nextWaiting();
        time.timePasses(Duration.ofSeconds(9));
        allow(setUp.channel());
        setUp.done().complete(Done.getInstance());
        sendMany(channel, 1);
        receiveMany(1);

        time.timePasses(Duration.ofSeconds(30));

        sendMany(channel, 1);
        receiveMany(1);
    }

    @Test
    void nodeThatStopsEndsTheSetUp() {
        listenWaiting();
        SecureChannel channel = scene.open("listener");
        Waiting setUp = nextWaiting();
        sendMany(channel, 10);

        await(scene.node().stop());

        assertThat(await(setUp.channel().whenClosed())).isEqualTo(CloseReason.NODE_STOPPED);
        setUp.done().complete(Done.getInstance());
        assertThat(scene.node().messagesUnderWay()).isZero();
    }

    @Test
    void codeThatSetsUpMayCloseTheChannel() {
        scene.listen(options().withSetup(channel -> channel.close()));
        Footprint before = scene.footprint();

        SecureChannel channel = scene.open("listener");

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        scene.eventually(before);
        assertThat(scene.node().dropped(ChannelDropReason.SETUP_FAILED)).isZero();
    }

    // ---- bounds ----

    @Test
    void channelThatIsSetUpTakesThePlaceOfAnOpenOne() {
        scene.listen(options().withMaxChannelsPerPeer(2).withAsyncSetup(this::waitForTheTest));
        SecureChannel first = scene.open("listener");
        nextWaiting();
        SecureChannel second = scene.open("listener");
        nextWaiting();

        SecureChannel third = scene.open("listener");

        assertThat(await(third.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        assertThat(scene.node().dropped(ChannelDropReason.TOO_MANY_CHANNELS)).isEqualTo(1);
        assertThat(first.isOpen()).isTrue();
        assertThat(second.isOpen()).isTrue();
    }

    @Test
    void channelThatIsSetUpTakesNoPlaceOfAHandshake() {
        TestProbe<Routed<Any>> hop = scene.hand("hop");
        scene.listen(options().withMaxHalfOpen(2).withAsyncSetup(this::waitForTheTest));
        CompletionStage<SecureChannel> halfOpen = scene.create("hop => listener");
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        Routed<Any> message3 = hop.receiveMessage();
        for (int i = 0; i < 3; i++) {
            scene.open("listener");
            nextWaiting();
        }

        message3.forward();

        assertThat(nextWaiting().channel().peerDecryptorAddress())
                .isEqualTo(await(halfOpen).decryptorAddress());
    }
}
