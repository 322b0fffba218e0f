// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;
import ockam.routing.AccessControl;
import ockam.routing.MessageDropped;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages that cannot be sent: the sender is told, or the drop is counted, published and logged. */
class DroppedMessagesTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address NOBODY = Address.of("nobody");

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final TestProbe<MessageDropped> dropped = KIT.probe();

    @BeforeEach
    void subscribe() {
        KIT.system().eventStream().tell(new EventStream.Subscribe<>(MessageDropped.class, dropped.getRef()));
        MessageDropped marker = new MessageDropped("none", RoutingDropReason.NO_SUCH_ADDRESS, NOBODY);
        KIT.system().eventStream().tell(new EventStream.Publish<>(marker));
        dropped.expectMessage(marker);
    }

    @Test
    void tellsTheSenderThatNothingLivesThere() {
        assertThat(app.send(Route.of(NOBODY), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS).isAccepted())
                .isFalse();

        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isZero();
        dropped.expectNoMessage();
    }

    @Test
    void publishesAndCountsWhatHopCannotPassOn() {
        node.start(Address.of("hop"), Hop.create());
        app.send(Route.of("hop", "nobody", "never"), Codec.string(), "hello");
        app.send(Route.of("hop"), Codec.string(), "hello");

        dropped.expectMessage(new MessageDropped(node.name(), RoutingDropReason.NO_SUCH_ADDRESS, NOBODY));
        dropped.expectMessage(new MessageDropped(node.name(), RoutingDropReason.INCOMPLETE_ROUTE, Address.of("hop")));
        assertThat(node.dropped(RoutingDropReason.NO_SUCH_ADDRESS)).isEqualTo(1);
        assertThat(node.dropped(RoutingDropReason.INCOMPLETE_ROUTE)).isEqualTo(1);
    }

    @Test
    void publishesAndCountsAnswerThatCannotBeSent() {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(Address.of("worker"), Codec.string(), probe.getRef());
        app.send(LocalMessage.of(
                Route.of("worker"), Route.of(NOBODY), Codec.string().encode("hello")));
        probe.receiveMessage().reply("answer");
        dropped.expectMessage(new MessageDropped(node.name(), RoutingDropReason.NO_SUCH_ADDRESS, NOBODY));

        app.send(LocalMessage.of(
                Route.of("worker"), Route.empty(), Codec.string().encode("hello")));
        probe.receiveMessage().reply("answer");
        dropped.expectMessage(
                new MessageDropped(node.name(), RoutingDropReason.INCOMPLETE_ROUTE, Address.of("worker")));
    }

    @Test
    void publishesAndCountsWhatIsSentWhenTheNodeHasStopped() {
        TestProbe<Routed<String>> probe = KIT.probe();
        node.attach(Address.of("worker"), Codec.string(), probe.getRef());
        app.send(Route.of("worker"), Codec.string(), "hello");
        await(node.stop());
        probe.receiveMessage().reply("too late");

        dropped.expectMessage(new MessageDropped(node.name(), RoutingDropReason.NODE_STOPPED, Address.of("worker")));
        assertThat(app.send(Route.of("worker"), Codec.string(), "late"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NODE_STOPPED));
    }

    @Test
    void publishesDenials() {
        node.start(
                Address.of("worker"),
                Codec.string(),
                Behaviors.empty(),
                WorkerOptions.defaults().withIncoming(AccessControl.denyAll()));
        app.send(Route.of("worker"), Codec.string(), "hello");

        dropped.expectMessage(new MessageDropped(node.name(), RoutingDropReason.INCOMING_DENIED, Address.of("worker")));
    }
}
