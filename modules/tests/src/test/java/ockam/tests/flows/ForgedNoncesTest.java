// SPDX-License-Identifier: Apache-2.0

package ockam.tests.flows;

import static ockam.tests.flows.TcpPair.payload;
import static org.assertj.core.api.Assertions.assertThat;

import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import ockam.channel.ChannelDropReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.fixtures.ForwardingAeadKey;
import ockam.fixtures.ForwardingVault;
import ockam.identity.InMemoryIdentityRepository;
import ockam.node.StreamHandle;
import ockam.node.Worker;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.vault.AeadKey;
import ockam.vault.Secret;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Address;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A stranger sends frames with forged nonces far ahead to some of many channels, as fast as they are taken (secure channel, section 5.4). No
 * frame of any channel is lost for it, and the keys that are derived to try them stay within the bound for the node.
 */
class ForgedNoncesTest {
    @RegisterExtension
    static final ActorTestKitExtension AKKA = ActorTestKitExtension.create(TcpPair.PATIENT);

    private static final int CHANNELS = 12;
    private static final int ATTACKED = 8; // enough to spend what the node has
    private static final Duration TIME = Duration.ofSeconds(LongForm.or(2, 60));
    private static final int ECHOES_PER_SECOND = 100; // of each channel
    private static final int SIZE = 100;
    private static final int KEYS_PER_SECOND = 32_768;
    private static final int FRAMES_OF_A_KEY = 32;
    private static final int LEAST_AHEAD = 100;
    private static final int MOST_AHEAD = 32_000;
    private static final int MEASURED = 100_000;

    private final OckamTestKit kit;
    private final TcpPair pair;
    private final AtomicLong derived = new AtomicLong();
    private final AtomicReference<AeadKey> someKey = new AtomicReference<>();

    ForgedNoncesTest(OckamTestKit kit) {
        this.kit = kit;
        kit.stopRecording(); // for it, fewer frames would be forged
        this.pair = TcpPair.connect(kit);
    }

    private List<SecureChannel> open() {
        SoftwareVault vault = Party.vault(kit.system());
        Vault counting = new ForwardingVault(vault) {
            @Override
            public AeadKey aeadKey(Secret secret) {
                return new CountingKey(super.aeadKey(secret));
            }
        };
        Party bob = Party.create(vault, counting, InMemoryIdentityRepository.create(), Clock.systemUTC());
        Party alice = kit.party();
        Worker echoer = kit.echoer(pair.bob(), "echoer");
        SecureChannelListener.create(
                pair.bob(),
                Address.of("api"),
                bob.identity(),
                alice.listenerOptions()
                        .withOpenTo(pair.fromBob())
                        .withSetup(channel -> pair.bob().allow(echoer).from(channel)));
        List<SecureChannel> channels = new ArrayList<>();
        for (int i = 0; i < CHANNELS; i++) {
            channels.add(kit.channel(pair.alice(), pair.fromAlice().route("api"), alice, bob));
        }
        return channels;
    }

    /** Numbers through one channel, for a time, and their echoes. */
    private final class Echoes {
        private final AtomicInteger sent = new AtomicInteger();
        private final AtomicInteger answered = new AtomicInteger();
        private final UniqueKillSwitch end;
        private final CompletionStage<Integer> inOrder;

        Echoes(SecureChannel channel) {
            var run = Source.range(1, Integer.MAX_VALUE)
                    .throttle(ECHOES_PER_SECOND, Duration.ofSeconds(1))
                    .takeWithin(TIME)
                    .map(number -> {
                        sent.set(number);
                        return payload(number, SIZE);
                    })
                    .via(channel.flow(Route.of("echoer"), Codec.bytes(), Codec.bytes()))
                    .viaMat(KillSwitches.single(), Keep.right())
                    .toMat(
                            Sink.fold(0, (last, echo) -> {
                                assertThat(echo.body()).isEqualTo(payload(last + 1, SIZE));
                                answered.set(last + 1);
                                return last + 1;
                            }),
                            Keep.both())
                    .run(kit.system());
            end = run.first();
            inOrder = run.second();
        }

