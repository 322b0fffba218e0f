// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.LogLines;
import ockam.fixtures.MutableClock;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.node.Hop;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Relay;
import ockam.node.Routed;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
import ockam.routing.spi.Drops;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What may leave an address by what authorities say about whom it goes to (authority, section 8.4; authority, section 10, item 41). */
@ExtendWith(ActorTestKitExtension.class)
class OutgoingAttributesTest {
    private static final Duration VALIDITY = Duration.ofSeconds(100);
    private static final Address GUARDED = Address.of("guarded");

    private final MutableClock clock = new MutableClock();
    private final Scene scene;
    private final Node node;
    private final Party alice;
    private final Party bob;
    private final Party authority;
    private final AccessControl toMembers;

    OutgoingAttributesTest(ActorTestKit testKit) {
        alice = Party.create(testKit.system(), clock);
        bob = Party.create(testKit.system(), clock);
        authority = Party.create(testKit.system(), clock);
        scene = Scene.create(testKit, alice, bob);
        node = scene.node();
        await(bob.identity().identities().importHistory(authority.identity().export()));
        toMembers = AccessControl.attributes(authority.identifier(), Rule.parse("role=member"), clock);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private CredentialAndPurposeKey credential(Map<String, String> attributes) {
        return await(authority
                .identity()
                .identities()
                .issueCredential(
                        authority.identity(),
                        CredentialOptions.of(alice.identifier(), Attributes.ofTexts(attributes), VALIDITY)));
    }

    /** A worker that answers anybody, as far as it is let out. */
    private void guarded(Node at) {
        at.start(
                GUARDED,
                Codec.string(),
                Scene.echoing(),
                WorkerOptions.defaults().withOutgoing(toMembers));
    }

    private SecureChannelListenerOptions believing() {
        return alice.listenerOptions().withAuthorities(authority.identifier());
    }

    private SecureChannel presenting(String role) {
        return presenting(credential(Map.of("role", role)));
    }

    private SecureChannel presenting(CredentialAndPurposeKey credential) {
        return answering(await(scene.create("listener", bob.channelOptions().withCredential(credential))));
    }

    /** What comes out of the channel may reach the one who asks. */
    private SecureChannel answering(SecureChannel channel) {
        node.allow(scene.app().address()).from(channel);
        return channel;
    }

    private void isAnswered(Route route) {
        assertThat(await(node.ask(route, Codec.string(), "hello")).body()).isEqualTo("hello");
    }

    /** The one who asks sees success, and gets no answer. */
    private void isNotAnswered(Route route) {
        long before = node.dropped(RoutingDropReason.OUTGOING_DENIED);
        scene.send(route, "hello");
        scene.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(before + 1));
    }

    @Test
    void aWorkerAnswersAMemberThroughItsChannelAndNobodyElse() {
        guarded(node);
        node.allow(GUARDED).from(scene.listen(believing()));

        isAnswered(presenting("member").route(Route.of(GUARDED)));
        clock.goesOn(Duration.ofSeconds(1));
        isNotAnswered(presenting("guest").route(Route.of(GUARDED)));
        isNotAnswered(Route.of(GUARDED)); // no channel: the answer stays on this node
    }

