// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import ockam.channel.ChannelDropReason;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.fixtures.Hex;
import ockam.identity.Identity;
import ockam.node.NodeDropReason;
import ockam.node.Routed;
import ockam.routing.DropReason;
import ockam.routing.MessageDropped;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What strangers and the peer itself may send to an open channel: all bad input is dropped and counted with its reason, and the
 * channel works afterwards (secure channel, sections 5 and 9). Alice's frames are made by hand.
 */
@ExtendWith(ActorTestKitExtension.class)
class BadInputTest {
    private static final ByteString NO_PADDING = ByteString.emptyByteString();
    private static final Route WORKER = Route.of("worker");

    private final HandmadeNoise.KeyPair key = HandmadeNoise.KeyPair.random();
    private final Scene scene;
    private final SecureChannelListener listener;
    private final TestProbe<Routed<String>> worker;
    private final TestProbe<MessageDropped> drops;
    private final HandmadePeer alice;
    private final SecureChannel bobsEnd;

    BadInputTest(ActorTestKit testKit) {
        scene = Scene.create(
                testKit, HandmadePeer.party(testKit.system(), key, Clock.systemUTC()), Party.create(testKit.system()));
        listener = scene.listen();
        worker = scene.attached("worker", Codec.string());
        scene.node().allow(Address.of("worker")).from(listener);
        alice = HandmadePeer.initiates(scene.node().mailbox("alice"), Scene.TO_LISTENER, key)
                .finishes(HandmadePeer.shown(scene.alice()));
        scene.eventually(() -> assertThat(scene.channels()).hasSize(1));
        bobsEnd = scene.channels().get(0);
        drops = testKit.createTestProbe();
        // Not with the typed event stream, where it is unknown when the subscription takes effect.
        Adapter.toClassic(scene.system()).eventStream().subscribe(Adapter.toClassic(drops.ref()), MessageDropped.class);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** Asserts that Alice's next frame arrives: nothing before it has harmed the channel. */
    private void channelWorks() {
        alice.sends(HandmadePeer.text(WORKER, "still here"));
        assertThat(worker.receiveMessage().body()).isEqualTo("still here");
    }

    private void dropped(DropReason reason, long count) {
        scene.eventuallyDropped(reason, count);
    }

    // ---- what anyone can send ----

    @Test
    void noiseAtTheDecryptorIsRefused() {
        List<Integer> sizes = List.of(0, 1, 7, 8, 9, 23, 24, 25, 64, 1000, 65_535, 65_536, 1_000_000);

        sizes.forEach(size -> scene.sendBytes(Route.of(bobsEnd.decryptorAddress()), random(size)));

        dropped(ChannelDropReason.FRAME_REFUSED, sizes.size());
        channelWorks();
    }

    @Test
    void noiseWithTheNextNonceIsRefusedAndDoesNotUseUpTheNonce() {
        List<Integer> sizes = List.of(8, 23, 24, 25, 1000);

        sizes.forEach(size -> scene.sendBytes(
                Route.of(bobsEnd.decryptorAddress()),
                ByteString.fromArray(new byte[8]).concat(random(size)).take(size)));

        dropped(ChannelDropReason.FRAME_REFUSED, sizes.size());
        channelWorks();
    }

    @Test
    void damagedFrameIsRefusedAndTheGenuineOneStillArrives() {
        ByteString frame = alice.frame(HandmadePeer.text(WORKER, "genuine"));
        for (int i = 0; i < frame.size(); i++) {
            byte[] damaged = frame.toArray();
            damaged[i] ^= 1;
            alice.sendsUnchanged(ByteString.fromArray(damaged));
        }
        alice.sendsUnchanged(frame.dropRight(1));
        alice.sendsUnchanged(frame.concat(ByteString.fromInts(0)));
        dropped(ChannelDropReason.FRAME_REFUSED, frame.size() + 2);

        alice.sendsUnchanged(frame);

        assertThat(worker.receiveMessage().body()).isEqualTo("genuine");
    }

    @Test
    void replayIsDeliveredOnce() {
        ByteString frame = alice.frame(HandmadePeer.text(WORKER, "once"));

        IntStream.range(0, 10).forEach(i -> alice.sendsUnchanged(frame));

        dropped(ChannelDropReason.FRAME_REFUSED, 9);
        assertThat(worker.receiveMessage().body()).isEqualTo("once");
        channelWorks();
    }

    @Test
    void dropIsPublishedWithTheAddressThatRefused() {
        scene.sendBytes(Route.of(bobsEnd.decryptorAddress()), random(24));

        assertThat(drops.receiveMessage())
                .isEqualTo(new MessageDropped(
                        scene.node().name(), ChannelDropReason.FRAME_REFUSED, bobsEnd.decryptorAddress()));
    }

    @Test
    void floodOfGarbageDoesNotKeepMessagesOut() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            scene.sendBytes(Route.of(bobsEnd.decryptorAddress()), random(random.nextInt(100)));
            if (i % 100 == 0) {
                alice.sends(HandmadePeer.text(WORKER, "message " + i / 100));
            }
        }

