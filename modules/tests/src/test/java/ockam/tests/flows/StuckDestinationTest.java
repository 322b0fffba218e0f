// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import ockam.node.NodeDropReason;
import ockam.node.Routed;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ten destinations behind one connection, of which one takes nothing. */
class StuckDestinationTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(
            TcpPair.PATIENT + "ockam.connection.stall-timeout = " + LongForm.or(500, 5_000) + " ms");

    private static final int OTHERS = 9;
    private static final int MESSAGES = LongForm.or(3_000, 100_000);
    private static final int SIZE = 1_000;

    private final Queue<Routed<ByteString>> kept = new ConcurrentLinkedQueue<>();

    @Test
    void othersGoOnAndGetEverything(OckamTestKit kit) {
        TcpPair pair = TcpPair.connect(kit);
        Worker stuck = pair.bob().start(Address.of("stuck"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            kept.add(message.defer());
            return Behaviors.same();
        }));
        pair.bob().allow(stuck).from(pair.fromBob());
        List<Counting> others = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            others.add(new Counting(pair, "other" + i));
        }

        List<CompletionStage<?>> flows = new ArrayList<>(List.of(send(pair, "stuck")));
        others.forEach(other -> flows.add(send(pair, other.name)));
        flows.forEach(kit::await);

        kit.eventually(() -> {
            for (Counting other : others) {
                assertThat(other.count).as(other.name).hasValue(MESSAGES);
            }
            assertThat(kept.size() + pair.bob().dropped(NodeDropReason.STALLED))
                    .as("the others are told by their reason")
                    .isEqualTo(MESSAGES);
        });
        assertThat(pair.bob().dropped()).isEqualTo(pair.bob().dropped(NodeDropReason.STALLED));
        assertThat(pair.fromBob().hasEnded()).isFalse();
        LongForm.report("one stuck of ten: the longest pause of the others was %d ms"
                .formatted(others.stream()
                        .mapToLong(other -> other.longestPause.get() / 1_000_000)
                        .max()
                        .orElseThrow()));
        kept.forEach(Routed::discard);
    }

    private static CompletionStage<?> send(TcpPair pair, String to) {
        StreamHandle handle = Source.range(1, MESSAGES)
                .map(number -> payload(number, SIZE))
                .toMat(pair.alice().sink(pair.fromAlice().route(to), Codec.bytes()), Keep.right())
                .run(pair.alice().system());
        return handle.whenClosed();
    }

    /** A destination that counts, and notes how long it gets nothing. */
    private static final class Counting {
        private final String name;
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicLong longestPause = new AtomicLong();
        private long last = System.nanoTime(); // only used by its actor

        private Counting(TcpPair pair, String name) {
            this.name = name;
            Worker worker = pair.bob().start(Address.of(name), Codec.bytes(), Behaviors.receiveMessage(message -> {
                long now = System.nanoTime();
                longestPause.accumulateAndGet(now - last, Math::max);
                last = now;
                count.incrementAndGet();
                return Behaviors.same();
            }));
            pair.bob().allow(worker).from(pair.fromBob());
        }
    }
}