    @Test
    void overAPlainConnectionNobodyIsAnswered() {
        Node near = Ockam.get(scene.system()).createNode("near");
        MemoryTransport.Link link = MemoryTransport.create().connect(near, node);
        guarded(node);
        node.allow(GUARDED).from(link.second());
        try (LogLines log = LogLines.of(Drops.class)) {
            near.mailbox("asking").send(link.first().route(Route.of(GUARDED)), Codec.string(), "hello");

            scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, 1);
            scene.eventually(
                    () -> assertThat(log.texts())
                            .singleElement()
                            .asString()
                            .contains(
                                    "OUTGOING_DENIED; sent by 0#guarded; it does not leave this node through a secure channel"));
        }
        await(near.stop());
    }

    @Test
    void accessEndsAndBeginsAgainWithTheAttributesWhileTheChannelStaysOpen() {
        guarded(node);
        node.allow(GUARDED).from(scene.listen(believing()));
        SecureChannel channel = presenting("member");
        isAnswered(channel.route(Route.of(GUARDED)));
        clock.goesOn(VALIDITY);
        isNotAnswered(channel.route(Route.of(GUARDED)));

        await(presenting("member").close()); // shows the next credential, in another channel

        scene.eventually(() -> assertThat(await(node.ask(
                                channel.route(Route.of(GUARDED)), Codec.string(), "hello", Duration.ofMillis(300)))
                        .body())
                .isEqualTo("hello"));
    }

    @Test
    void theMissingAttributeIsNamedOncePerSenderAndPeer() {
        guarded(node);
        node.allow(GUARDED).from(scene.listen(believing()));
        SecureChannel channel = presenting(credential(Map.of("name", "Alice")));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 0; i < 3; i++) {
                isNotAnswered(channel.route(Route.of(GUARDED)));
            }

            scene.eventually(() -> assertThat(log.texts())
                    .singleElement()
                    .asString()
                    .contains("OUTGOING_DENIED; sent by 0#guarded; by what " + authority.identifier() + " says of "
                            + alice.identifier() + ", subject.role is missing (1 so far;"));
        }
    }

    @Test
    void whatAListenerMayNotAnswerHidesNoDenialOfAWorker() {
        guarded(node);
        scene.listen(alice.listenerOptions().withOutgoing(toMembers));
        try (LogLines log = LogLines.of(Drops.class)) {
            for (int i = 1; i <= 17; i++) { // one more than the senders that are logged
                CompletableFuture<SecureChannel> refused =
                        scene.create("listener", bob.channelOptions()).toCompletableFuture();
                scene.eventuallyDropped(RoutingDropReason.OUTGOING_DENIED, i);
                refused.cancel(true);
            }

            isNotAnswered(Route.of(GUARDED));

            scene.eventually(() -> assertThat(log.texts())
                    .anySatisfy(line -> assertThat(line).contains("OUTGOING_DENIED; sent by 0#guarded;")));
        }
    }

    @Test
    void aRelayAndAHopLeadOnlyToMembers() {
        scene.listen(believing());
        SecureChannel ofMember = scene.otherEnd(presenting("member"));
        WorkerOptions guarded = WorkerOptions.defaults().withOutgoing(toMembers);
        node.start(Address.of("relay"), Codec.any(), Relay.create(node, Route.of(ofMember.address())), guarded);
        node.start(Address.of("hop"), Codec.any(), Hop.create(), guarded);
        TestProbe<Routed<String>> inside = scene.attached("inside", Codec.string());
        node.allow(Address.of("inside")).from(scene.otherEnd(ofMember));

        scene.send(Route.of("relay", "inside"), "by the relay");
        assertThat(inside.receiveMessage().body()).isEqualTo("by the relay");
        scene.send(Route.of(Address.of("hop"), ofMember.address(), Address.of("inside")), "by the hop");
        assertThat(inside.receiveMessage().body()).isEqualTo("by the hop");
        isNotAnswered(Route.of("hop", "inside"));
        clock.goesOn(VALIDITY);
        isNotAnswered(Route.of("relay", "inside"));
        inside.expectNoMessage(Duration.ZERO);
    }

    /** A member is named in the route each time, and it is not the member that would get the message. */
    @Test
    void aHopLetsOutNothingThatGoesElsewhereByARouteThatNamesAMember() {
        scene.listen(believing());
        SecureChannel ofMember = scene.otherEnd(presenting("member"));
        Address member = ofMember.address();
        Address hop = Address.of("hop");
        Address second = Address.of("second");
        Address inside = Address.of("inside");
        node.start(hop, Codec.any(), Hop.create(), WorkerOptions.defaults().withOutgoing(toMembers));
        node.start(second, Hop.create());
        node.start(Address.of("relay"), Relay.create(node, Route.of(inside)));
        TestProbe<Routed<String>> probe = scene.attached("inside", Codec.string());
        node.allow(inside).from(scene.otherEnd(ofMember));

        isNotAnswered(Route.of(hop, inside, member));
        isNotAnswered(Route.of(hop, second, inside, member));
        isNotAnswered(Route.of(hop, Address.of("relay"), member));
        isNotAnswered(Route.of(hop, second, Address.of("nobody"), member));
        scene.send(Route.of(hop, second, member, inside), "over two hops");
        assertThat(probe.receiveMessage().body()).isEqualTo("over two hops");
    }

    @Test
    void aListenerTakesAndAnswersOnlyWhatComesFromMembers() {
        scene.listen(believing());
        Party carol = Party.create(scene.system(), clock);
        Address inside = Address.of("inside");
        SecureChannelListener inner = SecureChannelListener.create(
                node,
                inside,
                bob.identity(),
                carol.listenerOptions().withIncoming(toMembers).withOutgoing(toMembers));
        scene.echoer("echoer");
        node.allow(Address.of("echoer")).from(inner);
        SecureChannel member = presenting("member");
        node.allow(inside).from(scene.otherEnd(member));
        SecureChannel through = answering(await(
                SecureChannel.create(node, member.route(Route.of(inside)), carol.identity(), bob.channelOptions())));
        isAnswered(through.route("echoer"));

        clock.goesOn(VALIDITY);
        long out = node.dropped(RoutingDropReason.OUTGOING_DENIED);
        long in = node.dropped(RoutingDropReason.INCOMING_DENIED);
        scene.send(through.route("echoer"), "the answer is not let out");
        scene.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(out + 1));
        CompletableFuture<SecureChannel> refused = SecureChannel.create(
                        node, member.route(Route.of(inside)), carol.identity(), bob.channelOptions())
                .toCompletableFuture();
        scene.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.INCOMING_DENIED)).isEqualTo(in + 1));
        refused.cancel(true);
    }

    @Test
    void aChannelThatIsCreatedSendsOnlyToMembers() {
        scene.listen(believing());
        Party carol = Party.create(scene.system(), clock);
        Route inside = Route.of("inside");
        SecureChannelListener inner =
                SecureChannelListener.create(node, inside.next(), bob.identity(), carol.listenerOptions());
        scene.echoer("echoer");
        node.allow(Address.of("echoer")).from(inner);
        SecureChannel member = presenting("member");
        node.allow(inside.next()).from(member);
        Route toMember = scene.otherEnd(member).route(inside);
        SecureChannelOptions guarded = bob.channelOptions().withOutgoing(toMembers);
        SecureChannel through = answering(await(SecureChannel.create(node, toMember, carol.identity(), guarded)));
        isAnswered(through.route("echoer"));

        clock.goesOn(VALIDITY);
        isNotAnswered(through.route("echoer"));
        long out = node.dropped(RoutingDropReason.OUTGOING_DENIED);
        CompletableFuture<SecureChannel> refused =
                SecureChannel.create(node, toMember, carol.identity(), guarded).toCompletableFuture();
        scene.eventually(() ->
                assertThat(node.dropped(RoutingDropReason.OUTGOING_DENIED)).isEqualTo(out + 1));
        refused.cancel(true);
    }
}
