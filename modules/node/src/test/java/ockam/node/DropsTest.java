// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.node.NodeKit.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What cannot be sent on: the sender is told, or the drop is counted, published and logged. */
class DropsTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address NOBODY = Address.of("nobody");
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final TestProbe<MessageDropped> dropped = KIT.probe();
    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 10); // a clock may well run over

    @BeforeEach
    void subscribe() {
        KIT.system().eventStream().tell(new EventStream.Subscribe<>(MessageDropped.class, dropped.getRef()));
        MessageDropped marker = new MessageDropped("none", DropReason.NO_SUCH_ADDRESS, NOBODY);
        KIT.system().eventStream().tell(new EventStream.Publish<>(marker));
        dropped.expectMessage(marker);
    }

    private Drops drops() {
        return new Drops(KIT.system(), "node", INTERVAL, nanoTime::get);
    }

    @Test
    void tellsTheSenderThatNobodyLivesThere() {
        assertThat(app.send(Route.of(NOBODY), Codec.string(), "hello")).isEqualTo(SendResult.NO_SUCH_ADDRESS);
        assertThat(SendResult.NO_SUCH_ADDRESS.isAccepted()).isFalse();

        assertThat(node.dropped(DropReason.NO_SUCH_ADDRESS)).isZero();
        dropped.expectNoMessage();
    }

    @Test
    void publishesAndCountsWhatHopCannotPassOn() {
        node.start(Address.of("hop"), Hop.create());
        app.send(Route.of("hop", "nobody", "never"), Codec.string(), "hello");
        app.send(Route.of("hop"), Codec.string(), "hello");

        dropped.expectMessage(new MessageDropped(node.name(), DropReason.NO_SUCH_ADDRESS, NOBODY));
        dropped.expectMessage(new MessageDropped(node.name(), DropReason.INCOMPLETE_ROUTE, Address.of("hop")));
        assertThat(node.dropped(DropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        assertThat(node.dropped(DropReason.INCOMPLETE_ROUTE)).isEqualTo(1);
    }

    @Test
    void publishesAndCountsAnswerThatCannotBeSent() {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(Address.of("worker"), Codec.string(), probe.getRef());
        app.forward(LocalMessage.of(
                Route.of("worker"), Route.of(NOBODY), Codec.string().encode("hello")));
        probe.receiveMessage().reply("answer");
        dropped.expectMessage(new MessageDropped(node.name(), DropReason.NO_SUCH_ADDRESS, NOBODY));

        app.forward(LocalMessage.of(
                Route.of("worker"), Route.empty(), Codec.string().encode("hello")));
        probe.receiveMessage().reply("answer");
        dropped.expectMessage(new MessageDropped(node.name(), DropReason.INCOMPLETE_ROUTE, Address.of("worker")));
    }

    @Test
    void publishesAndCountsWhatIsSentWhenTheNodeHasStopped() {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(Address.of("worker"), Codec.string(), probe.getRef());
        app.send(Route.of("worker"), Codec.string(), "hello");
        await(node.stop());
        probe.receiveMessage().reply("too late");

        dropped.expectMessage(new MessageDropped(node.name(), DropReason.NODE_STOPPED, Address.of("worker")));
        assertThat(app.send(Route.of("worker"), Codec.string(), "late")).isEqualTo(SendResult.NODE_STOPPED);
    }

    @Test
    void publishesDenials() {
        node.start(
                Address.of("worker"),
                Codec.string(),
                Behaviors.empty(),
                WorkerOptions.defaults().withIncoming(AccessControl.denyAll()));
        app.send(Route.of("worker"), Codec.string(), "hello");

        dropped.expectMessage(new MessageDropped(node.name(), DropReason.INCOMING_DENIED, Address.of("worker")));
    }

    @Test
    void logsOneLineForEachReasonAndInterval() {
        Drops drops = drops();
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 5; i++) {
                drops.dropped(DropReason.NO_SUCH_ADDRESS, NOBODY);
                drops.dropped(DropReason.UNDECODABLE, Address.of("worker"));
            }
            assertThat(log.texts())
                    .containsExactly(
                            "Message dropped at 0#nobody: NO_SUCH_ADDRESS (1 so far; further ones are only counted for"
                                    + " a while)",
                            "Message dropped at 0#worker: UNDECODABLE (1 so far; further ones are only counted for"
                                    + " a while)");
            assertThat(log.events().get(0).getMDCPropertyMap()).containsEntry("ockamNode", "node");

            nanoTime.addAndGet(INTERVAL.toNanos() - 1);
            drops.dropped(DropReason.NO_SUCH_ADDRESS, NOBODY);
            assertThat(log.texts()).hasSize(2);
            nanoTime.addAndGet(1);
            drops.dropped(DropReason.NO_SUCH_ADDRESS, Address.of("another"));
            drops.dropped(DropReason.NO_SUCH_ADDRESS, NOBODY);
            assertThat(log.texts()).hasSize(3).last().asString().contains("0#another", "(7 so far;");
        }
        assertThat(drops.count(DropReason.NO_SUCH_ADDRESS)).isEqualTo(8);
        assertThat(drops.count(DropReason.UNDECODABLE)).isEqualTo(5);
        assertThat(drops.count(DropReason.MAILBOX_FULL)).isZero();
    }

    @Test
    void logsStrangersAddressesSafely() {
        try (LogLines log = LogLines.of(Drops.class)) {
            drops().dropped(DropReason.NO_SUCH_ADDRESS, Address.of("a\nWARN forged\u202e\u0000"));

            assertThat(log.texts().get(0)).startsWith("Message dropped at 0#a?WARN forged??: NO_SUCH_ADDRESS");
        }
    }

    @Test
    void logsFromManyThreadsOnce() {
        Drops drops = drops();
        try (LogLines log = LogLines.of(Drops.class)) {
            java.util.List<Thread> threads = java.util.stream.IntStream.range(0, 4)
                    .mapToObj(i -> new Thread(() -> {
                        for (int n = 0; n < 500; n++) {
                            drops.dropped(DropReason.FRAME_REFUSED, NOBODY);
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            threads.forEach(NodeKit::join);

            assertThat(log.texts()).hasSize(1);
            assertThat(drops.count(DropReason.FRAME_REFUSED)).isEqualTo(2000);
        }
    }
}