        for (int i = 0; i < 20; i++) {
            assertThat(worker.receiveMessage().body()).isEqualTo("message " + i);
        }
        dropped(ChannelDropReason.FRAME_REFUSED, 2_000);
    }

    // ---- what only the peer can send ----

    @Test
    void authenticFrameWithUnknownContentIsDropped() {
        ByteString padded = HandmadePeer.text(WORKER, "Hello");
        List<ByteString> contents = Stream.of(
                        NO_PADDING, // nothing at all
                        Hex.string("80"), // nothing in an array
                        Hex.string("82820280f6"), // no padding
                        Hex.string("81820280"), // padding is missing
                        Hex.string("8282038040"), // a variant that does not exist
                        Hex.string("8282008040"), // a payload without its fields
                        Hex.string("82820081838080"), // cut off
                        padded.dropRight(2),
                        padded.drop(1),
                        random(100))
                .toList();

        contents.forEach(alice::sends);

        dropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, contents.size());
        channelWorks();
    }

    @Test
    void paddingOfAnyContentAndLengthIsAccepted() {
        for (int size : new int[] {0, 1, 23, 24, 255, 256, 70_000}) {
            alice.sends(
                    HandmadePeer.payload(WORKER, Route.empty(), Codec.string().encode("padded"), random(size)));
            assertThat(worker.receiveMessage().body()).isEqualTo("padded");
        }
    }

    @Test
    void messagesWithoutReceiverAreDroppedWithTheirReason() {
        alice.sends(HandmadePeer.text(Route.empty(), "to no one"));
        dropped(RoutingDropReason.INCOMPLETE_ROUTE, 1);
        alice.sends(HandmadePeer.text(Route.of("nowhere"), "to no one"));
        dropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        alice.sends(HandmadePeer.text(Route.of("listener"), "not allowed"));
        dropped(RoutingDropReason.OUTGOING_DENIED, 1);
        alice.sends(HandmadePeer.payload(WORKER, Route.empty(), ByteString.fromInts(200), NO_PADDING));
        dropped(NodeDropReason.UNDECODABLE, 1);
        channelWorks();
    }

    @Test
    void routesAreBounded() {
        Route longest = route(1024);
        alice.sends(HandmadePeer.payload(WORKER, route(1023), Codec.string().encode("long way"), NO_PADDING));
        assertThat(worker.receiveMessage().returnRoute().size()).isEqualTo(1024);

        // With the encryptor before it, the route is one address too long.
        alice.sends(HandmadePeer.payload(WORKER, longest, Codec.string().encode("too long"), NO_PADDING));
        dropped(RoutingDropReason.ROUTE_TOO_LONG, 1);
        alice.sends(HandmadePeer.text(route(1025), "too long"));
        alice.sends(HandmadePeer.text(route(100_000), "too long"));
        dropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, 2);
        channelWorks();
    }

    private static Route route(int length) {
        return Route.of(
                IntStream.range(0, length).mapToObj(i -> Address.of("worker")).toList());
    }

    @Test
    void largePayloadArrives() {
        TestProbe<Routed<ByteString>> sink = scene.attached("sink", Codec.bytes());
        scene.node().allow(Address.of("sink")).from(listener);
        ByteString large = random(2 * 1024 * 1024);

        alice.sends(HandmadePeer.payload(Route.of("sink"), Route.empty(), large, NO_PADDING));

        assertThat(sink.receiveMessage().body()).isEqualTo(large);
    }

    // ---- Close ----

    @Test
    void closeIsTheFiveBytesOfTheSpecification() {
        await(bobsEnd.close());

        assertThat(alice.receives()).isEqualTo(HandmadePeer.CLOSE);
    }

    @Test
    void closeWithPaddingOrElementsAlsoCloses() {
        alice.sends(Hex.string("828202824101424101" + "4401020304"));

        assertThat(await(bobsEnd.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        scene.eventually(() -> assertThat(scene.bob().keys().aeadKeys()).isZero());
    }

    // ---- refreshed credentials ----

    @Test
    void newerHistoryOfThePeerIsKept() {
        Identity rotated =
                await(scene.alice().identity().identities().rotate(scene.alice().identity()));

        alice.sends(HandmadePeer.refresh(rotated.changeHistory()));

        scene.eventually(() -> assertThat(await(scene.bob()
                        .identity()
                        .identities()
                        .history(scene.alice().identifier())))
                .contains(rotated.changeHistory()));
        channelWorks();
    }

    @Test
    void historyOfAnotherIdentityIsDropped() {
        Party carol = Party.create(scene.system());

        alice.sends(HandmadePeer.refresh(carol.identity().changeHistory()));

        dropped(ChannelDropReason.FRAME_CONTENT_UNKNOWN, 1);
        assertThat(await(scene.bob().identity().identities().history(carol.identifier())))
                .isEmpty();
        channelWorks();
    }

    @Test
    void olderHistoryOfThePeerIsDropped() {
        Identity rotated =
                await(scene.alice().identity().identities().rotate(scene.alice().identity()));
        alice.sends(HandmadePeer.refresh(rotated.changeHistory()));
        scene.eventually(() -> assertThat(await(scene.bob()
                        .identity()
                        .identities()
                        .history(scene.alice().identifier())))
                .contains(rotated.changeHistory()));

        alice.sends(HandmadePeer.refresh(scene.alice().identity().changeHistory()));

        dropped(ChannelDropReason.REFRESH_SUPERSEDED, 1);
        assertThat(await(scene.bob()
                        .identity()
                        .identities()
                        .history(scene.alice().identifier())))
                .contains(rotated.changeHistory());
        channelWorks();
    }

    // ---- workers reached through the channel ----

    @Test
    void workerThatThrowsDoesNotHarmTheChannel() {
        scene.node().start(Address.of("broken"), Codec.string(), Behaviors.receiveMessage(message -> {
            throw new Broken();
        }));
        scene.node().allow(Address.of("broken")).from(listener);

        LoggingTestKit.error("broken worker").withOccurrences(3).expect(scene.system(), () -> {
            IntStream.range(0, 3).forEach(i -> alice.sends(HandmadePeer.text(Route.of("broken"), "Hello")));
            return true;
        });

        channelWorks();
    }

    /** Without a stack trace: one line in the log is enough. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("broken worker", null, false, false);
        }
    }

    private static ByteString random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return ByteString.fromArray(bytes);
    }
}
