// SPDX-License-Identifier: Apache-2.0

package ockam.interop;

import static ockam.interop.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import ockam.channel.SecureChannel;
import ockam.fixtures.SystemKit;
import ockam.node.Node;
import ockam.node.Relay;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.OckamTestKit;
import ockam.wire.Address;
import ockam.wire.Identifier;
import ockam.wire.Route;
import org.jspecify.annotations.Nullable;

/** A Java node and a Rust node, and a way from the one that opens channels to the other. */
final class Scene implements AutoCloseable {
    /** The two implementations. */
    enum Side {
        JAVA,
        RUST
    }

    /** How channels get to the other node. */
    enum Way {
        DIRECT,
        OVER_HOPS,
        RUST_RELAY,
        JAVA_RELAY,
        THREE_RELAYS,
        IN_A_CHANNEL,
        BESIDE_A_CHANNEL;

        /** The relays, the one before the other node first. */
        List<Side> relays() {
            return switch (this) {
                case RUST_RELAY -> List.of(Side.RUST);
                case JAVA_RELAY -> List.of(Side.JAVA);
                case THREE_RELAYS -> List.of(Side.RUST, Side.JAVA, Side.RUST);
                case DIRECT, OVER_HOPS, IN_A_CHANNEL, BESIDE_A_CHANNEL -> List.of();
            };
        }
    }

    /** Both ends of a channel: the one in Java, and the address of the encryptor in Rust. */
    record Channel(SecureChannel java, Address rust) {
        Route fromJava(String worker) {
            return java.route(worker);
        }

        Route fromRust(String worker) {
            return Route.of(rust, Address.of(worker));
        }
    }

    static final Address API = Address.of("api");
    /** Where a listener trusts nobody. */
    static final Address STRICT = Address.of("strict");

    private static final int KEY_INTERVAL = 32;
    static final Route HOPS = Route.of("h1", "h2", "h3");
    private static final Identifier NOBODY = Identifier.parse("I" + "0a".repeat(32));

    private static int nodesMade;

    private final OckamTestKit kit;
    private final RustNodes rusts;
    private final Side opener;
    private final Way way;
    private final JavaNode java;
    private final JavaNode.Footprint idle;
    private final List<Node> relays = new ArrayList<>();
    private RustNode rust;
    private Route door = Route.empty();
    private @Nullable Channel other;
    private JavaNode.Footprint ready;
    private RustNode.State rustReady;

    Scene(SystemKit kit, RustNodes rusts, Side opener, Way way) {
        this.kit = OckamTestKit.create(kit.testKit());
        this.rusts = rusts;
        this.opener = opener;
        this.way = way;
        this.java = new JavaNode(this.kit, "java-" + ++nodesMade);
        this.idle = java.footprint();
        this.ready = idle;
        this.rust = rusts.start(java.identifier());
        this.rustReady = rust.state();
        prepare();
    }

    /** Another Rust node takes the place of the one that was killed. */
    void replaceRust() {
        rust = rusts.start(java.identifier());
        prepare();
    }

    private void prepare() {
        java.trust(rust.identifier());
        String to = portOfOtherNode();
        Route behind = Route.empty();
        for (Side relay : way.relays()) {
            to = relay(relay, to, behind);
            behind = Route.of("forward");
        }
        door = connect(to).append(behind);
        other = null;
        if (way == Way.IN_A_CHANNEL || way == Way.BESIDE_A_CHANNEL) {
            other = open();
            echoes(other, KEY_INTERVAL + 1, 1); // from now on, the key before the present one is kept as well
        }
        if (way == Way.IN_A_CHANNEL) {
            door = Route.of(opener == Side.JAVA ? other().java().address() : other().rust());
        }
        kit.eventually(() -> {
            ready = java.footprint();
            rustReady = rust.state();
            assertThat(ready.messagesUnderWay()).isZero();
            assertThat(ready.connections()).isEqualTo(1);
            assertThat(rustReady.connections()).isEqualTo(1);
            // What a node holds is counted one after the other, and a connection may come in between.
            assertThat(java.footprint()).isEqualTo(ready);
        });
    }

    /** Stops the relays in Java. */
    void stopRelays() {
        relays.forEach(relay -> await(relay.stop()));
    }

