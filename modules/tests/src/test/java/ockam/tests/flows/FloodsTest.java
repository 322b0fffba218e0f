// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes that ask each other as much as they can, over one connection. */
class FloodsTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(TcpPair.PATIENT);

    private static final int QUESTIONS = LongForm.or(10_000, 100_000);
    private static final int OUTSTANDING = 100; // fewer than the turn-window
    private static final int SENDS = 5 * QUESTIONS;
    private static final int SIZE = 100;
    /** What plain sends may have under way, what was read, what was turned, and the 8 MiB that may be put aside. */
    private static final int MOST_UNDER_WAY = 4_096 + 64 + 256 + 8 * 1024 * 1024 / SIZE;

    private final OckamTestKit kit;
    private final TcpPair pair;
    private final Node alice;
    private final Node bob;
    private final AtomicInteger answers = new AtomicInteger();

    FloodsTest(OckamTestKit kit) {
        this.kit = kit;
        kit.stopRecording(); // of so many messages it takes as long as the messages themselves
        this.pair = TcpPair.connect(kit);
        this.alice = pair.alice();
        this.bob = pair.bob();
        alice.allow(kit.echoer(alice, "echoer")).from(pair.fromAlice());
        bob.allow(kit.echoer(bob, "echoer")).from(pair.fromBob());
    }

    @Test
    void questionsInBothDirectionsAreAllAnswered() {
        CompletionStage<Integer> alices = ask(alice, pair.fromAlice().route("echoer"));
        CompletionStage<Integer> bobs = ask(bob, pair.fromBob().route("echoer"));

        assertThat(kit.await(alices)).isEqualTo(QUESTIONS);
        assertThat(kit.await(bobs)).isEqualTo(QUESTIONS);
        assertThat(alice.dropped() + bob.dropped()).isZero();
    }

    /** Asks with so many outstanding at most, and compares all answers. */
    private static CompletionStage<Integer> ask(Node node, Route route) {
        return Source.range(1, QUESTIONS)
                .mapAsync(
                        OUTSTANDING,
                        number -> node.ask(route, Codec.bytes(), payload(number, SIZE), TcpPair.PATIENCE)
                                .thenApply(answer -> {
                                    assertThat(answer.body()).isEqualTo(payload(number, SIZE));
                                    return number;
                                }))
                .toMat(Sink.fold(0, (count, number) -> count + 1), Keep.right())
                .run(node.system());
    }

    /** With more answers outstanding than the turn-windows have room for, so that both readers may wait for each other. */
    @Test
    void plainSendsInBothDirectionsNeitherHangNorHarmWhatComesAfter() {
        Flood alices = new Flood(alice, pair.fromAlice());
        Flood bobs = new Flood(bob, pair.fromBob());
        long began = System.nanoTime();
        alices.sendAll();
        whenAllHaveEnded(SENDS);
        double alone = answersPerSecond(answers.get(), began);
        assertThat(answers).as("nothing is lost in one direction").hasValue(SENDS);

        began = System.nanoTime();
        CompletableFuture<Void> first = CompletableFuture.runAsync(alices::sendAll);
        CompletableFuture<Void> second = CompletableFuture.runAsync(bobs::sendAll);
        kit.await(first);
        kit.await(second);
        whenAllHaveEnded(3 * SENDS);
        double together = answersPerSecond(answers.get() - SENDS, began);

        LongForm.report(
                "answers per second: %.0f in one direction, %.0f in both together, which is %.2f times as many; lost %d of %d"
                        .formatted(alone, together, together / alone, 3 * SENDS - answers.get(), 2 * SENDS));
        assertThat(alices.mostUnderWay).hasValueLessThan(MOST_UNDER_WAY);
        assertThat(bobs.mostUnderWay).hasValueLessThan(MOST_UNDER_WAY);
        // The connection is the same, and goes on.
        assertThat(kit.await(ask(alice, pair.fromAlice().route("echoer")))).isEqualTo(QUESTIONS);
        assertThat(kit.await(ask(bob, pair.fromBob().route("echoer")))).isEqualTo(QUESTIONS);
        assertThat(pair.fromAlice().hasEnded() || pair.fromBob().hasEnded()).isFalse();
    }

    private void whenAllHaveEnded(int sent) {
        kit.eventually(() -> {
            assertThat(alice.messagesUnderWay() + bob.messagesUnderWay()).isZero();
            assertThat(answers.get() + alice.dropped() + bob.dropped())
                    .as("each is answered, or counted as lost")
                    .isEqualTo(sent);
        });
    }

    private static double answersPerSecond(int count, long began) {
        return count * 1e9 / (System.nanoTime() - began);
    }

    /** Many plain sends in one direction, as fast as they are let in. */
    private final class Flood {
        private final Node node;
        private final Worker sender;
        private final Route route;
        private final AtomicInteger mostUnderWay = new AtomicInteger();

        private Flood(Node node, Connection connection) {
            this.node = node;
            this.route = connection.route("echoer");
            this.sender = node.start(Address.of("sender"), Codec.bytes(), Behaviors.receiveMessage(message -> {
                answers.incrementAndGet();
                return Behaviors.same();
            }));
            node.allow(sender).from(connection);
        }

        void sendAll() {
            int accepted = 0;
            while (accepted < SENDS) {
                SendResult result = sender.send(route, Codec.bytes(), payload(accepted, SIZE));
                if (result.isAccepted()) {
                    accepted++;
                } else {
                    assertThat(result).isEqualTo(SendResult.refused(RoutingDropReason.NO_ROOM));
                    mostUnderWay.accumulateAndGet(node.messagesUnderWay(), Math::max);
                    Thread.onSpinWait();
                }
            }
        }
    }
}
