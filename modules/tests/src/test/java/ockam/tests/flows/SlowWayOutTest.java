// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.fixtures.Stages.await;
import static ockam.tests.flows.TcpPair.patiently;
import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
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
import ockam.node.Ockam;
import ockam.node.Relay;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A relay between a fast and a slow network. */
class SlowWayOutTest {
    private static final Duration STALL_TIMEOUT = Duration.ofMillis(100);
    private static final int MESSAGES = LongForm.or(1_000, 5_000);
    /** More together than all buffers on the way hold. */
    private static final int SIZE = 60_000;

    private static final Address END = Address.of("end");

    @RegisterExtension
    static final ActorTestKitExtension EXTENSION =
            ActorTestKitExtension.create("ockam.connection.stall-timeout = " + STALL_TIMEOUT.toMillis() + " ms");

    private final ActorTestKit testKit;

    SlowWayOutTest(ActorTestKit testKit) {
        this.testKit = testKit;
    }

    private void eventually(Runnable holds) {
        testKit.createTestProbe().awaitAssert(TcpPair.PATIENCE, () -> {
            holds.run();
            return Done.getInstance();
        });
    }

    @Test
    void wayOutThatPausesLosesNothing() {
        Ockam ockam = Ockam.get(testKit.system());
        Node bob = ockam.createNode("bob");
        TcpListener bobs = await(TcpTransport.create(bob).listen("127.0.0.1:0"));
        TcpProxy network = await(TcpProxy.create(testKit.system(), bobs.localAddress()));
        Node middle = ockam.createNode("middle");
        Connection onward = await(TcpTransport.create(middle).connect(network.hostAndPort()));
        Worker relay = middle.start(Address.of("relay"), Relay.create(middle, Route.of(onward.address())));
        TcpListener middles = await(TcpTransport.create(middle)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(relay)));
        Node alice = ockam.createNode("alice");
        Connection toMiddle = await(TcpTransport.create(alice).connect(middles.hostAndPort()));
        AtomicInteger arrived = new AtomicInteger();
        CompletionStage<Done> received = bob.source(END, Codec.bytes())
                .runWith(
                        Sink.foreach(message ->
                                assertThat(message.body()).isEqualTo(payload(arrived.incrementAndGet(), SIZE))),
                        testKit.system());
        bob.allow(END).from(bobs);
        eventually(() -> assertThat(network.links()).hasSize(1));

        network.links().get(0).stall(Way.TO_TARGET);
        StreamHandle sending = Source.range(1, MESSAGES)
                .map(number -> payload(number, SIZE))
                .toMat(alice.sink(toMiddle.route(Route.parse("relay => end")), Codec.bytes()), Keep.right())
                .run(testKit.system());
        await(Patterns.after(
                STALL_TIMEOUT.multipliedBy(10),
                testKit.system().classicSystem(),
                () -> CompletableFuture.completedStage(Done.getInstance())));
        assertThat(sending.whenClosed().toCompletableFuture())
                .as("the way is long")
                .isNotDone();
        network.links().get(0).resume(Way.TO_TARGET);

        assertThat(patiently(sending.whenClosed()).arrived()).isEqualTo(MESSAGES);
        eventually(() -> assertThat(arrived).hasValue(MESSAGES));
        assertThat(middle.dropped()).isZero();
        for (Node node : new Node[] {alice, middle, bob}) {
            await(node.stop());
        }
        await(network.stop());
        patiently(received);
    }
}
