// SPDX-License-Identifier: Apache-2.0

package ockam.tests.relay;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.examples.Echoer;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.relay.RelayDropReason;
import ockam.relay.RelayPolicy;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.routing.Peer;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server that nobody can connect to, a client, and a node in the cloud to which both connect. */
@ExtendWith(ActorTestKitExtension.class)
class ChannelOverRelayTest {
    private static final Address API = Address.of("api");
    private static final Address STATIC = Address.of("static_forwarding_service");

    private final ActorTestKit testKit;
    private final Ockam ockam;
    private final Node cloud;
    private final Node server;
    private final Node client;
    private final TcpListener listener;

    ChannelOverRelayTest(ActorTestKit testKit) {
        this.testKit = testKit;
        this.ockam = Ockam.get(testKit.system());
        this.cloud = ockam.createNode("cloud");
        this.server = ockam.createNode("server");
        this.client = ockam.createNode("client");
        this.listener = await(TcpTransport.create(cloud)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(() -> API)));
    }

    @AfterEach
    void leavesNothing() {
        for (Node node : List.of(client, server, cloud)) {
            await(node.stop());
            eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            assertThat(node.addressCount()).isZero();
        }
    }

    private void eventually(Runnable check) {
        testKit.createTestProbe().awaitAssert(() -> {
            check.run();
            return check;
        });
    }

    private Identity identity() {
        return await(Identities.create(
                        SoftwareVault.create(ockam.cryptoExecutor()),
                        InMemoryIdentityRepository.create(),
                        Clock.systemUTC())
                .create());
    }

    private SecureChannelListener accept(Node node, Identity identity) {
        return SecureChannelListener.create(
                node, API, identity, SecureChannelListenerOptions.trusting(TrustPolicy.acceptAnyPeerInsecure()));
    }

    private SecureChannel open(Node node, Route route, Identity identity, Identity peer) {
        return await(SecureChannel.create(
                node, route, identity, SecureChannelOptions.trusting(TrustPolicy.identifier(peer.identifier()))));
    }

    private Connection connect(Node node) {
        return await(TcpTransport.create(node).connect(listener.hostAndPort()));
    }

    @Test
    void channelFromClientToServerGoesThroughTheRelay() {
        RelayService.create(cloud, RelayServiceOptions.defaults().withOpenTo(listener));
        Identity servers = identity();
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
        await(relay.whenRegistered());

        SecureChannel channel =
                open(client, connect(client).route(Route.of("forward_to_server", "api")), identity(), servers);

        assertThat(await(client.ask(channel.route("echoer"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        assertThat(channel.peer().identifier()).isEqualTo(servers.identifier());
        await(channel.close());
    }

    @Test
    void channelInAChannelGoesThroughTheRelay() {
        Identity clouds = identity();
        SecureChannelListener atCloud = accept(cloud, clouds);
        RelayService.create(
                cloud,
                RelayServiceOptions.defaults()
                        .withPolicy(RelayPolicy.identitiesOnly())
                        .withOpenTo(atCloud));
        Identity servers = identity();
        Worker echoer = server.start(Address.of("echoer"), Codec.string(), Echoer.create());
        SecureChannelListener api = accept(server, servers);
        server.allow(echoer).from(api);
        SecureChannel toCloud = open(server, connect(server).route(Route.of(API)), servers, clouds);
        server.allow(api).from(toCloud);
        RemoteRelay relay = RemoteRelay.create(
                server, RelayWay.fixed(Route.of(toCloud.address())), RemoteRelayOptions.named("server"));
        await(relay.whenRegistered());

        Identity clients = identity();
        SecureChannel outer = open(client, connect(client).route(Route.of(API)), clients, clouds);
        SecureChannel inner = open(client, outer.route("forward_to_server").append(API), clients, servers);

        assertThat(await(client.ask(inner.route("echoer"), Codec.string(), "Hello"))
                        .body())
                .isEqualTo("Hello");
        await(inner.close());
        await(outer.close());
    }

    @Test
    void ownerKeepsItsNameThroughAHundredRegistrations() {
        Identity clouds = identity();
        SecureChannelListener atCloud = accept(cloud, clouds);
        RelayService service = RelayService.create(
                cloud, RelayServiceOptions.defaults().withOpenTo(atCloud).withOpenTo(listener));
        Identity owner = identity();
        Optional<Peer> asOwner = Optional.of(new Peer(owner.identifier()));
        SecureChannel owners = open(server, connect(server).route(Route.of(API)), owner, clouds);
        Connection strangers = connect(client);
        SecureChannel mallorys = open(client, strangers.route(Route.of(API)), identity(), clouds);
        Mailbox box = server.mailbox("box");
        server.allow(box).from(owners);
        Mailbox refused = client.mailbox("box");
        box.send(owners.route(Route.of(STATIC)), Codec.string(), "a");
        assertThat(await(box.receive(Codec.string())).body()).isEqualTo("forward_to_a");

        for (int i = 1; i <= 50; i++) {
            Route stranger = i % 2 == 0 ? strangers.route(Route.of(STATIC)) : mallorys.route(Route.of(STATIC));
            refused.send(stranger, Codec.string(), "a");
            int times = i;
            eventually(() -> assertThat(cloud.dropped(RelayDropReason.REGISTRATION_REFUSED))
                    .isEqualTo(times));
            box.send(owners.route(Route.of(STATIC)), Codec.string(), "a");
            assertThat(await(box.receive(Codec.string())).body()).isEqualTo("forward_to_a");
            assertThat(service.relays())
                    .singleElement()
                    .satisfies(relay -> assertThat(relay.peer()).isEqualTo(asOwner));
        }

        await(owners.close());
        eventually(() -> assertThat(service.relays()).singleElement().matches(relay -> relay.isGone()));
        refused.send(mallorys.route(Route.of(STATIC)), Codec.string(), "a");
        eventually(() ->
                assertThat(cloud.dropped(RelayDropReason.REGISTRATION_REFUSED)).isEqualTo(51));
        SecureChannel again = open(server, connect(server).route(Route.of(API)), owner, clouds);
        server.allow(box).from(again);
        box.send(again.route(Route.of(STATIC)), Codec.string(), "a");
        assertThat(await(box.receive(Codec.string())).body()).isEqualTo("forward_to_a");
        CompletableFuture.allOf(
                        again.close().toCompletableFuture(), mallorys.close().toCompletableFuture())
                .join();
    }
}