        /** Returns how many there were, when all are answered. */
        int end() {
            kit.eventually(() -> assertThat(answered).hasValue(sent.get()));
            end.shutdown();
            return kit.await(inOrder);
        }
    }

    /** As many as Bob takes; the last are on their way when it ends. */
    private StreamHandle forge(SecureChannel attacked, Echoes echoes, int seed) {
        Random random = new Random(seed);
        return Source.repeat(0)
                .takeWithin(TIME)
                .map(next -> {
                    byte[] frame = new byte[SIZE];
                    random.nextBytes(frame);
                    ByteBuffer.wrap(frame)
                            .putLong(echoes.sent.get() + LEAST_AHEAD + random.nextInt(MOST_AHEAD - LEAST_AHEAD));
                    return ByteString.fromArray(frame);
                })
                .toMat(pair.alice().sink(attacked.routeToPeer(), Codec.bytes()), Keep.right())
                .run(kit.system());
    }

    @Test
    void noFrameIsLostAndWhatTriesCostIsBounded() {
        List<SecureChannel> channels = open();
        long before = derived.get();
        long began = System.nanoTime();
        List<Echoes> echoes = channels.stream().map(Echoes::new).toList();
        List<StreamHandle> forgers = new ArrayList<>();
        for (int i = 0; i < ATTACKED; i++) {
            forgers.add(forge(channels.get(i), echoes.get(i), i));
        }

        long forged = 0;
        for (StreamHandle forger : forgers) {
            forged += kit.await(forger.whenClosed()).sent();
        }
        long tries = derived.get() - before;
        double seconds = (System.nanoTime() - began) / (double) TimeUnit.SECONDS.toNanos(1);
        int echoed = 0;
        for (Echoes each : echoes) {
            echoed += each.end();
        }

        assertThat(echoed).isPositive();
        kit.expectDropped(pair.bob(), ChannelDropReason.FRAME_REFUSED, forged); // and nothing else
        assertThat(pair.bob().dropped()).isEqualTo(forged);
        assertThat(pair.alice().dropped()).isZero();
        assertThat(channels).allMatch(SecureChannel::isOpen);
        assertThat(tries).isPositive();
        // Both halves of each channel take a new key now and then.
        double most = KEYS_PER_SECOND * (seconds + 1) + 2.0 * CHANNELS + 2.0 * echoed / FRAMES_OF_A_KEY;
        assertThat((double) tries).isLessThanOrEqualTo(most);
        LongForm.report(
                "forged nonces: %.0f frames a second to %d of %d channels, for %.0f s; %d echoes, all in order; "
                                .formatted(forged / seconds, ATTACKED, CHANNELS, seconds, echoed)
                        + "%.0f keys derived a second, %.1f %% of a core"
                                .formatted(tries / seconds, cost(tries / seconds)));
        channels.forEach(channel -> kit.await(channel.close()));
    }

    /** So many keys a second, in per cent of the time of one core. */
    private double cost(double keysPerSecond) {
        var threads = ManagementFactory.getThreadMXBean();
        AeadKey key = Objects.requireNonNull(someKey.get());
        long began = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < MEASURED; i++) {
            AeadKey next = key.rekey();
            key.erase();
            key = next;
        }
        double nanos = (threads.getCurrentThreadCpuTime() - began) / (double) MEASURED;
        key.erase();
        return 100 * keysPerSecond * nanos / TimeUnit.SECONDS.toNanos(1);
    }

    /** A key that counts how many are derived from it, and from those. */
    private final class CountingKey extends ForwardingAeadKey {
        CountingKey(AeadKey key) {
            super(key);
        }

        @Override
        protected AeadKey inFrontOf(AeadKey next) {
            derived.incrementAndGet();
            if (someKey.get() == null) {
                someKey.compareAndSet(null, next.rekey());
            }
            return new CountingKey(next);
        }
    }
}
