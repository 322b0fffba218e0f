// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import ockam.channel.CloseReason;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.fixtures.ForwardingAeadKey;
import ockam.fixtures.ForwardingVault;
import ockam.identity.InMemoryIdentityRepository;
import ockam.node.Routed;
import ockam.routing.RoutingDropReason;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Footprint;
import ockam.testkit.Party;
import ockam.vault.AeadKey;
import ockam.vault.Secret;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.wire.Address;
import ockam.wire.Any;
import ockam.wire.Codec;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Channels whose vault breaks: crypto state is not restarted, so both halves stop (secure channel, section 5.3). */
@ExtendWith(ActorTestKitExtension.class)
class ChannelFailureTest {
    private final AtomicBoolean sealingBreaks = new AtomicBoolean();
    private final AtomicBoolean openingBreaks = new AtomicBoolean();
    private final Scene scene;
    private final TestProbe<Routed<String>> alices;
    private final Footprint before;
    private final SecureChannel channel;
    private final SecureChannel back;

    ChannelFailureTest(ActorTestKit testKit) {
        SoftwareVault software = Party.vault(testKit.system());
        Vault vault = new ForwardingVault(software) {
            @Override
            public AeadKey aeadKey(Secret secret) {
                return new BreakingKey(super.aeadKey(secret));
            }
        };
        Party alice = Party.create(software, vault, InMemoryIdentityRepository.create(), Clock.systemUTC());
        scene = Scene.create(testKit, alice, Party.create(testKit.system()));
        scene.hops("hop");
        scene.listen();
        alices = scene.attached("alices", Codec.string());
        await(scene.alice()
                .identity()
                .identities()
                .secureChannelKey(scene.alice().identity()));
        await(scene.bob().identity().identities().secureChannelKey(scene.bob().identity()));
        before = scene.footprint();
        channel = scene.open("hop => listener");
        back = scene.otherEnd(channel);
        scene.node().allow(Address.of("alices")).from(channel);
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void failureOfTheEncryptorStopsBothHalves() {
        sealingBreaks.set(true);
        LoggingTestKit.error("sealing broke")
                .expect(scene.system(), () -> scene.app().send(channel.route("bobs"), Codec.string(), "Hello"));

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.FAILED);
        // It could not send a Close, so Bob finds out when he sends something.
        assertThat(scene.channels()).containsExactly(back);
        assertThat(scene.alice().keys().aeadKeys()).isZero();
        scene.send(back.route("alices"), "Are you there?");
        scene.eventuallyDropped(RoutingDropReason.NO_SUCH_ADDRESS, 1);
        await(back.close());
        scene.eventually(before);
    }

    @Test
    void failureOfTheDecryptorStopsBothHalvesAndNotifiesThePeer() {
        scene.send(back.route("alices"), "before");
        assertThat(alices.receiveMessage().body()).isEqualTo("before");

        openingBreaks.set(true);
        LoggingTestKit.error("opening broke").expect(scene.system(), () -> {
            scene.send(back.route("alices"), "Hello");
            return await(channel.whenClosed());
        });

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.FAILED);
        assertThat(await(back.whenClosed())).isEqualTo(CloseReason.CLOSED_BY_PEER);
        scene.eventually(before);
    }

    @Test
    void failureWithTheFirstOfSeveralEarlyFramesReleasesTheOthers() {
        TestProbe<Routed<Any>> hop = scene.hand("slow");
        SecureChannelListener listener = SecureChannelListener.create(
                scene.node(),
                Address.of("alices-listener"),
                scene.alice().identity(),
                scene.bob().listenerOptions());
        CompletionStage<SecureChannel> handshake = SecureChannel.create(
                scene.node(),
                Route.parse("slow => alices-listener"),
                scene.bob().identity(),
                scene.alice().channelOptions());
        hop.receiveMessage().forward();
        hop.receiveMessage().forward();
        SecureChannel bobs = await(handshake);
        Routed<Any> message3 = hop.receiveMessage();
        for (int i = 0; i < 10; i++) {
            scene.send(bobs.route("alices"), "early");
            hop.receiveMessage().forward();
        }
        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isEqualTo(10));

        openingBreaks.set(true);
        LoggingTestKit.error(Broken.class).expect(scene.system(), () -> {
            message3.forward();
            return scene.node();
        });

        scene.eventually(() -> assertThat(scene.node().messagesUnderWay()).isZero());
        await(bobs.close());
        await(listener.stop());
    }

    @Test
    void failureWhileItClosesStillEndsTheChannel() {
        sealingBreaks.set(true);

        await(channel.close());

        assertThat(await(channel.whenClosed())).isEqualTo(CloseReason.CLOSED);
        await(back.close());
        scene.eventually(before);
    }

    /** Without a stack trace: one line in the log is enough. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message, null, false, false);
        }
    }

    /** A key that throws when told to. */
    private final class BreakingKey extends ForwardingAeadKey {
        BreakingKey(AeadKey key) {
            super(key);
        }

        @Override
        public void seal(long nonce, byte[] aad, byte[] buffer, int offset, int length) {
            if (sealingBreaks.get()) {
                throw new Broken("sealing broke");
            }
            super.seal(nonce, aad, buffer, offset, length);
        }

        @Override
        public boolean open(
                long nonce, byte[] aad, byte[] input, int offset, int length, byte[] output, int outputOffset) {
            if (openingBreaks.get() && aad.length == 0) { // a frame, not a message of a handshake
                throw new Broken("opening broke");
            }
            return super.open(nonce, aad, input, offset, length, output, outputOffset);
        }

        @Override
        protected AeadKey inFrontOf(AeadKey next) {
            return new BreakingKey(next);
        }
    }
}
