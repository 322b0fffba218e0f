// SPDX-License-Identifier: Apache-2.0

package ockam.tests.relay;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.CredentialOptions;
import ockam.identity.TrustPolicy;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.routing.AccessControl;
import ockam.routing.RoutingDropReason;
import ockam.routing.rule.Rule;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.MemoryTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who may use relays, and who may be reached by them, by what an authority says; all come to the relay's node by channels. */
@ExtendWith(ActorTestKitExtension.class)
class GuardedRelayTest {
    private static final Address API = Address.of("api");
    private static final Route STATIC = Route.of("static_forwarding_service");

    private final OckamTestKit kit;
    private final Node cloud;
    private final Party clouds;
    private final Party authority;
    private final AccessControl members;

    GuardedRelayTest(OckamTestKit kit) {
        this.kit = kit;
        cloud = kit.node("cloud");
        clouds = kit.party();
        authority = Party.create(kit.system()); // its key for credentials stays, which the kit does not expect
        members = AccessControl.attributes(authority.identifier(), Rule.parse("role=member"));
    }

    /** A node with a channel to the relay's node, and what lives there. */
    private record Guest(SecureChannel channel, Mailbox mailbox, TestProbe<Routed<String>> app) {
        void send(String relay, String text) {
            mailbox.send(channel.route(Route.of(relay, "app")), Codec.string(), text);
        }

        void register(String name) {
            mailbox.send(channel.route(STATIC), Codec.string(), name);
        }
    }

    private void serve(UnaryOperator<RelayServiceOptions> guarded) {
        kit.await(clouds.identity()
                .identities()
                .importHistory(authority.identity().export()));
        SecureChannelListener listener = SecureChannelListener.create(
                cloud,
                API,
                clouds.identity(),
                SecureChannelListenerOptions.trusting(TrustPolicy.acceptAnyPeerInsecure())
                        .withAuthorities(authority.identifier()));
        RelayService.create(cloud, guarded.apply(RelayServiceOptions.defaults().withOpenTo(listener)));
    }

    private Guest guest(String name, String role) {
        Node node = kit.node(name);
        Party party = kit.party();
        MemoryTransport.Link link = MemoryTransport.create().connect(node, cloud);
        cloud.allow(API).from(link.second());
        SecureChannel channel = kit.await(authority
                .identity()
                .identities()
                .issueCredential(
                        authority.identity(),
                        CredentialOptions.of(
                                party.identifier(), Attributes.ofTexts(Map.of("role", role)), Duration.ofHours(1)))
                .thenCompose(credential -> SecureChannel.create(
                        node,
                        link.first().route(Route.of(API)),
                        party.identity(),
                        clouds.channelOptions().withCredential(credential))));
        Mailbox mailbox = node.mailbox("box");
        TestProbe<Routed<String>> app = kit.probe(node, "app", Codec.string());
        node.allow(mailbox).from(channel);
        node.allow(Address.of("app")).from(channel);
        return new Guest(channel, mailbox, app);
    }

    private void isConfirmed(Guest guest, String name) {
        guest.register(name);
        assertThat(kit.await(guest.mailbox().receive(Codec.string())).body()).isEqualTo("forward_to_" + name);
    }

    @Test
    void onlyWhatMembersSendGoesThroughARelay() {
        serve(options -> options.withRelayIncoming(members));
        Guest server = guest("server", "guest"); // who may register is up to the policy
        Guest member = guest("member", "member");
        Guest other = guest("other", "guest");
        isConfirmed(server, "server");

        other.send("forward_to_server", "of another");
        kit.expectDropped(cloud, RoutingDropReason.INCOMING_DENIED, 1);
        member.send("forward_to_server", "of a member");

        assertThat(server.app().receiveMessage().body()).isEqualTo("of a member");
        server.app().expectNoMessage(Duration.ZERO);
    }

    @Test
    void aRelayLeadsOnlyToMembers() {
        serve(options -> options.withRelayOutgoing(members));
        Guest member = guest("member", "member");
        Guest other = guest("other", "guest");
        Guest client = guest("client", "guest"); // may send
        isConfirmed(member, "member");
        other.register("other");
        kit.expectDropped(cloud, RoutingDropReason.OUTGOING_DENIED, 1);

        client.send("forward_to_other", "to another");
        kit.expectDropped(cloud, RoutingDropReason.OUTGOING_DENIED, 2);
        client.send("forward_to_member", "to a member");

        assertThat(member.app().receiveMessage().body()).isEqualTo("to a member");
        other.app().expectNoMessage(Duration.ZERO);
    }
}
