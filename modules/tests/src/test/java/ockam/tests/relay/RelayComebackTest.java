// SPDX-License-Identifier: Apache-2.0

package ockam.tests.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.examples.Echoer;
import ockam.node.Connection;
import ockam.node.Mailbox;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.relay.RelayInfo;
import ockam.relay.RelayService;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.relay.RemoteRelayState;
import ockam.tcp.ReconnectingConnection;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose relay is lost again and again, while others send to it. */
class RelayComebackTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create("""
            akka.actor.testkit.typed.single-expect-default = 30s
            ockam { node.stop-timeout = 2s, connection.close-timeout = 1s, tcp.reconnect { min-delay = 20ms, max-delay = 200ms } }""");

    private static final boolean LONG = Boolean.getBoolean("ockam.long");
    private static final int TIMES = LONG ? 1_000 : 100;
    private static final int TIMES_BY_NAME = LONG ? 1_000 : 20;
    private static final int FEW = 5;
    private static final int UNDER_WAY = 20;
    private static final String ANYWHERE = "127.0.0.1:0";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final OckamTestKit kit;
    private final Node server;
    private final Node client;
    private final TcpTransport servers;
    private final TcpTransport clients;
    private final Worker echoer;
    private final Mailbox sender;
    private volatile Cloud cloud;
    private @Nullable ReconnectingConnection name;

    /** A node with a relay service. */
    private record Cloud(Node node, RelayService service, TcpListener listener) {
        static Cloud start(OckamTestKit kit, String at) {
            Node node = kit.node("cloud");
            RelayService service = RelayService.create(node);
            TcpListener listener = kit.await(TcpTransport.create(node)
                    .listen(at, TcpListenerOptions.defaults().withConsumer(service::staticAddress)));
            return new Cloud(node, service, listener);
        }
    }

    RelayComebackTest(OckamTestKit kit) {
        this.kit = kit;
        this.server = kit.node("server");
        this.client = kit.node("client");
        this.servers = TcpTransport.create(server);
        this.clients = TcpTransport.create(client);
        this.echoer = server.start(Address.of("echoer"), Codec.string(), Echoer.create());
        this.sender = client.mailbox("sender");
        this.cloud = Cloud.start(kit, ANYWHERE);
    }

    private CompletionStage<Connection> connect() {
        return servers.connect(cloud.listener().hostAndPort()).thenApply(connection -> {
            server.allow(echoer).from(connection);
            return connection;
        });
    }

    private Route toEchoer(Connection connection) {
        return connection.route(Route.of("forward_to_server", "echoer"));
    }

    private Connection fromClient() {
        return kit.await(clients.connect(cloud.listener().hostAndPort()));
    }

    /** Answered, whether or not what was sent before was lost. */
    private void isReached(Connection connection) {
        Routed<String> answer = kit.await(client.ask(toEchoer(connection), Codec.string(), "Hello", PATIENCE));
        assertThat(answer.body()).isEqualTo("Hello");
    }

    private void comesBack(String after, int times, boolean ofAnotherNode, RelayWay way, Runnable lose) {
        RemoteRelay relay = RemoteRelay.create(server, way, RemoteRelayOptions.named("server"));
        kit.await(relay.whenRegistered());
        isReached(fromClient());
        int addresses = server.addressCount();
        Connection connection = clients.connections().get(0);
        List<Long> micros = new ArrayList<>();

        for (int i = 0; i < times; i++) {
            for (int sent = 0; sent < UNDER_WAY; sent++) {
                sender.send(toEchoer(connection), Codec.string(), "lost or not");
            }
            Route before = cloud.service().relays().get(0).route();
            lose.run();
            long begin = System.nanoTime();
            kit.eventually(() -> assertThat(relay.state()).isInstanceOf(RemoteRelayState.Registered.class));
            kit.eventually(() -> assertThat(cloud.service().relays())
                    .singleElement()
                    .matches(found -> !found.isGone() && !found.route().equals(before)));
            micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
            if (ofAnotherNode) {
                connection = fromClient();
            }
            isReached(connection);
            kit.eventually(() -> assertThat(server.addressCount()).isEqualTo(addresses));
            kit.eventually(() -> assertThat(servers.connections()).hasSize(1));
        }

        report(after, micros);
        kit.await(relay.stop());
        if (name != null) {
            kit.await(name.stop());
        }
        kit.eventually(() -> assertThat(servers.connections()).isEmpty());
        kit.eventually(() -> assertThat(cloud.service().relays()).allMatch(RelayInfo::isGone));
    }

    private static void report(String after, List<Long> micros) {
        if (LONG) {
            Collections.sort(micros);
            System.out.printf(
                    "[relay] back after %s, %d times: median %d us, p99 %d us, longest %d us%n",
                    after,
                    micros.size(),
                    micros.get(micros.size() / 2),
                    micros.get(micros.size() * 99 / 100),
                    micros.get(micros.size() - 1));
        }
    }

    private void cut() {
        cloud.listener().connections().stream()
                .filter(connection -> cloud.service().relays().stream()
                        .anyMatch(held -> held.route().next().equals(connection.address())))
                .forEach(connection -> kit.await(connection.disconnect()));
    }

    private void restart(String at) {
        kit.await(cloud.node().stop());
        kit.eventually(() -> assertThat(cloud.node().messagesUnderWay()).isZero());
        cloud = Cloud.start(kit, at);
    }

    @Test
    void comesBackWhenItsConnectionIsCut() {
        comesBack("its connection was cut", TIMES, false, RelayWay.over(this::connect), this::cut);
    }

    @Test
    void comesBackWhenTheNodeOfItsRelayIsRestarted() {
        comesBack(
                "the node of its relay was restarted",
                TIMES,
                true,
                RelayWay.over(this::connect),
                () -> restart(ANYWHERE));
    }

    // ---- by a connection that is made anew under its old address ----

    private RelayWay byName() {
        name = servers.reconnecting(Address.random(), cloud.listener().hostAndPort());
        server.allow(echoer).from(name);
        return RelayWay.fixed(Route.of(name.address()));
    }

    @Test
    void comesBackWhenItsReconnectingConnectionIsCut() {
        comesBack("its reconnecting connection was cut", TIMES_BY_NAME, false, byName(), this::cut);
    }

    @Test
    void comesBackByItsReconnectingConnectionWhenTheNodeOfItsRelayIsRestarted() {
        String at = cloud.listener().hostAndPort();
        comesBack(
                "the node of its relay was restarted, by a reconnecting connection",
                TIMES_BY_NAME,
                true,
                byName(),
                () -> restart(at));
    }

    /** The service's end of the channel can send again when this end has sent something. */
    @Test
    void registersAgainThroughAChannelWhoseConnectionWasCut() {
        Party me = kit.party();
        Party relays = kit.party();
        SecureChannelListener api = kit.listen(cloud.node(), "api", relays, me);
        cloud.node().allow(api).from(cloud.listener());
        cloud.node().allow(cloud.service().staticAddress()).from(api);
        name = servers.reconnecting(Address.random(), cloud.listener().hostAndPort());
        SecureChannel channel = kit.channel(server, name.route("api"), me, relays);
        server.allow(echoer).from(channel);
        RemoteRelay relay = RemoteRelay.create(
                server, RelayWay.fixed(Route.of(channel.address())), RemoteRelayOptions.named("server"));
        kit.await(relay.whenRegistered());
        SecureChannel accepted =
                SecureChannels.get(kit.system()).list(cloud.node()).get(0);
        Connection client = fromClient();
        isReached(client);

        for (int i = 0; i < FEW; i++) {
            Connection before = accepted.connection().orElseThrow();
            kit.await(before.disconnect());
            kit.eventually(() -> assertThat(accepted.connection())
                    .hasValueSatisfying(now -> assertThat(now).isNotSameAs(before)));
            isReached(client);
        }
        assertThat(channel.isOpen()).isTrue();
    }
}
