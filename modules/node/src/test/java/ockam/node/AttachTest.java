// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.LogLines;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AttachTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address FIRST = Address.of("first");
    private static final Address SECOND = Address.of("second");

    private final Node node = KIT.node();
    private final Mailbox app = node.mailbox("app");
    private final TestProbe<Routed<String>> probe = KIT.probe();

    @Test
    void inboxOfAkkasTestkitKeepsItsAddressUntilThatIsStopped() {
        TestInbox<Routed<String>> inbox = TestInbox.create();
        try (LogLines log = LogLines.of(Behavior.class)) {
            node.attach(FIRST, Codec.string(), inbox.getRef());
            app.send(Route.of(FIRST), Codec.string(), "hello");

            assertThat(inbox.receiveMessage().body()).isEqualTo("hello");
            await(node.stop(FIRST));
            node.attach(FIRST, Codec.string(), probe.ref());
            await(node.stop(FIRST));
            probe.stop();
            KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(1));
            assertThat(log.texts())
                    .as("of the actor that watches those that are attached")
                    .isEmpty();
        }
    }

    /** An actor with its own protocol. */
    private static final class Till {
        sealed interface Command {}

        record Total(ActorRef<Integer> replyTo) implements Command {}

        enum Close implements Command {
            INSTANCE
        }

        private record Booked(Routed<String> message) implements Command {}

        static Behavior<Command> create(Node node, Address... addresses) {
            return Behaviors.setup(context -> {
                for (Address address : addresses) {
                    node.attach(address, Codec.string(), context.messageAdapter(Routed.type(), Booked::new));
                }
                return counting(0);
            });
        }

        private static Behavior<Command> counting(int total) {
            return Behaviors.receive(Command.class)
                    .onMessage(Booked.class, booked -> {
                        booked.message().reply("booked");
                        return counting(
                                total + Integer.parseInt(booked.message().body()));
                    })
                    .onMessage(Total.class, ask -> {
                        ask.replyTo().tell(total);
                        return Behaviors.same();
                    })
                    .onMessage(Close.class, close -> Behaviors.stopped())
                    .build();
        }
    }

    private SendResult send(Address to, String body) {
        return app.send(Route.of(to), Codec.string(), body);
    }

    @Test
    void letsProbeTakePartInRoute() {
        Worker worker = node.attach(FIRST, Codec.string(), probe.getRef());
        assertThat(worker.address()).isEqualTo(FIRST);
        send(FIRST, "question");

        Routed<String> message = probe.receiveMessage();
        assertThat(message.body()).isEqualTo("question");
        assertThat(message.address()).isEqualTo(FIRST);
        message.reply("answer");
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("answer");
    }

    @Test
    void answersInTheMiddleOfRouteAsItselfAlone() {
        node.attach(FIRST, Codec.string(), probe.getRef());
        app.send(Route.of(FIRST, SECOND), Codec.string(), "question");
        probe.receiveMessage().reply("answer");

        Routed<String> answer = await(app.receive(Codec.string()));
        assertThat(answer.returnRoute()).isEqualTo(Route.of(FIRST));
        assertThat(answer.onwardRoute()).isEqualTo(Route.of(app.address()));
    }

    @Test
    void letsActorWithItsOwnProtocolTakePart() {
        ActorRef<Till.Command> till = KIT.testKit().spawn(Till.create(node, FIRST));
        KIT.eventually(() -> assertThat(node.metadata(FIRST)).isPresent());
        send(FIRST, "2");
        send(FIRST, "40");
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("booked");
        assertThat(await(app.receive(Codec.string())).body()).isEqualTo("booked");

        TestProbe<Integer> total = KIT.probe();
        till.tell(new Till.Total(total.getRef()));
        total.expectMessage(42);
    }

    @Test
    void givesEveryAddressBackWhenActorBehindAdaptersEnds() {
        ActorRef<Till.Command> till = KIT.testKit().spawn(Till.create(node, FIRST, SECOND));
        KIT.eventually(() -> assertThat(node.metadata(SECOND)).isPresent());
        till.tell(Till.Close.INSTANCE);

        KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(1)); // the mailbox
    }

    @Test
    void givesAddressesBackWhenProbeAtSeveralOfThemEnds() {
        node.attach(FIRST, Codec.string(), probe.getRef());
        node.attach(SECOND, Codec.string(), probe.getRef());
        node.start(Address.of("worker"), Codec.string(), NodeKit.echo());
        send(FIRST, "one");
        send(SECOND, "two");
        assertThat(probe.receiveMessage().address()).isEqualTo(FIRST);
        assertThat(probe.receiveMessage().address()).isEqualTo(SECOND);

        probe.stop();

        KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(2)); // the mailbox and the worker
        assertThat(send(FIRST, "late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(send(SECOND, "late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        await(node.stop(Address.of("worker"))); // the node still notices an end
        node.start(FIRST, Codec.string(), Behaviors.setup(context -> {
            throw new IllegalStateException("on purpose");
        }));
        KIT.eventually(() -> assertThat(node.addressCount()).isEqualTo(1));
    }

    @Test
    void stopsTheAddressAndNotTheActor() {
        node.attach(FIRST, Codec.string(), probe.getRef());
        node.attach(SECOND, Codec.string(), probe.getRef());

        CompletionStage<Done> stopped = node.stop(FIRST);

        await(stopped);
        assertThat(send(FIRST, "late")).isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        send(SECOND, "still there");
        assertThat(probe.receiveMessage().body()).isEqualTo("still there");
    }

    @Test
    void mayComeAndGoManyTimes() {
        for (int i = 0; i < 200; i++) {
            node.attach(FIRST, Codec.string(), probe.getRef());
            await(node.stop(FIRST));
        }
        node.attach(FIRST, Codec.string(), probe.getRef());
        send(FIRST, "hello");
        assertThat(probe.receiveMessage().body()).isEqualTo("hello");

        probe.stop();
        KIT.eventually(() -> assertThat(node.metadata(FIRST)).isEmpty());
    }

    @Test
    void givesTheAddressBackWhenTheActorIsAlreadyDead() {
        probe.stop();
        node.attach(FIRST, Codec.string(), probe.getRef());

        KIT.eventually(() -> assertThat(node.metadata(FIRST)).isEmpty());
    }

    @Test
    void leavesTheAddressToSuccessorWhenTheActorEndsLater() {
        node.attach(FIRST, Codec.string(), probe.getRef());
        await(node.stop(FIRST));
        node.start(FIRST, Codec.string(), NodeKit.echo());

        probe.stop();
        node.attach(SECOND, Codec.string(), probe.getRef()); // given back immediately: so the end was noticed
        KIT.eventually(() -> assertThat(node.metadata(SECOND)).isEmpty());

        assertThat(await(node.ask(Route.of(FIRST), Codec.string(), "successor")).body())
                .isEqualTo("successor");
    }

    @Test
    void asksTheRulesOfItsAddresses() {
        node.attach(
                FIRST,
                Codec.string(),
                probe.getRef(),
                WorkerOptions.defaults()
                        .withIncoming(AccessControl.denyAll())
                        .withAddress(SECOND, AccessControl.allowAll(), AccessControl.allowAll()));
        assertThat(send(FIRST, "denied")).isEqualTo(SendResult.accepted());
        send(SECOND, "allowed");

        assertThat(probe.receiveMessage().body()).isEqualTo("allowed");
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1);
    }
}
