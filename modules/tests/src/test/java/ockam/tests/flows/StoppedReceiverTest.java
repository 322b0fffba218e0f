// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import ockam.node.ConnectionEnd;
import ockam.node.NodeAccess;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.routing.RoutingDropReason;
import ockam.routing.spi.RoutingEvent;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stream to a node that stops, again and again. */
class StoppedReceiverTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(TcpPair.PATIENT);

    private static final int TIMES = LongForm.or(20, 200);
    private static final int SIZE = 1_000;
    private static final Address COUNTER = Address.of("counter");

    /** Bob's worker. */
    private static AtomicLong counting(TcpPair pair) {
        AtomicLong count = new AtomicLong();
        Worker counter = pair.bob().start(COUNTER, Codec.bytes(), Behaviors.receiveMessage(message -> {
            count.incrementAndGet();
            return Behaviors.same();
        }));
        pair.bob().allow(counter).from(pair.fromBob());
        return count;
    }

    private static Route route(TcpPair pair) {
        return pair.fromAlice().route(Route.of(COUNTER));
    }

    @Test
    void whatANodeThatStopsHasReadIsHandledAndTheSenderIsToldOfTheEnd(ActorTestKit testKit) {
        for (int time = 1; time <= TIMES; time++) {
            try (OckamTestKit kit = OckamTestKit.create(testKit)) {
                TcpPair pair = TcpPair.connect(kit);
                AtomicLong handled = counting(pair);
                AtomicLong delivered = new AtomicLong();
                AtomicBoolean workerHasStopped = new AtomicBoolean();
                AtomicLong late = new AtomicLong();
                NodeAccess.router(pair.bob()).addObserver(event -> {
                    if (event instanceof RoutingEvent.MessageDelivered message
                            && COUNTER.equals(message.destination())) {
                        delivered.incrementAndGet();
                    } else if (event instanceof RoutingEvent.AddressesFreed freed
                            && freed.addresses().contains(COUNTER)) {
                        workerHasStopped.set(true);
                    } else if (event instanceof RoutingEvent.MessageDropped && workerHasStopped.get()) {
                        late.incrementAndGet();
                    }
                });
                AtomicLong produced = new AtomicLong();
                StreamHandle sending = Source.repeat(payload(1, SIZE))
                        .wireTap(element -> produced.incrementAndGet())
                        .toMat(pair.alice().sink(route(pair), Codec.bytes()), Keep.right())
                        .run(kit.system());
                int stopAfter = 200 * time;
                kit.eventually(() -> assertThat(handled).hasValueGreaterThan(stopAfter));

                kit.await(pair.bob().stop());

                assertThat(handled).as("of what was read").hasValue(delivered.get());
                assertThat(workerHasStopped).isTrue();
                assertThat(late)
                        .as("of what came to a worker that had stopped before the reader")
                        .hasValue(0);
                assertThat(kit.await(pair.fromBob().whenClosed()).reason())
                        .isEqualTo(ConnectionEnd.Reason.NODE_STOPPED);
                assertThat(kit.await(pair.fromAlice().whenClosed()).reason())
                        .isIn(ConnectionEnd.Reason.CLOSED_BY_PEER, ConnectionEnd.Reason.FAILED);
                kit.expectRefused(sending.whenClosed(), RoutingDropReason.NO_SUCH_ADDRESS);
                assertThat(handled.get()).isLessThanOrEqualTo(produced.get());
            }
        }
    }
}
