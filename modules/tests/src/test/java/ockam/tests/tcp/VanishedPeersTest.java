// SPDX-License-Identifier: Apache-2.0

package ockam.tests.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import ockam.channel.CloseReason;
import ockam.channel.Liveness;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannels;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.node.Worker;
import ockam.tcp.TcpListener;
import ockam.tcp.TcpListenerOptions;
import ockam.tcp.TcpTransport;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.testkit.TcpFaults.Way;
import ockam.testkit.TcpProxy;
import ockam.wire.Address;
import ockam.wire.Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A network that goes silent while channels go over it: each end that watches its peer notices, and nothing is left. */
class VanishedPeersTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA =
            ActorTestKitExtension.create("akka.actor.testkit.typed.single-expect-default = 2m");

    private static final boolean LONG = Boolean.getBoolean("ockam.long");
    private static final int CHANNELS = LONG ? 1_000 : 20;
    private static final int AT_ONCE = 8;
    /** In the long form as in reference.conf. */
    private static final Liveness LIVENESS = new Liveness(
            Address.of("echo"), Duration.ofMillis(LONG ? 2_000 : 500), Duration.ofMillis(LONG ? 6_000 : 1_500));

    private final OckamTestKit kit;
    private final Node alice;
    private final Node bob;
    private final Party party;

    VanishedPeersTest(OckamTestKit kit) {
        this.kit = kit;
        this.alice = kit.node("alice");
        this.bob = kit.node("bob");
        this.party = kit.party();
    }

    private SecureChannelListener listen() {
        Worker echo = kit.echoer(bob, "echo");
        return SecureChannelListener.create(
                bob,
                Address.of("api"),
                party.identity(),
                party.listenerOptions().withSetup(channel -> bob.allow(echo).from(channel)));
    }

    private List<SecureChannel> open(Connection connection) {
        return kit.await(Source.range(1, CHANNELS)
                .mapAsync(
                        AT_ONCE,
                        number -> SecureChannel.create(
                                alice, connection.route("api"), party.identity(), party.channelOptions()))
                .runWith(Sink.seq(), kit.system()));
    }

    @Test
    void eachChannelThatWatchesNoticesAndLeavesNothing() {
        TcpListener listener = kit.await(TcpTransport.create(bob)
                .listen("127.0.0.1:0", TcpListenerOptions.defaults().withConsumer(listen())));
        TcpProxy network = kit.await(TcpProxy.create(kit.system(), listener.localAddress()));
        Connection connection = kit.await(TcpTransport.create(alice).connect(network.hostAndPort()));
        int addresses = alice.addressCount();
        List<SecureChannel> channels = open(connection);
        channels.forEach(channel -> channel.watchPeer(LIVENESS));
        for (SecureChannel channel : channels) {
            kit.await(alice.ask(channel.route("echo"), Codec.string(), "Hello"));
        }

        network.links().forEach(link -> {
            link.stall(Way.TO_TARGET);
            link.stall(Way.TO_CLIENT);
        });
        long silentSince = System.nanoTime();
        long cpu = cpuNanos();
        long last = 0;
        for (SecureChannel channel : channels) {
            assertThat(kit.await(channel.whenClosed())).isEqualTo(CloseReason.PEER_SILENT);
            last = System.nanoTime();
        }
        System.out.printf(
                "%d channels: the last one noticed after %d ms; %.1f %% of one core meanwhile%n",
                CHANNELS,
                TimeUnit.NANOSECONDS.toMillis(last - silentSince),
                100.0 * (cpuNanos() - cpu) / (last - silentSince));

        kit.eventually(() -> {
            assertThat(SecureChannels.get(kit.system()).list(alice)).isEmpty();
            assertThat(alice.addressCount()).isEqualTo(addresses);
        });
        kit.await(network.stop());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
