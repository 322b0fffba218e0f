// SPDX-License-Identifier: Apache-2.0

package ockam.tests.vault;

import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import ockam.channel.HandshakeException;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.channel.SecureChannelOptions;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.IdentityOptions;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.OckamTestKit;
import ockam.testkit.Party;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.service.KeyServiceOptions;
import ockam.vault.service.KeyServiceVault;
import ockam.wire.Address;
import ockam.wire.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An identity whose keys are in a service that takes its time. */
@ExtendWith(ActorTestKitExtension.class)
class SlowKmsTest {
    /** More than there are threads. */
    private static final int WAITING = 32;

    private final HeldKms kms = new HeldKms();
    private final Queue<Runnable> timeouts = new ConcurrentLinkedQueue<>();
    private final OckamTestKit kit;
    private final Node node;
    private final Party bob;
    private final Identity alice;

    SlowKmsTest(ActorTestKit testKit) {
        kit = OckamTestKit.create(testKit);
        node = kit.node("node");
        bob = kit.party();
        SoftwareVault software = Party.vault(kit.system());
        KeyServiceVault signing = KeyServiceVault.create(
                kms,
                software,
                (time, action) -> {
                    timeouts.add(action);
                    return () -> timeouts.remove(action);
                },
                KeyServiceOptions.defaults().withTimeout(Duration.ofSeconds(5)).withAttempts(1));
        alice = await(Identities.create(
                        Vault.of(software, signing, software), InMemoryIdentityRepository.create(), Clock.systemUTC())
                .create(IdentityOptions.defaults().withSignatureAlgorithm(SignatureAlgorithm.P256)));
        kms.hold();
    }

    @AfterEach
    void stop() {
        kit.close();
    }

    private CompletionStage<SecureChannel> opened(String route, Identity from, Identity to) {
        return SecureChannel.create(
                node, Route.parse(route), from, SecureChannelOptions.trusting(TrustPolicy.identifier(to.identifier())));
    }

    @Test
    void handshakesOfOthersGoOnWhileAnInitiatorWaits() {
        Party carol = kit.party();
        SecureChannelListener.create(
                node,
                Address.of("bob"),
                bob.identity(),
                SecureChannelListenerOptions.trusting(TrustPolicy.anyOf(alice.identifier(), carol.identifier())));
        List<CompletionStage<SecureChannel>> waiting = Stream.generate(() -> opened("bob", alice, bob.identity()))
                .limit(WAITING)
                .toList();
        kit.eventually(() -> assertThat(kms.held()).isEqualTo(WAITING));

        for (int i = 0; i < 5; i++) {
            await(await(opened("bob", carol.identity(), bob.identity())).close());
        }
        assertThat(waiting).noneMatch(stage -> stage.toCompletableFuture().isDone());
        kms.release();
        waiting.forEach(stage -> await(await(stage).close()));
    }

    @Test
    void handshakesOfOthersGoOnWhileAListenerWaits() {
        Party carol = kit.party();
        SecureChannelListener.create(node, Address.of("alice"), alice, bob.listenerOptions());
        kit.listen(node, "carol", carol, bob);
        List<CompletionStage<SecureChannel>> waiting = Stream.generate(() -> opened("alice", bob.identity(), alice))
                .limit(WAITING)
                .toList();
        kit.eventually(() -> assertThat(kms.held()).isEqualTo(WAITING));

        for (int i = 0; i < 5; i++) {
            await(await(opened("carol", bob.identity(), carol.identity())).close());
        }
        assertThat(waiting).noneMatch(stage -> stage.toCompletableFuture().isDone());
        kms.release();
        waiting.forEach(stage -> await(await(stage).close()));
    }

    @Test
    void handshakeWithAServiceThatDoesNotAnswerFailsAsItsOwnKeyCannotBeUsed() {
        kit.listen(node, "bob", bob, bob);
        CompletionStage<SecureChannel> waiting = opened("bob", alice, bob.identity());
        kit.eventually(() -> assertThat(timeouts).hasSize(1));
        timeouts.remove().run();

        assertThat(awaitFailureOf(waiting)).isInstanceOfSatisfying(HandshakeException.class, e -> {
            assertThat(e.reason()).isEqualTo(HandshakeException.Reason.OWN_KEY_UNAVAILABLE);
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            VaultException.class,
                            cause -> assertThat(cause.reason()).isEqualTo(Reason.TIMED_OUT));
        });
    }
}
