// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.channel.SecureChannels;
import ockam.identity.TrustPolicy;
import ockam.node.Hop;
import ockam.node.Node;
import ockam.node.Routed;
import ockam.node.Worker;
import ockam.relay.RelayService;
import ockam.relay.RelayServiceOptions;
import ockam.relay.RelayWay;
import ockam.relay.RemoteRelay;
import ockam.relay.RemoteRelayOptions;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.vault.KeyCounts;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.Route;

/** A node of this library with the same workers as a {@link RustNode}. */
final class JavaNode {
    /** What it holds; nothing of its channels may be left in the end. */
    record Footprint(int addresses, int channels, int connections, int messagesUnderWay, KeyCounts keys) {}

    /**
     * How many messages are under way at the same time, at most. More of them, each way, block hops in Rust: there, a worker with eight
     * messages in its queue lets others wait, which wait for each other if they send both ways (routing, section 7.2).
     */
    static final int OUTSTANDING = 16;

    private final Node node;
    private final TcpTransport tcp;
    private final Party party;
    private final AtomicInteger reached = new AtomicInteger();
    private final Worker echo;
    private final SecureChannelListener api;
    private final TcpListener listener;
    private volatile TrustPolicy trusted = TrustPolicy.anyOf();

    JavaNode(OckamTestKit kit, String name) {
        node = kit.node(name);
        tcp = TcpTransport.create(node);
        party = kit.party();
        await(party.identity()
                .identities()
                .secureChannelKey(party.identity())); // else the first channel would leave it behind
        echo = node.start(Address.of("echo"), Codec.bytes(), echo(new AtomicInteger()));
        node.start(Address.of("closed"), Codec.bytes(), echo(reached));
        api = accept("api", peer -> trusted.trusts(peer));
        SecureChannelListener strict = accept("strict", TrustPolicy.anyOf());
        TcpListenerOptions open =
                TcpListenerOptions.defaults().withConsumer(api).withConsumer(strict);
        node.allow(api).from(api);
        node.allow(strict).from(api);
        for (String hop : new String[] {"h1", "h2", "h3"}) {
            open = open.withConsumer(node.start(Address.of(hop), Hop.create()));
        }
        listener = await(tcp.listen("127.0.0.1:0", open));
    }

    private static Behavior<Routed<ByteString>> echo(AtomicInteger count) {
        return Behaviors.receiveMessage(message -> {
            count.incrementAndGet();
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    /** With room for one handshake that is not finished: one that never will be gives way to the next. */
    private SecureChannelListener accept(String address, TrustPolicy policy) {
        return SecureChannelListener.create(
                node,
                Address.of(address),
                party.identity(),
                SecureChannelListenerOptions.trusting(policy)
                        .withMaxHalfOpen(1)
                        .withSetup(channel -> node.allow(echo).from(channel)));
    }

    Node node() {
        return node;
    }

    TcpTransport tcp() {
        return tcp;
    }

    Identifier identifier() {
        return party.identifier();
    }

    /** Where it listens. */
    String port() {
        return listener.hostAndPort();
    }

    /** Lets {@code api} accept channels from this peer, and from no other. */
    void trust(Identifier peer) {
        trusted = TrustPolicy.identifier(peer);
    }

    /** Starts a hop that can be reached by TCP, and loses so many of the next messages. */
    void startLossyHop(Address address, AtomicInteger toLose) {
        node.allow(node.start(address, Behaviors.<Routed<Any>>receiveMessage(message -> {
                    if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        message.discard();
                    } else {
                        message.forward();
                    }
                    return Behaviors.same();
                })))
                .from(listener);
    }

    Route connect(String to) {
        return Route.of(await(tcp.connect(to)).address());
    }

    void serveRelays() {
        RelayService.create(node, RelayServiceOptions.defaults().withOpenTo(listener));
    }

    /** Registers at the relay service at the other side of a connection, over which channels are then accepted, too. */
    RemoteRelay register(Route connection, RemoteRelayOptions options) {
        node.allow(api).from(node.findConnection(connection).orElseThrow());
        return RemoteRelay.create(node, RelayWay.fixed(connection), options);
    }

    CompletionStage<SecureChannel> open(Route along, Identifier peer) {
        return SecureChannel.create(
                node,
                along,
                party.identity(),
                SecureChannelOptions.trusting(TrustPolicy.identifier(peer))
                        .withSetup(channel -> node.allow(echo).from(channel)));
    }

    /** Sends so many messages of these sizes, in turn, to an echo worker, and compares what comes back. */
    void echoes(Route along, int count, int... sizes) {
        int answers = await(Source.range(0, count - 1)
                .mapAsync(OUTSTANDING, number -> {
                    ByteString sent = bytes(number, sizes[number % sizes.length]);
                    return node.ask(along, Codec.bytes(), sent, Patience.TIME).thenApply(answer -> {
                        assertThat(answer.body().equals(sent))
                                .as("answer %s", number)
                                .isTrue();
                        return 1;
                    });
                })
                .runWith(Sink.fold(0, Integer::sum), node.system()));
        assertThat(answers).isEqualTo(count);
    }

    static ByteString bytes(int number, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + number);
        }
        return ByteString.fromArrayUnsafe(bytes);
    }

    /** How many messages came where none may. */
    int reached() {
        return reached.get();
    }

    List<SecureChannel> channels() {
        return SecureChannels.get(node.system()).list(node);
    }

    Footprint footprint() {
        return new Footprint(
                node.addressCount(),
                channels().size(),
                tcp.connections().size(),
                node.messagesUnderWay(),
                party.keys());
    }
}
