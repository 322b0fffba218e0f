// SPDX-License-Identifier: Apache-2.0

package ockam.tests.authority;

import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import ockam.authority.AuthorityClient;
import ockam.authority.AuthorityException;
import ockam.authority.AuthorityNode;
import ockam.authority.AuthorityOptions;
import ockam.authority.Enrollment;
import ockam.authority.PreTrusted;
import ockam.authority.Ticket;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.Hex;
import ockam.fixtures.Stages;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Identity;
import ockam.identity.IdentityException;
import ockam.identity.InMemoryStore;
import ockam.identity.Store;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.node.WorkerOptions;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.SendResult;
import ockam.routing.rule.Rule;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A new member comes with a ticket, gets a credential, and reaches a worker that is for members (authority, sections 3, 4 and 6). */
@ExtendWith(ActorTestKitExtension.class)
class EnrolledMembersTest {
    private final OckamTestKit kit;
    private final Node node;
    private final Party authority;
    private final Party project;
    private final Party enroller;

    EnrolledMembersTest(ActorTestKit testKit) {
        kit = OckamTestKit.create(testKit);
        node = kit.node("test");
        authority = Party.create(kit.system()); // its key for credentials stays, which the kit does not expect
        project = kit.party();
        enroller = kit.party();
    }

    @BeforeEach
    void begin() {
        kit.await(authorityOf(authority.identity(), InMemoryStore.create(authority.vault()), enroller.identifier()));
        kit.await(project.identity()
                .identities()
                .importHistory(authority.identity().export()));
        serve(project.identity(), authority.identifier());
    }

    @AfterEach
    void end() {
        kit.close();
    }

    private CompletionStage<AuthorityNode> authorityOf(Identity identity, Store store, Identifier enroller) {
        // #authority
        AuthorityOptions options = AuthorityOptions.forProject("garden").withPreTrusted(PreTrusted.enroller(enroller));
        CompletionStage<AuthorityNode> authority = AuthorityNode.create(node, identity, store, options);
        // #authority
        return authority;
    }

