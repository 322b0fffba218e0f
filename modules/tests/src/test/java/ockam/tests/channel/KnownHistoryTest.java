// SPDX-License-Identifier: Apache-2.0

package ockam.tests.channel;

import static ockam.fixtures.Stages.await;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.LoggingTestKit;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelListener;
import ockam.fixtures.ForwardingVault;
import ockam.identity.ChangeHistory;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.OwnIdentity;
import ockam.testkit.ActorTestKitExtension;
import ockam.testkit.Party;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handshakes of an identity whose history Bob already knows (secure channel, sections 4.6 and 9). */
@ExtendWith(ActorTestKitExtension.class)
class KnownHistoryTest {
    private static final String CONFLICT = "IDENTITY_CONFLICT";

    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final SoftwareVault software;
    private final Vault vault;
    private final Scene scene;
    private final Party alice;
    private final Party bob;

    KnownHistoryTest(ActorTestKit testKit) {
        software = Party.vault(testKit.system());
        vault = new ForwardingVault(software) {
            @Override
            public CompletionStage<Boolean> deleteSigningKey(SigningKey key) {
                return CompletableFuture.completedFuture(false); // a backup of the identity still has it
            }
        };
        alice = Party.create(software, vault, repository, Clock.systemUTC());
        bob = Party.create(testKit.system());
        scene = Scene.create(testKit, alice, bob);
        await(alice.identity().identities().secureChannelKey(alice.identity()));
        await(bob.identity().identities().secureChannelKey(bob.identity()));
    }

    @AfterEach
    void end() {
        scene.close();
    }

    @Test
    void refusesAnOlderHistory() {
        OwnIdentity backup = await(repository.own(alice.identifier())).orElseThrow();
        Identity rotated = await(alice.identity().identities().rotate(alice.identity()));
        await(bob.identity().identities().importHistory(rotated.export()));

        refuses(restored(backup), rotated.changeHistory());
    }

    @Test
    void refusesAHistoryThatContradictsTheKnownOne() {
        OwnIdentity backup = await(repository.own(alice.identifier())).orElseThrow();
        Identity rotated = await(alice.identity().identities().rotate(alice.identity()));
        await(bob.identity().identities().importHistory(rotated.export()));
        Identity restored = restored(backup);
        Identity rotatedElsewhere = await(restored.identities().rotate(restored));

        refuses(rotatedElsewhere, rotated.changeHistory());
    }

    @Test
    void keepsANewerHistory() {
        await(bob.identity().identities().importHistory(alice.identity().export()));
        Identity rotated = await(alice.identity().identities().rotate(alice.identity()));
        scene.listen();

        scene.otherEnd(scene.open("listener"));

        assertThat(knownToBob()).contains(rotated.changeHistory());
    }

    @Test
    void remembersNothingOfAPeerThatThePolicyRefuses() {
        SecureChannelListener.create(scene.node(), Scene.LISTENER, bob.identity(), bob.listenerOptions());
        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: POLICY_REFUSED")
                .expect(scene.system(), () -> scene.open("listener"));

        assertThat(knownToBob()).isEmpty();
    }

    /** Bob refuses this identity, as initiator and as responder, and still knows the same history. */
    private void refuses(Identity peer, ChangeHistory known) {
        SecureChannelListener ofPeer =
                SecureChannelListener.create(scene.node(), Scene.LISTENER, peer, bob.listenerOptions());
        CompletionStage<SecureChannel> handshake =
                SecureChannel.create(scene.node(), Scene.TO_LISTENER, bob.identity(), alice.channelOptions());
        assertThat(Scene.failureOf(handshake)).isEqualTo("MESSAGE_2: " + CONFLICT);
        await(scene.node().stop(ofPeer.address()));

        SecureChannelListener ofBob = scene.listen();
        LoggingTestKit.debug("as RESPONDER not made: MESSAGE_3: " + CONFLICT)
                .expect(
                        scene.system(),
                        () -> await(SecureChannel.create(scene.node(), Scene.TO_LISTENER, peer, bob.channelOptions()))
                                .close());
        await(ofBob.stop());
        assertThat(knownToBob()).contains(known);
    }

    private Optional<ChangeHistory> knownToBob() {
        return await(bob.identity().identities().history(alice.identifier()));
    }

    /** Returns the identity as it was, elsewhere with the same keys. */
    private Identity restored(OwnIdentity backup) {
        InMemoryIdentityRepository another = InMemoryIdentityRepository.create();
        assertThat(await(another.storeOwn(backup.atRevision(0)))).isTrue();
        return await(Identities.create(vault, another, Clock.systemUTC()).identity(backup.identifier()));
    }
}
