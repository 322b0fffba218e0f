// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpTransport;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;

/** Two nodes with a TCP connection. When both have stopped, nothing may be left. */
final class TcpPair implements AutoCloseable {
    /** For what takes long on a busy machine. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ActorTestKit testKit;
    private final Node alice;
    private final Node bob;
    private final Connection fromAlice;
    private final Connection fromBob;

    private TcpPair(ActorTestKit testKit, Node alice, Node bob, Connection fromAlice, Connection fromBob) {
        this.testKit = testKit;
        this.alice = alice;
        this.bob = bob;
        this.fromAlice = fromAlice;
        this.fromBob = fromBob;
    }

    /** Connects two new nodes. */
    static TcpPair connect(ActorTestKit testKit) {
        return connect(testKit, listener -> listener.hostAndPort());
    }

    /** Connects them through something between Alice and Bob's listener, which returns where it listens itself. */
    static TcpPair connect(ActorTestKit testKit, Function<TcpListener, String> through) {
        Ockam ockam = Ockam.get(testKit.system());
        Node alice = ockam.createNode("alice");
        Node bob = ockam.createNode("bob");
        TcpListener listener = await(TcpTransport.create(bob).listen("127.0.0.1:0"));
        Connection fromAlice = await(TcpTransport.create(alice).connect(through.apply(listener)));
        List<Connection> accepted = testKit.createTestProbe().awaitAssert(PATIENCE, () -> {
            assertThat(listener.connections()).hasSize(1);
            return listener.connections();
        });
        return new TcpPair(testKit, alice, bob, fromAlice, accepted.get(0));
    }

    Node alice() {
        return alice;
    }

    Node bob() {
        return bob;
    }

    /** The connection, at Alice. */
    Connection fromAlice() {
        return fromAlice;
    }

    /** The connection, at Bob. */
    Connection fromBob() {
        return fromBob;
    }

    /** Opens a channel from Alice to Bob, through which she can reach these addresses. */
    SecureChannel openChannel(Address... ofBob) {
        Identity alices = identity(testKit.system());
        Identity bobs = identity(testKit.system());
        SecureChannelListener.create(
                bob,
                Address.of("api"),
                bobs,
                SecureChannelListenerOptions.trusting(TrustPolicy.identifier(alices.identifier()))
                        .withOpenTo(fromBob)
                        .withSetup(channel -> List.of(ofBob)
                                .forEach(address -> bob.allow(address).from(channel))));
        return await(SecureChannel.create(
                alice,
                fromAlice.route("api"),
                alices,
                SecureChannelOptions.trusting(TrustPolicy.identifier(bobs.identifier()))));
    }

    static Identity identity(ActorSystem<?> system) {
        return await(Identities.create(
                        SoftwareVault.create(Ockam.get(system).cryptoExecutor()),
                        InMemoryIdentityRepository.create(),
                        Clock.systemUTC())
                .create());
    }

    /** Starts a worker that answers with what it was asked. */
    static Worker echoer(Node node) {
        return node.start(Address.of("echoer"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        }));
    }

    /** Waits for something that takes long. */
    static <T> T patiently(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds() * LongForm.or(1, 10), TimeUnit.SECONDS)
                .join();
    }

    /** Waits until something holds. */
    void eventually(Runnable holds) {
        testKit.createTestProbe().awaitAssert(PATIENCE, () -> {
            holds.run();
            return null;
        });
    }

    /** Different bytes for different numbers. */
    static ByteString payload(int number, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (number >> (8 * (i % 4)));
        }
        return ByteString.fromArray(bytes);
    }

    @Override
    public void close() {
        for (Node node : List.of(alice, bob)) {
            await(node.stop());
            eventually(() -> assertThat(node.messagesUnderWay()).isZero());
            eventually(() -> assertThat(node.addressCount()).isZero());
        }
        assertThat(await(fromAlice.whenClosed())).isNotNull();
        assertThat(await(fromBob.whenClosed())).isNotNull();
    }
}
