// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.MutableClock;
import ockam.identity.Credential;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.node.Routed;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.Peer;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;

/**
 * A {@link Scene} with two authorities that Alice and Bob know, a clock, and workers on the node: for members, by the word of either authority,
 * and for everyone.
 */
final class CredentialScene implements AutoCloseable {
    /** Of every credential. */
    static final Duration VALIDITY = Duration.ofMinutes(1);

    private static final String MEMBERS = "members";
    private static final String MEMBERS_OF_OTHER = "members-of-other";
    private static final String OPEN = "open";

    private final MutableClock clock;
    private final Scene scene;
    private final Party authority;
    private final Party other;
    private final TestProbe<Routed<String>> members;
    private final TestProbe<Routed<String>> open;

    /** With an Alice who goes by this clock. */
    CredentialScene(ActorTestKit testKit, MutableClock clock, Party alice) {
        this.clock = clock;
        Party bob = Party.create(testKit.system(), clock);
        authority = Party.create(testKit.system(), clock);
        other = Party.create(testKit.system(), clock);
        scene = Scene.create(testKit, alice, bob);
        knows(alice);
        knows(bob);
        members = testKit.createTestProbe();
        attachMembers(MEMBERS, authority);
        attachMembers(MEMBERS_OF_OTHER, other);
        open = scene.attached(OPEN, Codec.string());
    }

    private void attachMembers(String name, Party by) {
        scene.node()
                .attach(
                        Address.of(name),
                        Codec.string(),
                        members.ref(),
                        WorkerOptions.defaults()
                                .withIncoming(
                                        AccessControl.attributes(by.identifier(), Rule.parse("role=member"), clock)));
    }

    /** A party imports the histories of both authorities. */
    void knows(Party party) {
        for (Party each : List.of(authority, other)) {
            await(party.identity().identities().importHistory(each.identity().export()));
        }
    }

    /** An authority gets a new key, and Bob learns of it. */
    void rotates(Party party) {
        ByteString rotated =
                await(party.identity().identities().rotate(party.identity())).export();
        await(bob().identity().identities().importHistory(rotated));
    }

    Scene scene() {
        return scene;
    }

    Party alice() {
        return scene.alice();
    }

    Party bob() {
        return scene.bob();
    }

    Party authority() {
        return authority;
    }

    Party other() {
        return other;
    }

    // ---- credentials ----

    CompletionStage<CredentialAndPurposeKey> issue(Party by, Party subject, Map<String, String> attributes) {
        return by.identity()
                .identities()
                .issueCredential(
                        by.identity(),
                        CredentialOptions.of(subject.identifier(), Attributes.ofTexts(attributes), VALIDITY));
    }

    CredentialAndPurposeKey credential(Party by, Party subject, String role) {
        return await(issue(by, subject, Map.of("role", role)));
    }

    /** The same, but it ends a second earlier or later than the authority has said. */
    static CredentialAndPurposeKey changed(CredentialAndPurposeKey genuine) {
        byte[] data = genuine.credential().data().toArray();
        data[data.length - 1] ^= 1;
        return new CredentialAndPurposeKey(
                new Credential(ByteString.fromArray(data), genuine.credential().signature()), genuine.purposeKey());
    }

    // ---- channels ----

    /** Bob accepts Alice, and believes these. */
    SecureChannelListenerOptions believing(Party... authorities) {
        return believing(alice().listenerOptions(), authorities);
    }

    static SecureChannelListenerOptions believing(SecureChannelListenerOptions options, Party... authorities) {
        return options.withAuthorities(
                Stream.of(authorities).map(Party::identifier).toArray(Identifier[]::new));
    }

    /** What comes through the channels of the listener may reach all workers. */
    void listen(SecureChannelListenerOptions options) {
        SecureChannelListener listener = scene.listen(options);
        for (String worker : List.of(MEMBERS, MEMBERS_OF_OTHER, OPEN)) {
            scene.node().allow(Address.of(worker)).from(listener);
        }
    }

    /** Alice opens a channel. */
    SecureChannel opened(SecureChannelOptions options) {
        return await(scene.create("listener", options));
    }

    /** What comes from the peer of a channel may reach the worker for everyone. */
    void openTo(SecureChannel channel) {
        scene.node().allow(Address.of(OPEN)).from(channel);
    }

    // ---- what the other end of a channel makes of this one ----

    /** Who this end is, as the worker for everyone sees it. */
    Peer seenBehind(SecureChannel channel) {
        scene.send(channel.route(OPEN), "who am I?");
        return open.receiveMessage().peer().orElseThrow();
    }

    Optional<String> seenBehind(SecureChannel channel, Party by, String attribute) {
        return text(seenBehind(channel), by, attribute);
    }

    void isSeenAs(String role, SecureChannel channel) {
        scene.eventually(
                () -> assertThat(seenBehind(channel, authority, "role")).contains(role));
    }

    static Optional<String> role(Peer peer, Party by) {
        return text(peer, by, "role");
    }

    private static Optional<String> text(Peer peer, Party by, String attribute) {
        return peer.attributes(by.identifier()).flatMap(said -> said.text(attribute));
    }

    void isLetIn(SecureChannel channel) {
        isLetIn(channel, MEMBERS);
    }

    void isDenied(SecureChannel channel) {
        isDenied(channel, MEMBERS);
    }

    void isLetInByOther(SecureChannel channel) {
        isLetIn(channel, MEMBERS_OF_OTHER);
    }

    void isDeniedByOther(SecureChannel channel) {
        isDenied(channel, MEMBERS_OF_OTHER);
    }

    private void isLetIn(SecureChannel channel, String worker) {
        scene.send(channel.route(worker), worker);
        assertThat(members.receiveMessage().body()).isEqualTo(worker);
    }

    private void isDenied(SecureChannel channel, String worker) {
        long before = scene.node().dropped(RoutingDropReason.INCOMING_DENIED);
        scene.send(channel.route(worker), worker);
        scene.eventually(() -> assertThat(scene.node().dropped(RoutingDropReason.INCOMING_DENIED))
                .isEqualTo(before + 1));
        members.expectNoMessage(Duration.ZERO);
    }

    @Override
    public void close() {
        scene.close();
    }
}
