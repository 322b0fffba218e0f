// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.MutableClock;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.node.Routed;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What authorities say about the ends of a channel, and what it lets them do (secure channel, sections 5.7 and 7.3). */
@ExtendWith(ActorTestKitExtension.class)
class CredentialsTest {
    private static final Duration VALIDITY = Duration.ofSeconds(100);
    private static final String MEMBERS = "members";
    private static final String OPEN = "open";

    private final MutableClock clock = new MutableClock();
    private final HandmadeNoise.KeyPair key = HandmadeNoise.KeyPair.random();
    private final Scene scene;
    private final Party alice;
    private final Party bob;
    private final Party authority;
    private final Party other;
    /** For members only. */
    private final TestProbe<Routed<String>> members;
    /** For everyone. */
    private final TestProbe<Routed<String>> open;

    CredentialsTest(ActorTestKit testKit) {
        alice = HandmadePeer.party(testKit.system(), key, clock);
        bob = Party.create(testKit.system(), clock);
        authority = Party.create(testKit.system(), clock);
        other = Party.create(testKit.system(), clock);
        scene = Scene.create(testKit, alice, bob);
        for (Party each : List.of(alice, bob)) {
            await(each.identity()
                    .identities()
                    .importHistory(authority.identity().export()));
            await(each.identity().identities().importHistory(other.identity().export()));
        }
        members = testKit.createTestProbe();
        scene.node()
                .attach(
                        Address.of(MEMBERS),
                        Codec.string(),
                        members.ref(),
                        WorkerOptions.defaults()
                                .withIncoming(AccessControl.attributes(
                                        authority.identifier(), Rule.parse("role=member"), clock)));
        open = scene.attached(OPEN, Codec.string());
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private CredentialAndPurposeKey credential(Party by, Party subject, String role) {
        return await(by.identity()
                .identities()
                .issueCredential(
                        by.identity(),
                        CredentialOptions.of(
                                subject.identifier(), Attributes.ofTexts(Map.of("role", role)), VALIDITY)));
    }

    private void listen(SecureChannelListenerOptions options) {
        SecureChannelListener listener = scene.listen(options);
        scene.node().allow(Address.of(MEMBERS)).from(listener);
        scene.node().allow(Address.of(OPEN)).from(listener);
    }

    private SecureChannelListenerOptions believing(Party... authorities) {
        Identifier[] all = List.of(authorities).stream().map(Party::identifier).toArray(Identifier[]::new);
        return alice.listenerOptions().withAuthorities(all);
    }

    private SecureChannel opened(SecureChannelOptions options) {
        return await(scene.create("listener", options));
    }

    private SecureChannel presenting(CredentialAndPurposeKey credential) {
        return opened(bob.channelOptions().withCredential(credential));
    }

    private static Optional<String> role(Peer peer, Party by) {
        return peer.attributes(by.identifier()).flatMap(said -> said.text("role"));
    }

    /** The peer as a worker sees it of whom everyone may ask. */
    private Peer seenBehind(SecureChannel channel) {
        scene.send(channel.route(OPEN), "who am I?");
        return open.receiveMessage().peer().orElseThrow();
    }

    private void isLetIn(SecureChannel channel) {
        scene.send(channel.route(MEMBERS), "hello");
        assertThat(members.receiveMessage().body()).isEqualTo("hello");
    }

    private void isDenied(SecureChannel channel) {
        long before = scene.node().dropped(RoutingDropReason.INCOMING_DENIED);
        scene.send(channel.route(MEMBERS), "hello");
        scene.eventually(() -> assertThat(scene.node().dropped(RoutingDropReason.INCOMING_DENIED))
                .isEqualTo(before + 1));
        members.expectNoMessage(Duration.ZERO);
    }

    @Test
    void theInitiatorPresentsACredential() { // secure channel, section 9, items 55 and 56
        listen(believing(authority));
        SecureChannel channel = presenting(credential(authority, alice, "member"));

        isLetIn(channel);
        assertThat(role(seenBehind(channel), authority)).contains("member");
        assertThat(role(scene.otherEnd(channel).peer(), authority)).contains("member");
        assertThat(channel.peer().attributes()).isEmpty();
    }

    @Test
    void theResponderPresentsACredential() { // secure channel, section 9, item 56
        scene.listen(alice.listenerOptions().withCredential(credential(authority, bob, "server")));
        SecureChannel channel = opened(bob.channelOptions().withAuthorities(authority.identifier()));

        assertThat(role(channel.peer(), authority)).contains("server");
        assertThat(scene.otherEnd(channel).peer().attributes()).isEmpty();
    }

    @Test
    void bothPresentCredentials() { // secure channel, section 9, item 56
        listen(believing(authority).withCredential(credential(other, bob, "server")));
        SecureChannel channel = opened(bob.channelOptions()
                .withCredential(credential(authority, alice, "member"))
                .withAuthorities(other.identifier()));

        isLetIn(channel);
        assertThat(role(channel.peer(), other)).contains("server");
        assertThat(role(channel.peer(), authority)).isEmpty();
        assertThat(role(scene.otherEnd(channel).peer(), authority)).contains("member");
    }

    @Test
    void withoutAuthoritiesCredentialsAreIgnored() { // secure channel, section 9, item 57
        listen(alice.listenerOptions());
        SecureChannel channel = presenting(credential(authority, alice, "member"));

        isDenied(channel);
        assertThat(seenBehind(channel).attributes()).isEmpty();
    }

    private void doesNotCount(CredentialAndPurposeKey credential, String reason) {
        SecureChannel channel = LoggingTestKit.warn(
                        "A credential of " + alice.identifier() + " does not count: " + reason)
                .expect(scene.system(), () -> {
                    SecureChannel made = presenting(credential);
                    scene.otherEnd(made);
                    return made;
                });

        isDenied(channel);
        assertThat(seenBehind(channel).attributes()).isEmpty();
        channel.close();
    }

    @Test
    void aCredentialThatDoesNotVerifyChangesNothing() { // secure channel, section 9, item 57; authority, section 10,
        // item 25
        listen(believing(authority));
        CredentialAndPurposeKey expired = credential(authority, alice, "member");
        clock.goesOn(VALIDITY.plusSeconds(1));

        doesNotCount(expired, "CREDENTIAL_EXPIRED");
        doesNotCount(credential(other, alice, "member"), "UNKNOWN_AUTHORITY");
        doesNotCount(credential(authority, bob, "member"), "CREDENTIAL_OF_OTHER_SUBJECT");
        doesNotCount(
                new CredentialAndPurposeKey(
                        credential(authority, alice, "guest").credential(),
                        credential(other, alice, "member").purposeKey()),
                "UNKNOWN_AUTHORITY");
    }

    @Test
    void accessEndsWithTheAttributesAndTheChannelStaysOpen() { // secure channel, section 9, item 58
        listen(believing(authority));
        SecureChannel channel = presenting(credential(authority, alice, "member"));
        isLetIn(channel);
        clock.goesOn(VALIDITY.minusSeconds(1));
        isLetIn(channel);

        clock.goesOn(Duration.ofSeconds(1));

        isDenied(channel);
        assertThat(seenBehind(channel).identifier()).isEqualTo(alice.identifier());
    }

    @Test
    void otherValuesAndOtherAuthoritiesAreDenied() { // authority, section 10, item 33
        listen(believing(authority, other));

        isDenied(presenting(credential(other, alice, "member")));
        isDenied(presenting(credential(authority, alice, "guest")));
        clock.goesOn(Duration.ofSeconds(1));
        isLetIn(presenting(credential(authority, alice, "member")));
    }

    @Test
    void alsoCountsWhatThePeerShowedInAnotherChannel() { // authority, section 7.3
        listen(believing(authority));
        SecureChannel first = presenting(credential(authority, alice, "member"));
        isLetIn(first);
        first.close();

        isLetIn(opened(bob.channelOptions()));
        clock.goesOn(VALIDITY);
        isDenied(opened(bob.channelOptions()));
    }

    @Test
    void aRefreshCountsInAllChannelsOfThePeer() { // authority, section 10, item 32
        listen(believing(authority));
        SecureChannel channel = opened(bob.channelOptions());
        isDenied(channel);
        HandmadePeer handmade = HandmadePeer.initiates(scene.node().mailbox("alice"), Scene.TO_LISTENER, key)
                .finishes(HandmadePeer.shown(alice));
        CredentialAndPurposeKey older = credential(authority, alice, "guest");
        clock.goesOn(Duration.ofSeconds(1));

        handmade.sends(HandmadePeer.refresh(alice.identity().changeHistory(), credential(authority, alice, "member")));
        scene.eventually(() -> assertThat(role(seenBehind(channel), authority)).contains("member"));
        isLetIn(channel);

        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: CREDENTIAL_OF_OTHER_SUBJECT")
                .expect(scene.system(), () -> {
                    handmade.sends(HandmadePeer.refresh(
                            alice.identity().changeHistory(), older, credential(authority, bob, "guest")));
                    return true;
                });
        isLetIn(channel);
        handmade.sends(HandmadePeer.refresh(alice.identity().changeHistory()));
        handmade.sends(HandmadePeer.CLOSE);
        isLetIn(channel);
    }
}
