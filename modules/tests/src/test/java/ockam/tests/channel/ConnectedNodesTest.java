// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.node.Connection;
import ockam.node.ConnectionEnd;
import ockam.node.Hop;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nodes that share nothing but connections: channels between them, and what happens when they flood each other. */
class ConnectedNodesTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 2m");

    private static final int QUESTIONS = 10_000;
    private static final int FLOOD = 50_000;
    private static final int OUTSTANDING = 100; // fewer than the turn-window

    private final OckamTestKit kit;
    private final Node alice;
    private final Node middle;
    private final Node bob;

    ConnectedNodesTest(OckamTestKit kit) {
        this.kit = kit;
        kit.stopRecording(); // of so many messages it takes as long as the messages themselves
        this.alice = kit.node("alice");
        this.middle = kit.node("middle");
        this.bob = kit.node("bob");
    }

    private static ByteString question(int number) {
        return ByteString.fromString("question " + number);
    }

    /** Asks so many questions, with so many outstanding at most, and compares all answers. */
    private CompletionStage<Integer> ask(Node node, Route route) {
        return Source.range(1, QUESTIONS)
                .mapAsync(
                        OUTSTANDING,
                        number -> node.ask(route, Codec.bytes(), question(number))
                                .thenApply(answer -> {
                                    assertThat(answer.body()).isEqualTo(question(number));
                                    return number;
                                }))
                .toMat(Sink.fold(0, (count, number) -> count + 1), Keep.right())
                .run(kit.system());
    }

    // ---- channels ----

    @Test
    void channelCrossesANodeThatCannotReadIt() {
        MemoryTransport.Link near = MemoryTransport.create().connect(alice, middle);
        MemoryTransport.Link far = MemoryTransport.create().connect(middle, bob);
        middle.start(Address.of("h1"), Hop.create());
        middle.allow(Address.of("h1")).from(near.second());
        middle.allow(Address.of("h1")).from(far.first());
        Party alices = kit.party();
        Party bobs = kit.party();
        Worker echoer = kit.echoer(bob, "echoer");
        SecureChannelListener.create(
                bob,
                Address.of("api"),
                bobs.identity(),
                alices.listenerOptions()
                        .withOpenTo(far.second())
                        .withSetup(channel -> bob.allow(echoer).from(channel)));
        Route route = near.first().route(Route.of(Address.of("h1"), far.first().address(), Address.of("api")));

        SecureChannel channel = kit.channel(alice, route, alices, bobs);

        ByteString large = ByteString.fromArray(new byte[300_000]);
        assertThat(kit.await(alice.ask(channel.route("echoer"), Codec.bytes(), large))
                        .body())
                .isEqualTo(large);
        assertThat(kit.await(ask(alice, channel.route("echoer")))).isEqualTo(QUESTIONS);
        kit.await(channel.close());
    }

    @Test
    void channelOverALinkThatWasCutCannotBeUsed() {
        MemoryTransport.Link link = MemoryTransport.create().connect(alice, bob);
        Party alices = kit.party();
        Party bobs = kit.party();
        SecureChannelListener.create(
                bob,
                Address.of("api"),
                bobs.identity(),
                alices.listenerOptions().withOpenTo(link.second()));
        SecureChannel channel = kit.channel(alice, link.first().route("api"), alices, bobs);
        Mailbox app = alice.mailbox("app");

        link.cut();
        kit.await(link.first().whenClosed());

        LoggingTestKit.warn("it was a connection to memory bob, ended at ")
                .expect(kit.system(), () -> app.send(channel.route("x"), Codec.string(), "lost"));
    }

    // ---- floods ----

    @Test
    void questionsInBothDirectionsAreAllAnswered() {
        MemoryTransport.Link link = MemoryTransport.create().connect(alice, bob);
        alice.allow(kit.echoer(alice, "echoer")).from(link.first());
        bob.allow(kit.echoer(bob, "echoer")).from(link.second());

        CompletionStage<Integer> alices = ask(alice, link.first().route("echoer"));
        CompletionStage<Integer> bobs = ask(bob, link.second().route("echoer"));

        assertThat(kit.await(alices)).isEqualTo(QUESTIONS);
        assertThat(kit.await(bobs)).isEqualTo(QUESTIONS);
        assertThat(alice.dropped() + bob.dropped()).isZero();
    }

    @Test
    void plainSendsInBothDirectionsNeitherHangNorHarmWhatComesAfter() {
        MemoryTransport.Link link = MemoryTransport.create().connect(alice, bob);
        alice.allow(kit.echoer(alice, "echoer")).from(link.first());
        bob.allow(kit.echoer(bob, "echoer")).from(link.second());
        AtomicInteger answers = new AtomicInteger();
        CompletableFuture<Integer> alices = CompletableFuture.supplyAsync(() -> flood(alice, link.first(), answers));
        CompletableFuture<Integer> bobs = CompletableFuture.supplyAsync(() -> flood(bob, link.second(), answers));

        int accepted = kit.await(alices) + kit.await(bobs);
        kit.eventually(() -> {
            assertThat(alice.messagesUnderWay() + bob.messagesUnderWay()).isZero();
            assertThat(answers.get() + alice.dropped() + bob.dropped())
                    .as("each is answered, or counted as lost")
                    .isEqualTo(accepted);
        });

        Duration patience = Duration.ofSeconds(60);
        assertThat(kit.await(alice.ask(link.first().route("echoer"), Codec.bytes(), question(1), patience))
                        .body())
                .isEqualTo(question(1));
        assertThat(kit.await(bob.ask(link.second().route("echoer"), Codec.bytes(), question(2), patience))
                        .body())
                .isEqualTo(question(2));
        assertThat(link.first().hasEnded() || link.second().hasEnded()).isFalse();
    }

    /** Many plain sends, as fast as they are accepted; returns how many were. */
    private static int flood(Node node, Connection connection, AtomicInteger answers) {
        Worker sender = node.start(Address.of("sender"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            answers.incrementAndGet();
            return Behaviors.same();
        }));
        node.allow(sender).from(connection);
        Route route = connection.route("echoer");
        int accepted = 0;
        for (int i = 0; i < FLOOD; i++) {
            SendResult result = sender.send(route, Codec.bytes(), question(i));
            if (result.equals(SendResult.accepted())) {
                accepted++;
            } else {
                assertThat(result).isEqualTo(SendResult.refused(RoutingDropReason.NO_ROOM));
                Thread.onSpinWait();
            }
        }
        return accepted;
    }

    @Test
    void endIsTheSameAtBothEnds() {
        MemoryTransport.Link link = MemoryTransport.create().connect(alice, bob);

        kit.await(bob.stop());

        assertThat(kit.await(link.second().whenClosed()).reason()).isEqualTo(ConnectionEnd.Reason.NODE_STOPPED);
        assertThat(kit.await(link.first().whenClosed()).reason()).isEqualTo(ConnectionEnd.Reason.CLOSED_BY_PEER);
    }
}
