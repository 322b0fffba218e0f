// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.History;
import ockam.testkit.OckamTestKit;
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

    private final OckamTestKit kit;
    private int nodesMade;

    StopUnderLoadTest(OckamTestKit kit) {
        this.kit = kit;
    }

    private Node node(String name) {
        return kit.node(name + "-" + ++nodesMade);
    }

    /** Sends numbers from 0 on, from a thread of its own, until its node or the connection takes none. */
    private record Sending(AtomicInteger accepted, CompletableFuture<SendResult> end) {
        static Sending start(Mailbox from, Route to, History<String> history) {
            AtomicInteger accepted = new AtomicInteger();
            return new Sending(accepted, CompletableFuture.supplyAsync(() -> {
                history.sent("0");
                while (true) {
                    SendResult result = from.send(to, Codec.string(), Integer.toString(accepted.get()));
                    if (result.equals(SendResult.accepted())) {
                        history.sent(Integer.toString(accepted.incrementAndGet()));
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
        History<String> history = kit.history();
        Worker counter = bob.start(Address.of("counter"), Codec.string(), history.worker());
        TcpListener listener = kit.await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(counter)));
        Connection connection = kit.await(TcpTransport.create(alice).connect(listener.hostAndPort()));
        Sending sending = Sending.start(alice.mailbox("app"), connection.route("counter"), history);
        kit.eventually(() -> assertThat(history.delivered()).hasSizeGreaterThan(BEFORE));

        kit.await((senderStops ? alice : bob).stop());
        kit.await(sending.end());

        kit.await(connection.whenClosed());
        kit.eventually(() -> assertThat(alice.messagesUnderWay()).isZero());
        long lost = alice.dropped(RoutingDropReason.NO_SUCH_ADDRESS);
        if (senderStops) {
            kit.eventually(() -> assertThat(history.delivered().size() + lost)
                    .isEqualTo(sending.accepted().get()));
        }
        kit.await(bob.stop());
        kit.await(alice.stop());
        int handled = history.delivered().size();
        assertThat(handled).isPositive().isLessThanOrEqualTo(sending.accepted().get());
        history.expectDelivered(history.sent().subList(0, handled));
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
