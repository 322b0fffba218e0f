// SPDX-License-Identifier: Apache-2.0

package ockam.node;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import ockam.fixtures.LogLines;
import ockam.fixtures.Threads;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.routing.rule.Rule;
import ockam.routing.spi.Drops;
import ockam.routing.spi.Endpoint;
import ockam.routing.spi.Router;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.LocalInfo;
import ockam.wire.LocalMessage;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the rules of addresses mean for the messages of a node. */
class AccessOnNodeTest {
    @RegisterExtension
    static final NodeKit KIT = new NodeKit();

    private static final Address FRIEND = Address.of("friend");
    private static final Address STRANGER = Address.of("stranger");
    private static final Address WORKER = Address.of("worker");
    private static final Address OTHER = Address.of("other");
    private static final Identifier ALICE = identifier('a');
    private static final Identifier BOB = identifier('b');

    private static Identifier identifier(char digit) {
        return Identifier.parse("I" + String.valueOf(digit).repeat(64));
    }

    private static LocalMessage message(Route onward, Route back) {
        return LocalMessage.of(onward, back, ByteString.emptyByteString());
    }

    private record Note(String text) implements LocalInfo {}

    private final Node node = KIT.node();
    private final Mailbox friend = node.mailbox("friend");
    private final Mailbox stranger = node.mailbox("stranger");
    private final TestProbe<Routed<String>> probe = KIT.probe();

    private void worker(WorkerOptions options) {
        node.attach(WORKER, Codec.string(), probe.getRef(), options);
    }

    private static SendResult send(Mailbox from, String body) {
        return from.send(Route.of(WORKER), Codec.string(), body);
    }

    private Endpoint endpoint(Address address) {
        return Objects.requireNonNull(node.router().find(address)).endpoint(address);
    }

