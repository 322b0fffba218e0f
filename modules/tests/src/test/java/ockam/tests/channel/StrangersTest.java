// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import akka.util.ByteString;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.fixtures.ForwardingVault;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityOptions;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Mailbox;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SoftwareVault;
import ockam.vault.VerifyingKey;
import ockam.vault.VerifyingVault;
import ockam.wire.Identifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Strangers whose histories are long: what they cost, and that they neither hold up nor push out anybody. All strangers have P-256 keys
 * and all others Ed25519 keys, so that Bob's vault can tell their signatures apart.
 */
@ExtendWith(ActorTestKitExtension.class)
class StrangersTest {
    private static final int STRANGERS = 64;

    /** Bob's: counts the signatures of strangers, and verifies each only when the test says so, if it wants to. */
    private static final class Checks implements VerifyingVault {
        private final SoftwareVault software;
        private final AtomicInteger asked = new AtomicInteger();
        private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
        private volatile boolean holding;

        private Checks(SoftwareVault software) {
            this.software = software;
        }

        @Override
        public CompletionStage<Boolean> verify(VerifyingKey key, byte[] message, Signature signature) {
            if (key.algorithm() != SignatureAlgorithm.P256) {
                return software.verify(key, message, signature);
            }
            if (!holding) {
                asked.incrementAndGet();
                return software.verify(key, message, signature);
            }
            byte[] copy = message.clone();
            CompletableFuture<Boolean> answer = new CompletableFuture<>();
            held.add(() -> {
                await(software.verify(key, copy, signature).thenAccept(answer::complete));
            });
            asked.incrementAndGet();
            return answer;
        }

        int asked() {
            return asked.get();
        }

        void hold() {
            holding = true;
        }

        /** Lets one go, and waits until what follows from it has begun. */
        void release() {
            Objects.requireNonNull(held.poll()).run();
        }
    }

    private final HandmadeNoise.KeyPair key = HandmadeNoise.KeyPair.random();
    private final InMemoryIdentityRepository bobsRepository = InMemoryIdentityRepository.create(2_000); // three peers
    private final Checks checks;
    private final Party alice;
    private final Party bob;
    private final Party mallory;
    private final Scene scene;
    private final Mailbox mailbox;

    StrangersTest(ActorTestKit testKit) {
        SoftwareVault bobsVault = Party.vault(testKit.system());
        checks = new Checks(bobsVault);
        ForwardingVault counted = new ForwardingVault(bobsVault) {
            @Override
            public VerifyingVault verifying() {
                return checks;
            }
        };
        alice = Party.create(testKit.system());
        bob = Party.create(bobsVault, counted, bobsRepository, Clock.systemUTC());
        mallory = HandmadePeer.party(testKit.system(), key, Clock.systemUTC());
        scene = Scene.create(testKit, alice, bob);
        mailbox = scene.node().mailbox("mallory");
    }

    @AfterEach
    void end() {
        scene.close();
    }

    /** An identity of Mallory's that nobody has seen, and what it shows. */
    private record Stranger(Identifier id, ByteString shown) {}

    private Stranger stranger(int changes) {
        Identity identity = await(mallory.identity()
                .identities()
                .create(IdentityOptions.defaults().withSignatureAlgorithm(SignatureAlgorithm.P256)));
        for (int i = 1; i < changes; i++) {
            identity = await(mallory.identity().identities().rotate(identity));
        }
        return new Stranger(
                identity.identifier(),
                await(mallory.identity().identities().secureChannelKey(identity))
                        .show(List.of())
                        .encode());
    }

    private void knocks(Stranger stranger) {
        HandmadePeer.initiates(mailbox, Scene.TO_LISTENER, key).finishes(stranger.shown());
    }

    private void isRefused(Stranger stranger, String why) {
        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: " + why).expect(scene.system(), () -> {
            knocks(stranger);
            return true;
        });
    }

    private SecureChannelListener listen(TrustPolicy policy) {
        return SecureChannelListener.create(
                scene.node(), Scene.LISTENER, bob.identity(), SecureChannelListenerOptions.trusting(policy));
    }

    private SecureChannel open(Party party) {
        return await(SecureChannel.create(
                scene.node(),
                Scene.TO_LISTENER,
                party.identity(),
                SecureChannelOptions.trusting(TrustPolicy.identifier(bob.identifier()))));
    }

    @Test
    void costNoSignatureWhenThePolicyNamesOthers() {
        listen(TrustPolicy.identifier(alice.identifier()));
        Stranger stranger = stranger(1 + Identities.MAX_ROTATIONS);
        assertThat(stranger.shown().length()).isGreaterThan(12_000);

        isRefused(stranger, "POLICY_REFUSED");

        assertThat(checks.asked()).isZero();
    }

    @Test
    void whoAreRefusedPushNobodyOut() {
        listen(peer -> peer.equals(alice.identifier()));
        scene.otherEnd(open(alice));

        for (int i = 0; i < 4; i++) {
            isRefused(stranger(1), "POLICY_REFUSED");
        }

        assertThat(await(bob.identity().identities().history(alice.identifier())))
                .isPresent();
        assertThat(bobsRepository.peerCount()).isOne();
    }

    @Test
    void haveOneSignatureVerifiedAtATimeAndDoNotHoldUpWhoIsKnown() {
        Stranger stranger = stranger(4);
        listen(peer -> peer.equals(alice.identifier()));
        scene.otherEnd(open(alice));
        checks.hold();
        for (int i = 0; i < STRANGERS; i++) {
            knocks(stranger);
        }
        scene.eventually(() -> assertThat(checks.asked()).isPositive());

        for (int i = 0; i < 8; i++) {
            scene.otherEnd(open(alice));
        }

        assertThat(checks.asked()).isOne();
    }

    @Test
    void takeTurnsWithANewcomer() {
        Stranger stranger = stranger(12);
        Party carol = Party.create(scene.system());
        listen(peer -> peer.equals(carol.identifier()));
        checks.hold();
        for (int i = 0; i < STRANGERS; i++) {
            knocks(stranger);
        }
        scene.eventually(inUse -> assertThat(inUse.actors("channel")).isEqualTo(STRANGERS));
        scene.eventually(() -> assertThat(checks.asked()).isPositive());
        SecureChannel channel = open(carol);

        scene.eventually(() -> {
            if (!checks.held.isEmpty() && !isOpen(channel)) {
                checks.release();
            }
            assertThat(isOpen(channel)).isTrue();
        });

        // Carol shows two signatures, so she waits for as many rounds, and for what came before her last.
        assertThat(checks.asked()).isLessThanOrEqualTo(3 * STRANGERS);
    }

    private boolean isOpen(SecureChannel channel) {
        return scene.channels().size() == 2 && scene.channels().contains(channel);
    }

    @Test
    void areDroppedWithAllThatWaitsWhenTheirHandshakesAreOver() {
        Stranger stranger = stranger(4);
        listen(peer -> false);
        checks.hold();
        for (int i = 0; i < STRANGERS; i++) {
            knocks(stranger);
        }
        scene.eventually(() -> assertThat(checks.asked()).isPositive());

        await(scene.node().stop());
        int asked = checks.asked();
        while (!checks.held.isEmpty()) {
            checks.release();
        }

        assertThat(checks.asked()).isEqualTo(asked);
    }
}
