// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.tests.channel.CredentialScene.VALIDITY;
import static ockam.tests.channel.CredentialScene.role;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import java.time.Duration;
import ockam.channel.SecureChannel;
import ockam.fixtures.MutableClock;
import ockam.identity.CredentialAndPurposeKey;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What authorities say about the ends of a channel, and what it lets them do (secure channel, sections 5.7 and 7.3). */
@ExtendWith(ActorTestKitExtension.class)
class CredentialsTest {
    private final MutableClock clock = new MutableClock();
    private final HandmadeNoise.KeyPair key = HandmadeNoise.KeyPair.random();
    private final CredentialScene given;
    private final Scene scene;
    private final Party alice;
    private final Party bob;
    private final Party authority;
    private final Party other;

    CredentialsTest(ActorTestKit testKit) {
        alice = HandmadePeer.party(testKit.system(), key, clock);
        given = new CredentialScene(testKit, clock, alice);
        scene = given.scene();
        bob = given.bob();
        authority = given.authority();
        other = given.other();
    }

    @AfterEach
    void end() {
        given.close();
    }

    private SecureChannel presenting(CredentialAndPurposeKey credential) {
        return given.opened(bob.channelOptions().withCredential(credential));
    }

    @Test
    void theInitiatorPresentsACredential() { // secure channel, section 9, items 55 and 56
        given.listen(given.believing(authority));
        SecureChannel channel = presenting(given.credential(authority, alice, "member"));

        given.isLetIn(channel);
        assertThat(role(given.seenBehind(channel), authority)).contains("member");
        assertThat(role(scene.otherEnd(channel).peer(), authority)).contains("member");
        assertThat(channel.peer().attributes()).isEmpty();
    }

    @Test
    void theResponderPresentsACredential() { // secure channel, section 9, item 56
        scene.listen(alice.listenerOptions().withCredential(given.credential(authority, bob, "server")));
        SecureChannel channel = given.opened(bob.channelOptions().withAuthorities(authority.identifier()));

        assertThat(role(channel.peer(), authority)).contains("server");
        assertThat(scene.otherEnd(channel).peer().attributes()).isEmpty();
    }

    @Test
    void bothPresentCredentials() { // secure channel, section 9, item 56
        given.listen(given.believing(authority).withCredential(given.credential(other, bob, "server")));
        SecureChannel channel = given.opened(bob.channelOptions()
                .withCredential(given.credential(authority, alice, "member"))
                .withAuthorities(other.identifier()));

        given.isLetIn(channel);
        assertThat(role(channel.peer(), other)).contains("server");
        assertThat(role(channel.peer(), authority)).isEmpty();
        assertThat(role(scene.otherEnd(channel).peer(), authority)).contains("member");
    }

    @Test
    void withoutAuthoritiesCredentialsAreIgnored() { // secure channel, section 9, item 57
        given.listen(alice.listenerOptions());
        SecureChannel channel = presenting(given.credential(authority, alice, "member"));

        given.isDenied(channel);
        assertThat(given.seenBehind(channel).attributes()).isEmpty();
    }

    private void doesNotCount(CredentialAndPurposeKey credential, String reason) {
        SecureChannel channel = LoggingTestKit.warn(
                        "A credential of " + alice.identifier() + " does not count: " + reason)
                .expect(scene.system(), () -> {
                    SecureChannel made = presenting(credential);
                    scene.otherEnd(made);
                    return made;
                });

        given.isDenied(channel);
        assertThat(given.seenBehind(channel).attributes()).isEmpty();
        channel.close();
    }

    /** Secure channel, section 9, item 57; authority, section 10, item 25. */
    @Test
    void aCredentialThatDoesNotVerifyChangesNothing() {
        Party unknown = Party.create(scene.system(), clock);
        given.listen(given.believing(authority, unknown));
        CredentialAndPurposeKey expired = given.credential(authority, alice, "member");
        clock.goesOn(VALIDITY.plusSeconds(1));

        doesNotCount(expired, "CREDENTIAL_EXPIRED");
        doesNotCount(given.credential(other, alice, "member"), "UNKNOWN_AUTHORITY");
        doesNotCount(given.credential(unknown, alice, "member"), "SUBJECT_UNKNOWN");
        doesNotCount(given.credential(authority, bob, "member"), "CREDENTIAL_OF_OTHER_SUBJECT");
        doesNotCount(
                CredentialScene.changed(given.credential(authority, alice, "member")), "CREDENTIAL_SIGNATURE_INVALID");
    }

