// SPDX-License-Identifier: Apache-2.0

package ockam.tests.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.examples.Echoer;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.relay.RelayDropReason;
import ockam.relay.RelayPolicy;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that nobody can connect to, a client, and a node in the cloud to which both connect. */
@ExtendWith(ActorTestKitExtension.class)
class ChannelOverRelayTest {
    private static final Address API = Address.of("api");
    private static final Address STATIC = Address.of("static_forwarding_service");

    private final OckamTestKit kit;
    private final Node cloud;
    private final Node server;
    private final Node client;
    private final TcpListener listener;

    ChannelOverRelayTest(OckamTestKit kit) {
        this.kit = kit;
        this.cloud = kit.node("cloud");
        this.server = kit.node("server");
        this.client = kit.node("client");
        this.listener = kit.await(TcpTransport.create(cloud)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(() -> API)));
    }

    private SecureChannelListener accept(Node node, Party party) {
        return SecureChannelListener.create(
                node,
                API,
                party.identity(),
                SecureChannelListenerOptions.trusting(TrustPolicy.acceptAnyPeerInsecure()));
    }

    private Connection connect(Node node) {
        return kit.await(TcpTransport.create(node).connect(listener.hostAndPort()));
    }

    /** Registers the server at the cloud, with a channel listener and an echoer. */
    private void serve(Party servers) {
        RelayService.create(cloud, RelayServiceOptions.defaults().withOpenTo(listener));
        Worker echoer = server.start(Address.of("echoer"), Codec.string(), Echoer.create());
        SecureChannelListener api = accept(server, servers);
        server.allow(echoer).from(api);
        TcpTransport tcp = TcpTransport.create(server);
        RemoteRelay relay = RemoteRelay.create(
                server,
                RelayWay.over(() -> tcp.connect(listener.hostAndPort()).thenApply(connection -> {
                    server.allow(api).from(connection);
                    return connection;
                })),
                RemoteRelayOptions.named("server"));
        kit.await(relay.whenRegistered());
    }

    @Test
    void channelFromClientToServerGoesThroughTheRelay() {
        Party servers = kit.party();
        serve(servers);

        SecureChannel channel =
                kit.channel(client, connect(client).route(Route.of("forward_to_server", "api")), kit.party(), servers);

        assertThat(kit.await(client.ask(channel.route("echoer"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        assertThat(channel.peer().identifier()).isEqualTo(servers.identifier());
        kit.await(channel.close());
    }

    @Test
    void channelFromTheRelaysNodeToServerGoesThroughTheRelay() {
        Party servers = kit.party();
        serve(servers);

        SecureChannel channel = kit.channel(cloud, Route.of("forward_to_server", "api"), kit.party(), servers);

        assertThat(kit.await(cloud.ask(channel.route("echoer"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        kit.await(channel.close());
    }

    @Test
    void channelInAChannelGoesThroughTheRelay() {
        Party clouds = kit.party();
        SecureChannelListener atCloud = accept(cloud, clouds);
        RelayService.create(
                cloud,
                RelayServiceOptions.defaults()
                        .withPolicy(RelayPolicy.identitiesOnly())
                        .withOpenTo(atCloud));
        Party servers = kit.party();
        Worker echoer = server.start(Address.of("echoer"), Codec.string(), Echoer.create());
        SecureChannelListener api = accept(server, servers);
        server.allow(echoer).from(api);
        SecureChannel toCloud = kit.channel(server, connect(server).route(Route.of(API)), servers, clouds);
        server.allow(api).from(toCloud);
        RemoteRelay relay = RemoteRelay.create(
                server, RelayWay.fixed(Route.of(toCloud.address())), RemoteRelayOptions.named("server"));
        kit.await(relay.whenRegistered());

        Party clients = kit.party();
        SecureChannel outer = kit.channel(client, connect(client).route(Route.of(API)), clients, clouds);
        SecureChannel inner =
                kit.channel(client, outer.route("forward_to_server").append(API), clients, servers);

        assertThat(kit.await(client.ask(inner.route("echoer"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        kit.await(inner.close());
        kit.await(outer.close());
    }

    @Test
    void ownerKeepsItsNameThroughAHundredRegistrations() {
        Party clouds = kit.party();
        SecureChannelListener atCloud = accept(cloud, clouds);
        RelayService service = RelayService.create(
                cloud, RelayServiceOptions.defaults().withOpenTo(atCloud).withOpenTo(listener));
        Party owner = kit.party();
        Optional<Identifier> asOwner = Optional.of(owner.identifier());
        SecureChannel owners = kit.channel(server, connect(server).route(Route.of(API)), owner, clouds);
        Connection strangers = connect(client);
        SecureChannel mallorys = kit.channel(client, strangers.route(Route.of(API)), kit.party(), clouds);
        Mailbox box = server.mailbox("box");
        server.allow(box).from(owners);
        Mailbox refused = client.mailbox("box");
        box.send(owners.route(Route.of(STATIC)), Codec.string(), "a");
        assertThat(kit.await(box.receive(Codec.string())).body()).isEqualTo("forward_to_a");

        for (int i = 1; i <= 50; i++) {
            Route stranger = i % 2 == 0 ? strangers.route(Route.of(STATIC)) : mallorys.route(Route.of(STATIC));
            refused.send(stranger, Codec.string(), "a");
            kit.expectDropped(cloud, RelayDropReason.REGISTRATION_REFUSED, i);
            box.send(owners.route(Route.of(STATIC)), Codec.string(), "a");
            assertThat(kit.await(box.receive(Codec.string())).body()).isEqualTo("forward_to_a");
            assertThat(service.relays())
                    .singleElement()
                    .satisfies(relay -> assertThat(relay.holder()).isEqualTo(asOwner));
        }

        kit.await(owners.close());
        kit.eventually(() -> assertThat(service.relays()).singleElement().matches(relay -> relay.isGone()));
        refused.send(mallorys.route(Route.of(STATIC)), Codec.string(), "a");
        kit.expectDropped(cloud, RelayDropReason.REGISTRATION_REFUSED, 51);
        SecureChannel again = kit.channel(server, connect(server).route(Route.of(API)), owner, clouds);
        server.allow(box).from(again);
        box.send(again.route(Route.of(STATIC)), Codec.string(), "a");
        assertThat(kit.await(box.receive(Codec.string())).body()).isEqualTo("forward_to_a");
        kit.await(again.close());
        kit.await(mallorys.close());
    }
}
