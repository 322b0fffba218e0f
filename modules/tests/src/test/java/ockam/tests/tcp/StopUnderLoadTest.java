// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node that stops while another thread sends as fast as it can. */
@ExtendWith(ActorTestKitExtension.class)
class StopUnderLoadTest {
    private static final int ROUNDS = Boolean.getBoolean("ockam.long") ? 200 : 20;
    private static final int BEFORE = 500; // messages of a round before the node stops
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final ActorTestKit testKit;
    private int nodesMade;

    StopUnderLoadTest(ActorTestKit testKit) {
        this.testKit = testKit;
    }

    private Node node(String name) {
        return Ockam.get(testKit.system()).createNode(name + "-" + ++nodesMade);
    }

    private void eventually(Runnable check) {
        testKit.createTestProbe().awaitAssert(PATIENCE, () -> {
            check.run();
            return check;
        });
    }

    /** Sends numbers from 0 on, from a thread of its own, until its node or the connection takes none. */
    private record Sending(AtomicInteger accepted, CompletableFuture<SendResult> end) {
        static Sending start(Mailbox from, Route to) {
            AtomicInteger accepted = new AtomicInteger();
            return new Sending(accepted, CompletableFuture.supplyAsync(() -> {
                while (true) {
                    SendResult result = from.send(to, Codec.string(), Integer.toString(accepted.get()));
                    if (result.equals(SendResult.accepted())) {
                        accepted.incrementAndGet();
                    } else if (!result.equals(SendResult.refused(RoutingDropReason.NO_ROOM))) {
                        return result;
                    } else {
                        Thread.onSpinWait();
                    }
                }
            }));
        }
    }

    /** A round: alice sends to bob, and one of them stops in the middle of it. Returns what alice counts as lost. */
    private long round(boolean senderStops) {
        Node alice = node("alice");
        Node bob = node("bob");
        List<Integer> outOfOrder = new CopyOnWriteArrayList<>();
        AtomicInteger counted = new AtomicInteger();
        Worker counter = bob.start(Address.of("counter"), Codec.string(), Behaviors.receiveMessage(message -> {
            if (Integer.parseInt(message.body()) == counted.get()) {
                counted.incrementAndGet();
            } else {
                outOfOrder.add(Integer.parseInt(message.body()));
            }
            return Behaviors.same();
        }));
        TcpListener listener = await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(counter)));
        Connection connection = await(TcpTransport.create(alice).connect(listener.hostAndPort()));
        Sending sending = Sending.start(alice.mailbox("app"), connection.route("counter"));
        eventually(() -> assertThat(counted).hasValueGreaterThan(BEFORE));

        await((senderStops ? alice : bob).stop());
        await(sending.end());

        await(connection.whenClosed());
        eventually(() -> assertThat(alice.messagesUnderWay()).isZero());
        long lost = alice.dropped(RoutingDropReason.NO_SUCH_ADDRESS);
        if (senderStops) {
            eventually(() -> assertThat(counted.get() + lost)
                    .isEqualTo(sending.accepted().get()));
        }
        await(bob.stop());
        await(alice.stop());
        assertThat(outOfOrder).isEmpty();
        assertThat(counted.get())
                .isPositive()
                .isLessThanOrEqualTo(sending.accepted().get());
        assertThat(bob.messagesUnderWay()).isZero();
        assertThat(bob.addressCount() + alice.addressCount()).isZero();
        return lost;
    }

    /** Only a message that is sent in the very moment may be accepted and lost, and it is counted. */
    @Test
    void allThatANodeAcceptedBeforeItStopsArrives() {
        assertThat(IntStream.range(0, ROUNDS).mapToLong(i -> round(true)).sum()).isLessThanOrEqualTo(ROUNDS);
    }

    @Test
    void nodeThatStopsHandlesABeginningOfWhatWasSentToIt() {
        IntStream.range(0, ROUNDS).forEach(i -> round(false));
    }
}
