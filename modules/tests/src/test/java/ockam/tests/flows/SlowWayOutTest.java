// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.pattern.Patterns;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Relay;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A relay between a fast and a slow network. */
class SlowWayOutTest {
    /** All nodes have it, and those that receive must keep to it on a busy machine. */
    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(1);

    private static final int MESSAGES = LongForm.or(1_000, 5_000);
    /** More together than all buffers on the way hold. */
    private static final int SIZE = 60_000;

    private static final Address END = Address.of("end");

    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(
            TcpPair.PATIENT + "ockam.connection.stall-timeout = " + STALL_TIMEOUT.toMillis() + " ms");

    @Test
    void wayOutThatPausesLosesNothing(OckamTestKit kit) {
        Node bob = kit.node("bob");
        TcpListener bobs = kit.await(TcpTransport.create(bob).listen("127.0.0.1:0"));
        TcpProxy network = kit.await(TcpProxy.create(kit.system(), bobs.localAddress()));
        Node middle = kit.node("middle");
        Connection onward = kit.await(TcpTransport.create(middle).connect(network.hostAndPort()));
        Worker relay = middle.start(Address.of("relay"), Relay.create(middle, Route.of(onward.address())));
        TcpListener middles = kit.await(TcpTransport.create(middle)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(relay)));
        Node alice = kit.node("alice");
        Connection toMiddle = kit.await(TcpTransport.create(alice).connect(middles.hostAndPort()));
        AtomicInteger arrived = new AtomicInteger();
        CompletionStage<Done> received = bob.source(END, Codec.bytes())
                .runWith(
                        Sink.foreach(message ->
                                assertThat(message.body()).isEqualTo(payload(arrived.incrementAndGet(), SIZE))),
                        kit.system());
        bob.allow(END).from(bobs);
        kit.eventually(() -> assertThat(network.links()).hasSize(1));

        network.links().get(0).stall(Way.TO_TARGET);
        StreamHandle sending = Source.range(1, MESSAGES)
                .map(number -> payload(number, SIZE))
                .toMat(alice.sink(toMiddle.route(Route.parse("relay => end")), Codec.bytes()), Keep.right())
                .run(kit.system());
        kit.await(Patterns.after(
                STALL_TIMEOUT.multipliedBy(3),
                kit.system().classicSystem(),
                () -> CompletableFuture.completedStage(Done.getInstance())));
        assertThat(sending.whenClosed().toCompletableFuture())
                .as("the way is long")
                .isNotDone();
        network.links().get(0).resume(Way.TO_TARGET);

        assertThat(kit.await(sending.whenClosed()).arrived()).isEqualTo(MESSAGES);
        kit.eventually(() -> assertThat(arrived).hasValue(MESSAGES));
        assertThat(middle.dropped()).isZero();
        kit.close();
        kit.await(network.stop());
        kit.await(received);
    }
}
