// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.Done;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import ockam.channel.CloseReason;
import ockam.channel.Liveness;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.channel.SecureChannels;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Ockam;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.vault.SoftwareVault;
import ockam.wire.Address;
import ockam.wire.Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A network that goes silent while channels go over it: each end that watches its peer notices, and nothing is left. */
@ExtendWith(ActorTestKitExtension.class)
class VanishedPeersTest {
    private static final boolean LONG = Boolean.getBoolean("ockam.long");
    private static final int CHANNELS = LONG ? 1_000 : 20;
    private static final int AT_ONCE = 8;
    /** In the long form as in reference.conf. */
    private static final Liveness LIVENESS = new Liveness(
            Address.of("echo"), Duration.ofMillis(LONG ? 2_000 : 500), Duration.ofMillis(LONG ? 6_000 : 1_500));

    private final ActorTestKit testKit;
    private final Node alice;
    private final Node bob;
    private final SoftwareVault vault;
    private final Identity identity;

    VanishedPeersTest(ActorTestKit testKit) {
        this.testKit = testKit;
        this.alice = Ockam.get(testKit.system()).createNode("alice");
        this.bob = Ockam.get(testKit.system()).createNode("bob");
        this.vault = SoftwareVault.create(Ockam.get(testKit.system()).cryptoExecutor());
        this.identity = await(Identities.create(vault, InMemoryIdentityRepository.create(), Clock.systemUTC())
                .create());
    }

    private SecureChannelListener listen() {
        Worker echo = bob.start(Address.of("echo"), Codec.bytes(), Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        }));
        return SecureChannelListener.create(
                bob,
                Address.of("api"),
                identity,
                SecureChannelListenerOptions.trusting(TrustPolicy.identifier(identity.identifier()))
                        .withSetup(channel -> bob.allow(echo).from(channel)));
    }

    private List<SecureChannel> open(Connection connection) {
        return patiently(Source.range(1, CHANNELS)
                .mapAsync(
                        AT_ONCE,
                        number -> SecureChannel.create(
                                alice,
                                connection.route("api"),
                                identity,
                                SecureChannelOptions.trusting(TrustPolicy.identifier(identity.identifier()))))
                .runWith(Sink.seq(), testKit.system()));
    }

    private static <T> T patiently(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(2, TimeUnit.MINUTES).join();
    }

    @Test
    void eachChannelThatWatchesNoticesAndLeavesNothing() {
        TcpListener listener = await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(listen())));
        TcpProxy network = await(TcpProxy.create(testKit.system(), listener.localAddress()));
        Connection connection = await(TcpTransport.create(alice).connect(network.hostAndPort()));
        int addresses = alice.addressCount();
        List<SecureChannel> channels = open(connection);
        channels.forEach(channel -> channel.watchPeer(LIVENESS));
        for (SecureChannel channel : channels) {
            await(alice.ask(channel.route("echo"), Codec.string(), "Hello"));
        }

        network.links().forEach(link -> {
            link.stall(Way.TO_TARGET);
            link.stall(Way.TO_CLIENT);
        });
        long silentSince = System.nanoTime();
        long cpu = cpuNanos();
        long last = 0;
        for (SecureChannel channel : channels) {
            assertThat(patiently(channel.whenClosed())).isEqualTo(CloseReason.PEER_SILENT);
            last = System.nanoTime();
        }
        System.out.printf(
                "%d channels: the last one noticed after %d ms; %.1f %% of one core meanwhile%n",
                CHANNELS,
                TimeUnit.NANOSECONDS.toMillis(last - silentSince),
                100.0 * (cpuNanos() - cpu) / (last - silentSince));

        testKit.<Object>createTestProbe().awaitAssert(() -> {
            assertThat(SecureChannels.get(testKit.system()).list(alice)).isEmpty();
            assertThat(alice.addressCount()).isEqualTo(addresses);
            return Done.getInstance();
        });
        await(network.stop());
        await(alice.stop());
        await(bob.stop());
        assertThat(vault.keyCounts().aeadKeys()).isZero();
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