    @Test
    void looksLikeSuccessWhenIncomingDenies() {
        worker(WorkerOptions.defaults().withIncoming(AccessControl.allowSource(FRIEND)));

        assertThat(send(stranger, "denied")).isEqualTo(SendResult.accepted());
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1);
        assertThat(send(friend, "allowed")).isEqualTo(SendResult.accepted());
        assertThat(probe.receiveMessage().body()).isEqualTo("allowed");
    }

    @Test
    void looksLikeSuccessWhenOutgoingDenies() {
        worker(WorkerOptions.defaults());
        Mailbox limited =
                node.mailbox(Address.of("limited"), AccessControl.allowAll(), AccessControl.allowOnward(OTHER));
        node.start(OTHER, Hop.create());

        assertThat(limited.send(Route.of(WORKER), Codec.string(), "denied")).isEqualTo(SendResult.accepted());
        assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1);
        assertThat(limited.send(Route.of(OTHER, WORKER), Codec.string(), "only the first hop counts"))
                .isEqualTo(SendResult.accepted());
        assertThat(probe.receiveMessage().body()).isEqualTo("only the first hop counts");
    }

    @Test
    void saysThatNothingLivesThereBeforeItAsksTheRules() {
        Mailbox mute = node.mailbox(Address.of("mute"), AccessControl.allowAll(), AccessControl.denyAll());

        assertThat(mute.send(Route.of("nobody"), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isZero();
    }

    @Test
    void asksOutgoingBeforeIncoming() {
        worker(WorkerOptions.defaults().withIncoming(AccessControl.denyAll()));
        Mailbox mute = node.mailbox(Address.of("mute"), AccessControl.allowAll(), AccessControl.denyAll());
        send(mute, "denied twice");

        assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1);
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isZero();
    }

    @Test
    void showsRulesTheRealSourceAndTheRouteWithTheDestinationInFront() {
        TestProbe<String> asked = KIT.probe();
        AccessControl spy = (source, destination, message) -> {
            asked.getRef()
                    .tell(source + " to " + destination + ", onward " + message.onwardRoute() + ", return "
                            + message.returnRoute());
            return true;
        };
        worker(WorkerOptions.defaults().withIncoming(spy));
        Mailbox app = node.mailbox(Address.of("app"), AccessControl.allowAll(), spy);
        app.send(message(Route.of(WORKER, OTHER), Route.of(STRANGER)));

        String both = "0#app to 0#worker, onward 0#worker => 0#other, return 0#stranger";
        asked.expectMessage(both);
        asked.expectMessage(both);
    }

    @Test
    void deniesWhenRuleThrowsAndLogsItOnceInWhile() {
        AccessControl broken = (source, destination, message) -> {
            throw new IllegalStateException("on purpose");
        };
        worker(WorkerOptions.defaults().withIncoming(broken));
        Mailbox app = node.mailbox(Address.of("app"), AccessControl.allowAll(), broken);
        node.start(OTHER, Codec.string(), NodeKit.echo());
        try (LogLines log = LogLines.of(Router.class)) {
            assertThat(send(friend, "denied")).isEqualTo(SendResult.accepted());
            assertThat(app.send(Route.of(OTHER), Codec.string(), "denied")).isEqualTo(SendResult.accepted());
            assertThat(send(friend, "denied")).isEqualTo(SendResult.accepted());

            assertThat(log.texts()).containsExactly("The access control of 0#worker threw, which refuses the message");
            assertThat(log.events().get(0).getThrowableProxy().getMessage()).isEqualTo("on purpose");
            assertThat(log.events().get(0).getMDCPropertyMap()).containsEntry("ockamNode", node.name());
        }
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(2);
        assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(1);
        probe.expectNoMessage();
    }

    @Test
    void refusesMessagesToAddressesThatAreNotTheWorkers() {
        worker(WorkerOptions.defaults());

        assertThat(friend.send(Route.of("worker2"), Codec.string(), "hello"))
                .isEqualTo(SendResult.refused(RoutingDropReason.NO_SUCH_ADDRESS));
        send(friend, "the worker is still there");
        assertThat(probe.receiveMessage().body()).isEqualTo("the worker is still there");
    }

    @Test
    void showsWorkersTheVerifiedPeer() {
        worker(WorkerOptions.defaults().withIncoming(AccessControl.peer(ALICE)));
        LocalMessage message = LocalMessage.of(
                Route.of(WORKER), Route.of(FRIEND), Codec.string().encode("hello"));
        endpoint(FRIEND).sendOrDrop(message.withLocalInfo(List.of(new Peer(BOB))));
        endpoint(FRIEND).sendOrDrop(message.withLocalInfo(List.of(new Peer(ALICE))));

        assertThat(probe.receiveMessage().peer()).contains(new Peer(ALICE));
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1);
        probe.expectNoMessage();
    }

    @Test
    void letsInWhomAnAuthorityGivesTheAttribute() {
        Identifier authority = Identifier.parse("I" + "0c".repeat(32));
        worker(WorkerOptions.defaults().withIncoming(AccessControl.attributes(authority, Rule.parse("role=member"))));
        LocalMessage message = LocalMessage.of(
                Route.of(WORKER), Route.of(FRIEND), Codec.string().encode("hello"));
        Peer member = new Peer(
                ALICE,
                List.of(new PeerAttributes(authority, Attributes.ofTexts(Map.of("role", "member")), Instant.MAX)));
        try (LogLines log = LogLines.of(Drops.class)) {
            endpoint(FRIEND).sendOrDrop(message.withLocalInfo(List.of(new Peer(ALICE))));
            endpoint(FRIEND).sendOrDrop(message.withLocalInfo(List.of(new Peer(BOB))));
            endpoint(FRIEND).sendOrDrop(message.withLocalInfo(List.of(member)));

            assertThat(log.texts()).hasSize(2);
            assertThat(log.texts().get(0))
                    .startsWith(
                            "Message dropped at 0#worker: INCOMING_DENIED; no authority that counts says anything of "
                                    + ALICE + ", and subject.role is missing");
            assertThat(log.texts().get(1)).contains(BOB + ", and subject.role is missing");
        }
        assertThat(probe.receiveMessage().peer()).contains(member);
        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(2);
        probe.expectNoMessage();
    }

    @Test
    void keepsThePeerAcrossHopsAndRelays() {
        worker(WorkerOptions.defaults().withIncoming(AccessControl.peer(ALICE)));
        node.start(Address.of("hop"), Hop.create());
        node.start(Address.of("relay"), Relay.create(node, Route.of(WORKER)));
        LocalMessage message = LocalMessage.of(
                        Route.of("hop", "relay"),
                        Route.of(FRIEND),
                        Codec.string().encode("hello"))
                .withLocalInfo(List.of(new Peer(ALICE)));
        endpoint(FRIEND).sendOrDrop(message);

        assertThat(probe.receiveMessage().peer()).contains(new Peer(ALICE));
    }

    @Test
    void takesFromSendersThePeerThatTheyClaim() {
        worker(WorkerOptions.defaults());
        Worker forger =
                node.attach(OTHER, Codec.string(), KIT.<Routed<String>>probe().getRef());
        LocalMessage forged = LocalMessage.of(
                        Route.of(WORKER), Route.of(FRIEND), Codec.string().encode("I am Alice"))
                .withLocalInfo(List.of(new Peer(ALICE), new Note("mine")));

        assertThat(forger.send(forged)).isEqualTo(SendResult.accepted());
        assertThat(friend.send(forged)).isEqualTo(SendResult.accepted());

        for (int i = 0; i < 2; i++) {
            Routed<String> message = probe.receiveMessage();
            assertThat(message.body()).isEqualTo("I am Alice");
            assertThat(message.peer()).isEmpty();
            assertThat(message.message().localInfo()).isEmpty();
        }
    }

    @Test
    void doesNotCarryThePeerIntoAnAnswer() {
        node.start(WORKER, Codec.string(), NodeKit.echo());
        LocalMessage message = LocalMessage.of(
                        Route.of(WORKER), Route.of(FRIEND), Codec.string().encode("hello"))
                .withLocalInfo(List.of(new Peer(ALICE)));
        endpoint(STRANGER).sendOrDrop(message);

        assertThat(await(friend.receive(Codec.string())).peer()).isEmpty();
    }

    @Test
    void mayBeAskedByManyThreads() {
        worker(WorkerOptions.defaults().withIncoming(AccessControl.allowSource(FRIEND)));
        Threads.race(4, thread -> {
            for (int n = 0; n < 250; n++) {
                send(stranger, "denied");
            }
        });

        assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(1000);
        probe.expectNoMessage();
    }
}