    /** Starts a node with a relay to another one, or to the relay there, and returns where it listens. */
    private String relay(Side side, String to, Route behind) {
        switch (side) {
            case RUST -> {
                RustNode node = rusts.start(NOBODY);
                node.relay(node.connect(to).append(behind));
                return node.port();
            }
            case JAVA -> {
                Node node = kit.node("relay-" + ++nodesMade);
                relays.add(node);
                TcpTransport tcp = TcpTransport.create(node);
                Route along = behind.prepend(await(tcp.connect(to)).address());
                return await(tcp.listen(
                                "127.0.0.1:0",
                                TcpListenerOptions.defaults()
                                        .withConsumer(node.start(Address.of("forward"), Relay.create(node, along)))))
                        .hostAndPort();
            }
        }
        throw new AssertionError(side);
    }

    JavaNode java() {
        return java;
    }

    RustNode rust() {
        return rust;
    }

    // ---- channels ----

    /** The opener makes a connection of its own. */
    Route connect(String to) {
        return opener == Side.JAVA ? java.connect(to) : rust.connect(to);
    }

    /** Where the other node listens. */
    String portOfOtherNode() {
        return opener == Side.JAVA ? rust.port() : java.port();
    }

    /** A route to the other node for what needs no hops: beyond hops, everything can be reached. */
    Route toOtherNode() {
        return door;
    }

    /** A route for channels to the other node. */
    Route toOtherNodeOverHops() {
        return way == Way.OVER_HOPS ? door.append(HOPS) : door;
    }

    /** The channel that is already there, in which or beside which others are opened. */
    Optional<Channel> another() {
        return Optional.ofNullable(other);
    }

    private Channel other() {
        return another().orElseThrow();
    }

    /** Opens a channel that both sides trust, and waits for both ends. */
    Channel open() {
        Route route = toOtherNodeOverHops().append(API);
        return opener == Side.JAVA
                ? ends(await(java.open(route, rust.identifier())))
                : ends(rust.open(route, java.identifier()));
    }

    /** Has Java open a channel to this listener. */
    CompletionStage<SecureChannel> openFromJava(Address listener, Identifier trusted) {
        return java.open(toOtherNodeOverHops().append(listener), trusted);
    }

    /** Has Rust open a channel to this listener. */
    Address openFromRust(Address listener, Identifier trusted) {
        return rust.open(toOtherNodeOverHops().append(listener), trusted);
    }

    private Channel ends(SecureChannel end) {
        return eventually(() -> rust.channels().entrySet().stream()
                .filter(channel -> channel.getValue().equals(end.peerDecryptorAddress()))
                .map(channel -> new Channel(end, channel.getKey())));
    }

    private Channel ends(Address encryptor) {
        Address decryptor = Objects.requireNonNull(rust.channels().get(encryptor));
        return eventually(() -> java.channels().stream()
                .filter(end -> end.peerDecryptorAddress().equals(decryptor))
                .map(end -> new Channel(end, encryptor)));
    }

    private Channel eventually(Supplier<Stream<Channel>> search) {
        List<Channel> found = new ArrayList<>();
        kit.eventually(() -> {
            found.clear();
            search.get().forEach(found::add);
            assertThat(found).as("channels with both ends").hasSize(1);
        });
        return found.get(0);
    }

    /** Messages go through the channel from both ends. */
    void echoes(Channel channel, int count, int... sizes) {
        java.echoes(channel.fromJava("echo"), count, sizes);
        rust.echoes(channel.fromRust("echo"), count, sizes);
    }

    // ---- what is left ----

    /** Waits until both nodes hold what they held before the channels of the test. */
    void leavesNothing() {
        leavesNothingInJava();
        kit.eventually(() -> assertThat(rust.state()).isEqualTo(rustReady));
    }

    void leavesNothingInJava() {
        kit.eventually(() -> assertThat(java.footprint()).isEqualTo(ready));
    }

    /** What Rust held before the channels of the test. */
    RustNode.State rustReady() {
        return rustReady;
    }

    /** Closes what is left in Java when the Rust node is gone; the application has to do that, since a channel can change its way. */
    void leavesNothingOfADeadPeer() {
        java.channels().forEach(channel -> await(channel.close()));
        java.tcp().connections().forEach(connection -> await(connection.disconnect()));
        kit.eventually(() -> assertThat(java.footprint()).isEqualTo(idle));
        for (Node relay : relays) {
            kit.eventually(() -> assertThat(relay.messagesUnderWay()).isZero());
        }
    }

    /** Stops the Java nodes, in which nothing may be left. */
    @Override
    public void close() {
        kit.close();
    }
}
