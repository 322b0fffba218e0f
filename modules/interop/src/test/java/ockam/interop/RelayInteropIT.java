// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.stream.Stream;
import ockam.channel.SecureChannel;
import ockam.fixtures.SystemKit;
import ockam.interop.Scene.Side;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that registers at a relay service, and a client that opens a channel to it by the relay: each of the three in Java or in Rust. */
class RelayInteropIT {
    @RegisterExtension
    static final SystemKit KIT = new SystemKit();

    @RegisterExtension
    static final RustNodes RUST = new RustNodes();

    private static final Identifier NOBODY = Identifier.parse("I" + "0a".repeat(32));

    private static int nodesMade;

    private final OckamTestKit kit = OckamTestKit.create(KIT.testKit());

    @AfterEach
    void leavesNothing() {
        kit.close();
    }

    static Stream<Arguments> sides() {
        return Stream.of(Side.values())
                .flatMap(service -> Stream.of(Side.values())
                        .flatMap(server ->
                                Stream.of(Side.values()).map(client -> Arguments.of(service, server, client))));
    }

    private JavaNode java() {
        return new JavaNode(kit, "relays-" + ++nodesMade);
    }

    /** Starts a node with a relay service, and returns where it listens. */
    private String serve(Side side) {
        switch (side) {
            case JAVA -> {
                JavaNode node = java();
                node.serveRelays();
                return node.port();
            }
            case RUST -> {
                RustNode node = RUST.start(NOBODY);
                node.serveRelays();
                return node.port();
            }
        }
        throw new AssertionError(side);
    }

    /** A node that opens channels. */
    private record Client(Optional<JavaNode> java, Optional<RustNode> rust) {
        Identifier identifier() {
            return java.map(JavaNode::identifier)
                    .orElseGet(() -> rust.orElseThrow().identifier());
        }

        /** Messages go through a channel along this route, and come back. */
        void reaches(String relay, Route beyond, Identifier server) {
            java.ifPresent(node -> {
                SecureChannel channel = await(node.open(node.connect(relay).append(beyond), server));
                node.echoes(channel.route("echo"), 100, 33, 5_000);
                await(channel.close());
            });
            rust.ifPresent(node -> {
                Address channel = node.open(node.connect(relay).append(beyond), server);
                node.echoes(Route.of(channel, Address.of("echo")), 100, 33, 5_000);
                node.close(channel);
            });
        }
    }

    private Client client(Side side) {
        return side == Side.JAVA
                ? new Client(Optional.of(java()), Optional.empty())
                : new Client(Optional.empty(), Optional.of(RUST.start(NOBODY)));
    }

    @ParameterizedTest
    @MethodSource("sides")
    void channelGoesThroughARelayWithAName(Side service, Side serverSide, Side clientSide) {
        String relay = serve(service);
        Client client = client(clientSide);
        Identifier server;
        if (serverSide == Side.JAVA) {
            JavaNode node = java();
            node.trust(client.identifier());
            RemoteRelay registered = node.register(node.connect(relay), RemoteRelayOptions.named("server"));
            assertThat(await(registered.whenRegistered()).address()).isEqualTo(Address.of("forward_to_server"));
            server = node.identifier();
        } else {
            RustNode node = RUST.start(client.identifier());
            assertThat(node.register(node.connect(relay), Optional.of("server")))
                    .isEqualTo(Address.of("forward_to_server"));
            server = node.identifier();
        }

        client.reaches(relay, Route.of("forward_to_server", "api"), server);
    }

    @ParameterizedTest
    @EnumSource
    void relaysWithoutANameDiffer(Side service) {
        String relay = serve(service);
        JavaNode java = java();
        Address one = await(java.register(java.connect(relay), RemoteRelayOptions.ephemeral())
                        .whenRegistered())
                .address();
        RustNode rust = RUST.start(java.identifier());
        Address other = rust.register(rust.connect(relay), Optional.empty());

        assertThat(one.value().utf8String()).startsWith("forward_to_");
        assertThat(other.value().utf8String()).startsWith("forward_to_");
        assertThat(one).isNotEqualTo(other);
        new Client(Optional.of(java), Optional.empty()).reaches(relay, Route.of(other, Scene.API), rust.identifier());
        java.trust(rust.identifier());
        new Client(Optional.empty(), Optional.of(rust)).reaches(relay, Route.of(one, Scene.API), java.identifier());
    }
}
