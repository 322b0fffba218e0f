// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import ockam.channel.ChannelClosedException;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Tap;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a channel (secure channel, sections 5.6 and 9): both ends stop, with everything that belongs to them. */
@ExtendWith(ActorTestKitExtension.class)
class ChannelClosingTest {
    private static final int CLOSE_FRAME = 8 + 5 + 16;

    private final Scene scene;
    private final SecureChannelListener listener;
    private final Tap tap;
    private final TestProbe<Routed<String>> worker;

    ChannelClosingTest(ActorTestKit testKit) {
        scene = Scene.create(testKit);
        listener = scene.listen();
        tap = scene.tap("hop");
        worker = scene.attached("worker", Codec.string());
        scene.node().allow(Address.of("worker")).from(listener);
        await(scene.alice()
                .identity()
                .identities()
                .secureChannelKey(scene.alice().identity()));
        await(scene.bob().identity().identities().secureChannelKey(scene.bob().identity()));
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** How one side ends a channel. */
    private enum Way {
        CLOSING,
        STOPPING_THE_ENCRYPTOR,
        STOPPING_THE_DECRYPTOR
    }

    private CompletionStage<Done> ends(SecureChannel end, Way way) {
        return switch (way) {
            case CLOSING -> end.close();
            case STOPPING_THE_ENCRYPTOR -> scene.node().stop(end.address());
            case STOPPING_THE_DECRYPTOR -> scene.node().stop(end.decryptorAddress());
        };
    }

    @ParameterizedTest
    @EnumSource
    void endOfTheInitiatorEndsBoth(Way way) {
        Footprint before = scene.footprint();
        SecureChannel channel = scene.open("hop => listener");
        SecureChannel back = scene.otherEnd(channel);

        await(ends(channel, way));

        nothingIsLeft(before, channel, back);
    }

    @ParameterizedTest
    @EnumSource
    void endOfTheResponderEndsBoth(Way way) {
        Footprint before = scene.footprint();
        SecureChannel channel = scene.open("hop => listener");
        SecureChannel back = scene.otherEnd(channel);

        await(ends(back, way));

        nothingIsLeft(before, back, channel);
    }

    private void nothingIsLeft(Footprint before, SecureChannel closed, SecureChannel other) {
        assertThat(await(closed.whenClosed())).isEqualTo(CloseReason.CLOSED);
        assertThat(await(other.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        scene.eventually(before);
        assertThat(framesOnTheHop()).as("one Close, and no reply to it").containsExactly(CLOSE_FRAME);
        assertThat(scene.app().send(closed.route("worker"), Codec.string(), "too late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(scene.app().send(other.route("worker"), Codec.string(), "too late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
    }

    /** Returns the sizes of all messages that passed the hop after the handshake, so far. */
    private List<Integer> framesOnTheHop() {
        scene.send(Route.of(Address.of("hop"), scene.app().address()), "marker");
        scene.received();
        List<LocalMessage> all = tap.messages();
        return all.subList(3, all.size() - 1).stream()
                .map(message -> message.payload().size())
                .toList();
    }

    @Test
    void closingCompletesOnlyWhenNothingOfThisEndIsLeft() {
        SecureChannel channel = scene.open("hop => listener");
        scene.otherEnd(channel);

        await(channel.close());

        assertThat(scene.alice().keys().aeadKeys()).isZero();
        assertThat(scene.node().metadata(channel.address())).isEmpty();
        assertThat(scene.node().metadata(channel.decryptorAddress())).isEmpty();
        assertThat(scene.channels()).doesNotContain(channel);
    }

    @Test
    void closingTwiceIsLikeClosingOnce() {
        SecureChannel channel = scene.open("hop => listener");
        SecureChannel back = scene.otherEnd(channel);

        CompletionStage<Done> first = channel.close();
        CompletionStage<Done> second = channel.close();
        await(first);
        await(second);
        await(channel.close());
        await(back.whenClosed());

        assertThat(framesOnTheHop()).containsExactly(CLOSE_FRAME);
    }

    @Test
    void isOpenUntilOneSideClosesIt() {
        SecureChannel channel = scene.open("hop => listener");
        SecureChannel back = scene.otherEnd(channel);
        assertThat(channel.isOpen()).isTrue();
        assertThat(back.isOpen()).isTrue();

        CompletionStage<Boolean> closed = back.whenClosed().thenApply(reason -> back.isOpen());
        CompletionStage<Done> closing = channel.close();

        assertThat(channel.isOpen()).isFalse();
        assertThat(await(closed)).isFalse();
        await(closing);
    }

    @Test
    void everybodyWaitsForItsEndAtOneStageThatNobodyElseCompletes() {
        SecureChannel channel = scene.open("hop => listener");
        scene.otherEnd(channel);
        CompletionStage<CloseReason> whenClosed = channel.whenClosed();

        whenClosed.toCompletableFuture().complete(CloseReason.FAILED);

        assertThat((Object) channel.whenClosed()).isSameAs(whenClosed);
        CompletionStage<Done> closed = channel.close();
        assertThat((Object) channel.close()).isSameAs(closed);
        closed.toCompletableFuture().complete(Done.getInstance());
        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.CLOSED);
        assertThat((Object) channel.whenClosed()).isSameAs(whenClosed);
    }

    @Test
    void bothEndsMayCloseAtTheSameTime() {
        Footprint before = scene.footprint();
        for (int i = 0; i < 20; i++) {
            SecureChannel channel = scene.open("hop => listener");
            SecureChannel back = scene.otherEnd(channel);
            CompletionStage<Done> one = channel.close();
            CompletionStage<Done> other = back.close();
            await(one);
            await(other);
        }
        scene.eventually(before);
    }

    @Test
    void messagesSentBeforeTheCloseArrive() {
        SecureChannel channel = scene.open("hop => listener");
        scene.otherEnd(channel);

        IntStream.range(0, 1000).forEach(i -> scene.send(channel.route("worker"), "message " + i));
        await(channel.close());

        for (int i = 0; i < 1000; i++) {
            assertThat(worker.receiveMessage().body()).isEqualTo("message " + i);
        }
    }

    @Test
    void otherChannelsOfTheListenerContinue() {
        SecureChannel first = scene.open("hop => listener");
        SecureChannel second = scene.open("hop => listener");
        SecureChannel firstBack = scene.otherEnd(first);
        scene.otherEnd(second);

        await(firstBack.close());
        await(first.whenClosed());

        scene.send(second.route("worker"), "still here");
        assertThat(worker.receiveMessage().body()).isEqualTo("still here");
    }

    @Test
    void closedChannelRefusesANewRoute() {
        SecureChannel channel = scene.open("hop => listener");
        await(channel.close());

        assertThatThrownBy(() -> channel.updateRoute(Route.of("hop")))
                .isInstanceOfSatisfying(
                        ChannelClosedException.class,
                        e -> assertThat(e.reason()).isEqualTo(CloseReason.CLOSED));
        assertThat(await(channel.close())).isEqualTo(Done.getInstance());
    }

    @Test
    void endThatLostItsPeerStillCloses() {
        SecureChannel channel = scene.open("hop => listener");
        scene.otherEnd(channel);
        await(scene.node().stop(Address.of("hop")));

        await(channel.close());

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.CLOSED);
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
    }

    @Test
    void nodeThatStopsEndsItsChannelsWithoutAClose() {
        SecureChannel channel = scene.open("hop => listener");
        SecureChannel back = scene.otherEnd(channel);

        await(scene.node().stop());

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.NODE_STOPPED);
        assertThat(await(back.whenClosed())).isEqualTo(CloseReason.NODE_STOPPED);
        assertThat(tap.messages()).as("the handshake and nothing else").hasSize(3);
    }

    @Test
    void nodeThatStopsWithManyChannelsLeavesNothing() {
        IntStream.range(0, 50).forEach(i -> scene.otherEnd(scene.open("hop => listener")));
        assertThat(scene.channels()).hasSize(100);

        await(scene.node().stop());

        assertThat(scene.channels()).isEmpty();
    }
}