    /** Authority, section 10, item 25. */
    @Test
    void aCredentialByAnAuthorityThatNobodyHereKnowsChangesNothing() {
        given.listen(given.believing(authority));

        doesNotCount(given.credential(Party.create(scene.system(), clock), alice, "member"), "UNKNOWN_AUTHORITY");
    }

    @Test
    void aCredentialWithTheKeyOfAnotherAuthorityChangesNothing() {
        given.listen(given.believing(authority));

        doesNotCount(
                new CredentialAndPurposeKey(
                        given.credential(authority, alice, "guest").credential(),
                        given.credential(other, alice, "member").purposeKey()),
                "UNKNOWN_AUTHORITY");
    }

    @Test
    void accessEndsWithTheAttributesAndTheChannelStaysOpen() { // secure channel, section 9, item 58
        given.listen(given.believing(authority));
        SecureChannel channel = presenting(given.credential(authority, alice, "member"));
        given.isLetIn(channel);
        clock.goesOn(VALIDITY.minusSeconds(1));
        given.isLetIn(channel);

        clock.goesOn(Duration.ofSeconds(1));

        given.isDenied(channel);
        assertThat(given.seenBehind(channel).identifier()).isEqualTo(alice.identifier());
    }

    @Test
    void aRotationOfTheAuthorityEndsAccessInOpenChannels() { // secure channel, section 4.8
        given.listen(given.believing(authority));
        CredentialAndPurposeKey credential = given.credential(authority, alice, "member");
        SecureChannel channel = presenting(credential);
        given.isLetIn(channel);

        given.rotates(authority);

        scene.eventually(
                () -> assertThat(given.seenBehind(channel).attributes()).isEmpty());
        given.isDenied(channel);
        given.isDenied(given.opened(bob.channelOptions()));
        doesNotCount(credential, "ATTESTATION_OUTDATED");
        given.isLetIn(presenting(given.credential(authority, alice, "member")));
        given.isLetIn(channel);
    }

    @Test
    void otherValuesAndOtherAuthoritiesAreDenied() { // authority, section 10, item 33
        given.listen(given.believing(authority, other));

        given.isDenied(presenting(given.credential(other, alice, "member")));
        given.isDenied(presenting(given.credential(authority, alice, "guest")));
        clock.goesOn(Duration.ofSeconds(1));
        given.isLetIn(presenting(given.credential(authority, alice, "member")));
    }

    @Test
    void alsoCountsWhatThePeerShowedInAnotherChannel() { // authority, section 7.3
        given.listen(given.believing(authority));
        SecureChannel first = presenting(given.credential(authority, alice, "member"));
        given.isLetIn(first);
        first.close();

        given.isLetIn(given.opened(bob.channelOptions()));
        clock.goesOn(VALIDITY);
        given.isDenied(given.opened(bob.channelOptions()));
    }

    @Test
    void aRefreshCountsInAllChannelsOfThePeer() { // authority, section 10, item 32
        given.listen(given.believing(authority));
        SecureChannel channel = given.opened(bob.channelOptions());
        given.isDenied(channel);
        HandmadePeer handmade = HandmadePeer.initiates(scene.node().mailbox("alice"), Scene.TO_LISTENER, key)
                .finishes(HandmadePeer.shown(alice));
        CredentialAndPurposeKey older = given.credential(authority, alice, "guest");
        clock.goesOn(Duration.ofSeconds(1));

        handmade.sends(
                HandmadePeer.refresh(alice.identity().changeHistory(), given.credential(authority, alice, "member")));
        scene.eventually(
                () -> assertThat(role(given.seenBehind(channel), authority)).contains("member"));
        given.isLetIn(channel);

        LoggingTestKit.warn("A credential of " + alice.identifier() + " does not count: CREDENTIAL_OF_OTHER_SUBJECT")
                .expect(scene.system(), () -> {
                    handmade.sends(HandmadePeer.refresh(
                            alice.identity().changeHistory(), older, given.credential(authority, bob, "guest")));
                    return true;
                });
        given.isLetIn(channel);
        handmade.sends(HandmadePeer.refresh(alice.identity().changeHistory()));
        handmade.sends(HandmadePeer.CLOSE);
        given.isLetIn(channel);
    }
}