    private void serve(Identity identity, Identifier authority) {
        // #serve
        SecureChannelListener listener = SecureChannelListener.create(
                node,
                Address.of("garden"),
                identity,
                SecureChannelListenerOptions.trusting(peer -> true).withAuthorities(authority));
        AccessControl members = AccessControl.attributes(authority, Rule.parse("role=member"));
        Worker echoer = node.start(
                Address.of("echoer"),
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    message.reply(message.body());
                    return Behaviors.same();
                }),
                WorkerOptions.defaults().withIncoming(members).withOpenTo(listener));
        // #serve
        assertThat(echoer.address()).isEqualTo(Address.of("echoer"));
    }

    private CompletionStage<String> ticket(AuthorityClient client, Identity project, String role) {
        Identity authority = this.authority.identity();
        // #ticket
        Attributes attributes = Attributes.ofTexts(Map.of("role", role));
        CompletionStage<String> ticket = client.issueToken(attributes, Duration.ofHours(1), 1)
                .thenApply(code -> new Ticket(
                        "/service/garden",
                        project.identifier(),
                        "garden",
                        code,
                        project.changeHistory(),
                        authority.changeHistory(),
                        "/service/api"))
                .thenApply(Ticket::plain);
        // #ticket
        return ticket;
    }

    private CompletionStage<Enrollment> enroll(Identity identity, String text) {
        // #enroll
        Ticket ticket = Ticket.decode(text).orElseThrow();
        CompletionStage<Enrollment> enrollment = SecureChannel.create(
                        node,
                        ticket.routeToAuthority(),
                        identity,
                        SecureChannelOptions.trusting(TrustPolicy.identifier(ticket.authority())))
                .thenCompose(
                        channel -> AuthorityClient.create(channel, identity).enroll(ticket));
        // #enroll
        return enrollment;
    }

    private AuthorityClient client(Party party) {
        return AuthorityClient.create(kit.channel(node, "api", party, authority), party.identity());
    }

    private SecureChannel memberChannel(Party member, String role) {
        String ticket = kit.await(ticket(client(enroller), project.identity(), role));
        return presenting(member, kit.await(enroll(member.identity(), ticket)).credential());
    }

    private SecureChannel presenting(Party member, CredentialAndPurposeKey credential) {
        return kit.await(SecureChannel.create(
                node,
                Route.parse("garden"),
                member.identity(),
                project.channelOptions().withCredential(credential)));
    }

    @Test
    void aMemberIsAnswered() { // authority, section 10, items 1 and 33
        SecureChannel channel = memberChannel(kit.party(), "member");

        assertThat(answer(channel, "echoer")).isEqualTo("Hello");
    }

    private String answer(SecureChannel channel, String worker) {
        return kit.await(node.ask(channel.route(worker), Codec.string(), "Hello"))
                .body();
    }

    @Test
    void aCredentialCountsAlsoWhenItsSubjectIsNoMemberAnyMore() { // authority, section 10, item 26
        Party member = kit.party();
        AuthorityClient enroller = client(this.enroller);
        kit.await(enroller.addMember(member.identifier(), Attributes.ofTexts(Map.of("role", "member"))));
        CredentialAndPurposeKey credential = kit.await(client(member).credential());
        kit.await(enroller.removeMember(member.identifier()));
        assertThat(awaitFailureOf(client(member).credential()))
                .as("it is no member any more")
                .isInstanceOfSatisfying(
                        AuthorityException.class,
                        refused -> assertThat(refused.status()).isEqualTo(403));

        assertThat(answer(presenting(member, credential), "echoer")).isEqualTo("Hello");
    }

    @Test
    void whatTwoAuthoritiesSayAtTwoListenersIsKept() { // authority, section 10, item 27
        Party member = kit.party();
        Party other = Party.create(kit.system());
        kit.await(project.identity().identities().importHistory(other.identity().export()));
        SecureChannelListener orchard = SecureChannelListener.create(
                node,
                Address.of("orchard"),
                project.identity(),
                SecureChannelListenerOptions.trusting(peer -> true).withAuthorities(other.identifier()));
        node.start(
                Address.of("pickers"),
                Codec.string(),
                Behaviors.receiveMessage(message -> {
                    message.reply(message.body());
                    return Behaviors.same();
                }),
                WorkerOptions.defaults()
                        .withIncoming(AccessControl.attributes(other.identifier(), Rule.parse("role=picker")))
                        .withOpenTo(orchard));
        SecureChannel toGarden = memberChannel(member, "member");
        CredentialAndPurposeKey picker = kit.await(other.identity()
                .identities()
                .issueCredential(
                        other.identity(),
                        CredentialOptions.of(
                                member.identifier(),
                                Attributes.ofTexts(Map.of("role", "picker")),
                                Duration.ofMinutes(10))));
        SecureChannel toOrchard = kit.await(SecureChannel.create(
                node,
                Route.parse("orchard"),
                member.identity(),
                project.channelOptions().withCredential(picker)));

        assertThat(answer(toOrchard, "pickers")).isEqualTo("Hello");
        assertThat(answer(toGarden, "echoer")).isEqualTo("Hello");
    }

    @Test
    void oneWithAnotherRoleIsNotAndTheLogSaysWhy() { // authority, section 10, item 33
        Party guest = kit.party();
        SecureChannel channel = memberChannel(guest, "guest");

        LoggingTestKit.warn(
                        "by what " + authority.identifier() + " says of " + guest.identifier() + ", it does not hold")
                .expect(kit.system(), () -> send(channel));
        kit.expectDropped(node, RoutingDropReason.INCOMING_DENIED, 1);
    }

    @Test
    void oneWhoseCredentialLacksTheAttributeIsNotAndTheLogNamesIt() { // authority, section 10, item 33
        Party guest = kit.party();
        kit.await(client(enroller).addMember(guest.identifier(), Attributes.ofTexts(Map.of("name", "guest"))));
        SecureChannel channel = presenting(guest, kit.await(client(guest).credential()));

        LoggingTestKit.warn("by what " + authority.identifier() + " says of " + guest.identifier()
                        + ", subject.role is missing")
                .expect(kit.system(), () -> send(channel));
        kit.expectDropped(node, RoutingDropReason.INCOMING_DENIED, 1);
    }

    @Test
    void oneWithoutACredentialIsNotAndTheLogNamesIt() { // authority, section 10, item 33
        Party nobody = kit.party();
        SecureChannel channel = kit.channel(node, "garden", nobody, project);

        LoggingTestKit.warn("no authority that counts says anything of " + nobody.identifier()
                        + ", and subject.role is missing")
                .expect(kit.system(), () -> send(channel));
        kit.expectDropped(node, RoutingDropReason.INCOMING_DENIED, 1);
    }

    private SendResult send(SecureChannel channel) {
        return node.mailbox("sender").send(channel.route("echoer"), Codec.string(), "Hello");
    }

    @Test
    void aHistoryThatDoesNotVerifyIsRefusedBeforeTheCodeIsUsed() { // authority, section 10, item 44
        String ticket = kit.await(ticket(client(enroller), project.identity(), "member"));
        String history = Hex.of(project.identity().export());
        String altered = history.substring(0, history.length() - 2) + (history.endsWith("00") ? "01" : "00");
        Party alice = kit.party();

        assertThat(Stages.awaitFailureOf(enroll(alice.identity(), ticket.replace(history, altered))))
                .hasRootCauseInstanceOf(IdentityException.class);
        assertThat(kit.await(enroll(alice.identity(), ticket)).isNew()).isTrue();
    }

    @Test
    void aTicketDoesNothingForAMember() { // authority, section 10, item 4
        Party alice = kit.party();
        kit.await(enroll(alice.identity(), kit.await(ticket(client(enroller), project.identity(), "guest"))));
        String ticket = kit.await(ticket(client(enroller), project.identity(), "member"));

        Enrollment second = kit.await(enroll(alice.identity(), ticket));

        assertThat(second.isNew()).isFalse();
        assertThat(second.credential().credential().content().attributes().text("role"))
                .contains("guest");
        assertThat(kit.await(enroll(kit.party().identity(), ticket)).isNew()).isTrue();
    }

    @Test
    void aTicketIsForItsAuthorityOnly() {
        Party other = kit.party();
        AuthorityClient client = AuthorityClient.create(kit.channel(node, "garden", other, project), other.identity());
        String ticket = kit.await(ticket(client(enroller), project.identity(), "member"));

        assertThat(Stages.awaitFailureOf(client.enroll(Ticket.decode(ticket).orElseThrow())))
                .hasMessageStartingWith("OTHER_AUTHORITY: the ticket is of " + authority.identifier());
    }
}
