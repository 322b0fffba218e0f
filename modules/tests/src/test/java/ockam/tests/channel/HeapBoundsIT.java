// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import ockam.channel.SecureChannel;
import ockam.routing.SendResult;
import ockam.testkit.ActorTestKitExtension;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What many messages make a node hold, measured as heap: the bounds count what messages hold, not only their payloads. Runs in a JVM of
 * 256 MiB, so a bound that does not hold may end it.
 */
@ExtendWith(ActorTestKitExtension.class)
class HeapBoundsIT {
    private static final int MIB = 1024 * 1024;
    private static final int MANY = 5_000;
    /** What {@code ockam.node.send-window-bytes} allows, and a margin. */
    private static final long SENT_PLAINLY = 16L * MIB + 8L * MIB;
    /** What {@code ockam.node.max-bytes-under-way} allows, with what messages of the same number grow by, and a margin. */
    private static final long ON_THE_NODE = 64L * MIB + 16L * MIB;

    private static final List<Address> THOUSAND_EMPTY_ADDRESSES = Collections.nCopies(1_000, Address.of(""));
    private static final List<Address> THOUSAND_LONG_ADDRESSES =
            Collections.nCopies(1_000, Address.of("x".repeat(Address.MAX_LENGTH)));

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A copy, so that no two messages share what they hold. */
    private static Route back(List<Address> addresses) {
        return Route.of(addresses.stream()
                .map(address -> Address.of(address.transport(), address.value()))
                .toList());
    }

    private static int sendUntilRefused(Scene scene, Route onward, List<Address> back) {
        int accepted = 0;
        for (int i = 0; i < MANY; i++) {
            SendResult result = scene.app().send(LocalMessage.of(onward, back(back), ByteString.emptyByteString()));
            accepted += result.isAccepted() ? 1 : 0;
        }
        return accepted;
    }

    private static void assertHeapGrowsByAtMost(Scene scene, long before, long bytes) {
        scene.eventually(() -> assertThat(heapAfterCollection() - before).isLessThan(bytes));
    }

    @Test
    void deferredMessagesWithLongRoutes(ActorTestKit testKit) {
        try (Scene scene = Scene.create(testKit).withoutRecording()) {
            scene.node().start(Address.of("keeper"), Codec.any(), Behaviors.receiveMessage(message -> {
                message.defer();
                return Behaviors.<ockam.node.Routed<Any>>same();
            }));
            long before = heapAfterCollection();

            int accepted = sendUntilRefused(scene, Route.of("keeper"), THOUSAND_EMPTY_ADDRESSES);

            assertThat(accepted).isBetween(50, MANY - 1);
            assertHeapGrowsByAtMost(scene, before, SENT_PLAINLY);
            assertThat(scene.node().bytesUnderWay()).isLessThanOrEqualTo(16L * MIB);
            await(scene.node().stop(Address.of("keeper")));
        }
    }

    @Test
    void firstMessagesWithLongReturnRoutes(ActorTestKit testKit) {
        try (Scene scene = Scene.create(testKit).withoutRecording()) {
            scene.listen();
            long before = heapAfterCollection();

            for (int i = 0; i < MANY; i++) {
                scene.app()
                        .send(LocalMessage.of(
                                Scene.TO_LISTENER, back(THOUSAND_LONG_ADDRESSES), ByteString.fromArray(new byte[32])));
            }

            assertHeapGrowsByAtMost(scene, before, SENT_PLAINLY);
        }
    }

    @Test
    void messagesThroughAChannelToLongRoutes(ActorTestKit testKit) {
        try (Scene scene = Scene.create(testKit).withoutRecording()) {
            scene.listen();
            var hop = scene.hand("hop"); // keeps what arrives
            var handshake = scene.create("hop => listener");
            for (int i = 0; i < 3; i++) {
                hop.receiveMessage().forward();
            }
            SecureChannel channel = await(handshake);
            long before = heapAfterCollection();

            int accepted = sendUntilRefused(scene, channel.route(Route.of(THOUSAND_LONG_ADDRESSES)), List.of());

            // A probe ends a message when it gets it; what its own mailbox holds is the test's.
            assertThat(accepted).isPositive();
            hop.receiveSeveralMessages(accepted);
            assertHeapGrowsByAtMost(scene, before, ON_THE_NODE);
        }
    }
}
