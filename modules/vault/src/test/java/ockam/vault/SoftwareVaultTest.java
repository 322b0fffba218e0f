// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static ockam.vault.VaultTests.assertRefused;
import static ockam.vault.VaultTests.bytesOf;
import static ockam.vault.VaultTests.counting;
import static ockam.vault.VaultTests.done;
import static ockam.vault.VaultTests.hex;
import static ockam.vault.VaultTests.synchronousVault;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SoftwareVaultTest {
    private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

    private final SoftwareVault vault = synchronousVault();

    @Test
    void generatedAgreementKeysAgreeWithEachOther() {
        AgreementKey alice = done(vault.generateAgreementKey());
        AgreementKey bob = done(vault.generateAgreementKey());
        assertThat(alice).isNotEqualTo(bob);
        Secret atAlice = done(vault.agree(alice, bob.publicKey()));
        Secret atBob = done(vault.agree(bob, alice.publicKey()));
        assertThat(bytesOf(atAlice)).isEqualTo(bytesOf(atBob)).hasSize(32);
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(2, 0, 2, 0));
    }

    @Test
    void importedAgreementKeysHaveTheirPublicKeysAndHashesAsIds() {
        byte[] privateKey = counting(0, 32);
        AgreementKey key = vault.importAgreementKey(privateKey);
        byte[] publicKey = hex("8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f");
        assertThat(key.publicKey()).isEqualTo(X25519PublicKey.of(publicKey));
        assertThat(key.id()).isEqualTo(new KeyId(ByteArrays.hex(Sha256.hash(publicKey))));
        assertThat(key.id().value()).matches("[0-9a-f]{64}");
        assertThat(privateKey).isEqualTo(counting(0, 32));
    }

    @Test
    void importedKeysAreCopies() {
        byte[] agreement = counting(0, 32);
        byte[] signing = counting(0, 32);
        AgreementKey agreementKey = vault.importAgreementKey(agreement);
        SigningKey signingKey = vault.importSigningKey(SignatureAlgorithm.ED25519, signing);
        X25519PublicKey peer = done(vault.generateAgreementKey()).publicKey();
        byte[] shared = bytesOf(done(vault.agree(agreementKey, peer)));
        Signature signature = done(vault.sign(signingKey, MESSAGE));
        Arrays.fill(agreement, (byte) 0);
        Arrays.fill(signing, (byte) 0);
        assertThat(bytesOf(done(vault.agree(agreementKey, peer)))).isEqualTo(shared);
        assertThat(done(vault.sign(signingKey, MESSAGE))).isEqualTo(signature);
    }

    @Test
    void keyImportedTwiceIsOneKey() {
        assertThat(vault.importAgreementKey(counting(0, 32))).isEqualTo(vault.importAgreementKey(counting(0, 32)));
        SigningKey signingKey = vault.importSigningKey(SignatureAlgorithm.P256, counting(1, 32));
        assertThat(vault.importSigningKey(SignatureAlgorithm.P256, counting(1, 32)))
                .isEqualTo(signingKey);
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 1, 0, 0));
        assertThat(done(vault.sign(signingKey, MESSAGE))).isInstanceOf(P256Signature.class);
        assertThat(done(vault.deleteSigningKey(signingKey))).isTrue();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 0));
    }

    @Test
    void importedKeysHave32Bytes() {
        for (int length : new int[] {0, 31, 33}) {
            byte[] bytes = new byte[length];
            assertRefused(Reason.INVALID_LENGTH, () -> vault.importAgreementKey(bytes));
            for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
                assertRefused(Reason.INVALID_LENGTH, () -> vault.importSigningKey(algorithm, bytes));
            }
        }
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }

    @Test
    void deletedAgreementKeyIsUnknown() {
        AgreementKey key = done(vault.generateAgreementKey());
        X25519PublicKey peer = done(vault.generateAgreementKey()).publicKey();
        assertThat(done(vault.hasAgreementKey(key))).isTrue();
        assertThat(done(vault.deleteAgreementKey(key))).isTrue();
        assertThat(done(vault.hasAgreementKey(key))).isFalse();
        assertThat(done(vault.deleteAgreementKey(key))).isFalse();
        assertRefused(Reason.UNKNOWN_KEY, vault.agree(key, peer));
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 0));
    }

    @Test
    void handlesThatTheVaultDidNotCreateAreUnknown() {
        AgreementKey agreement = done(vault.generateAgreementKey());
        AgreementKey otherAgreement = done(synchronousVault().generateAgreementKey());
        var forgedAgreement = new AgreementKey(agreement.id(), otherAgreement.publicKey());
        for (AgreementKey key : new AgreementKey[] {otherAgreement, forgedAgreement}) {
            assertRefused(Reason.UNKNOWN_KEY, vault.agree(key, agreement.publicKey()));
            assertThat(done(vault.hasAgreementKey(key))).isFalse();
            assertThat(done(vault.deleteAgreementKey(key))).isFalse();
        }
        SigningKey signing = done(vault.generateSigningKey(SignatureAlgorithm.ED25519));
        SigningKey otherSigning = done(synchronousVault().generateSigningKey(SignatureAlgorithm.P256));
        var forgedSigning = new SigningKey(signing.id(), otherSigning.publicKey());
        for (SigningKey key : new SigningKey[] {otherSigning, forgedSigning}) {
            assertRefused(Reason.UNKNOWN_KEY, vault.sign(key, MESSAGE));
            assertThat(done(vault.deleteSigningKey(key))).isFalse();
        }
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 1, 0, 0));
    }

    @Test
    void weakPeerKeyLeavesNoSecret() {
        AgreementKey key = done(vault.generateAgreementKey());
        assertRefused(Reason.WEAK_PUBLIC_KEY, vault.agree(key, X25519PublicKey.of(new byte[32])));
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void generatedSigningKeysSign(SignatureAlgorithm algorithm) {
        SigningKey key = done(vault.generateSigningKey(algorithm));
        assertThat(key.publicKey().algorithm()).isEqualTo(algorithm);
        assertThat(key.id().value())
                .isEqualTo(ByteArrays.hex(Sha256.hash(key.publicKey().toBytes())));
        Signature signature = done(vault.sign(key, MESSAGE));
        assertThat(signature.algorithm()).isEqualTo(algorithm);
        assertThat(done(vault.verify(key.publicKey(), MESSAGE, signature))).isTrue();
        assertThat(done(vault.verify(key.publicKey(), "another".getBytes(UTF_8), signature)))
                .isFalse();
        assertThat(done(vault.verify(done(vault.generateSigningKey(algorithm)).publicKey(), MESSAGE, signature)))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void deletedSigningKeyIsUnknown(SignatureAlgorithm algorithm) {
        SigningKey key = done(vault.generateSigningKey(algorithm));
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 1, 0, 0));
        assertThat(done(vault.deleteSigningKey(key))).isTrue();
        assertThat(done(vault.deleteSigningKey(key))).isFalse();
        assertRefused(Reason.UNKNOWN_KEY, vault.sign(key, MESSAGE));
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }

    @Test
    void signatureOfAnotherAlgorithmDoesNotVerify() {
        SigningKey ed25519 = done(vault.generateSigningKey(SignatureAlgorithm.ED25519));
        SigningKey p256 = done(vault.generateSigningKey(SignatureAlgorithm.P256));
        assertThat(done(vault.verify(ed25519.publicKey(), MESSAGE, done(vault.sign(p256, MESSAGE)))))
                .isFalse();
        assertThat(done(vault.verify(p256.publicKey(), MESSAGE, done(vault.sign(ed25519, MESSAGE)))))
                .isFalse();
    }

    @Test
    void eraseAllLeavesNothing() {
        AgreementKey agreementKey = done(vault.generateAgreementKey());
        SigningKey signingKey = done(vault.generateSigningKey(SignatureAlgorithm.ED25519));
        Secret secret = vault.secretOf(counting(1, 32));
        AeadKey key = vault.aeadKey(vault.secretOf(counting(2, 32)));
        AeadKey next = key.rekey();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 1, 1, 2));

        vault.eraseAll();
        vault.eraseAll();
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
        assertThat(secret.isErased()).isTrue();
        assertThat(key.isErased()).isTrue();
        assertThat(next.isErased()).isTrue();
        assertRefused(Reason.UNKNOWN_KEY, vault.agree(agreementKey, agreementKey.publicKey()));
        assertRefused(Reason.UNKNOWN_KEY, vault.sign(signingKey, MESSAGE));
        assertRefused(Reason.ERASED, () -> vault.derive(secret));
        assertRefused(Reason.ERASED, key::rekey);

        done(vault.generateAgreementKey());
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 0));
    }

    @Test
    void curveOperationsRunOnTheExecutorOnly() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        SoftwareVault queued = SoftwareVault.create(tasks::add);
        AgreementKey agreementKey = queued.importAgreementKey(counting(0, 32));
        SigningKey signingKey = queued.importSigningKey(SignatureAlgorithm.ED25519, counting(0, 32));
        Signature signature = Ed25519.sign(counting(0, 32), MESSAGE);
        assertThat(tasks).isEmpty();

        assertRunsQueued(tasks, queued.generateAgreementKey());
        assertRunsQueued(tasks, queued.generateSigningKey(SignatureAlgorithm.ED25519));
        assertRunsQueued(tasks, queued.generateSigningKey(SignatureAlgorithm.P256));
        assertRunsQueued(tasks, queued.agree(agreementKey, agreementKey.publicKey()));
        assertRunsQueued(tasks, queued.sign(signingKey, MESSAGE));
        assertRunsQueued(tasks, queued.verify(signingKey.publicKey(), MESSAGE, signature));
    }

    private static void assertRunsQueued(Queue<Runnable> tasks, CompletionStage<?> stage) {
        assertThat(stage.toCompletableFuture()).isNotDone();
        assertThat(tasks).hasSize(1);
        tasks.remove().run();
        assertThat(done(stage)).isNotNull();
    }

    @Test
    void messagesAreCopiedImmediately() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        SoftwareVault queued = SoftwareVault.create(tasks::add);
        SigningKey key = queued.importSigningKey(SignatureAlgorithm.ED25519, counting(0, 32));
        byte[] message = MESSAGE.clone();
        CompletionStage<Signature> signing = queued.sign(key, message);
        CompletionStage<Boolean> verifying =
                queued.verify(key.publicKey(), message, Ed25519.sign(counting(0, 32), MESSAGE));
        Arrays.fill(message, (byte) 0);
        tasks.forEach(Runnable::run);
        assertThat(done(signing)).isEqualTo(Ed25519.sign(counting(0, 32), MESSAGE));
        assertThat(done(verifying)).isTrue();
    }

    @Test
    void keyDeletedBeforeItsUseIsUnknown() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        SoftwareVault queued = SoftwareVault.create(tasks::add);
        AgreementKey key = queued.importAgreementKey(counting(0, 32));
        CompletionStage<Secret> agreement = queued.agree(key, key.publicKey());
        assertThat(done(queued.deleteAgreementKey(key))).isTrue();
        tasks.remove().run();
        assertRefused(Reason.UNKNOWN_KEY, agreement);
    }

    @Test
    void refusalOfTheExecutorFailsTheStage() {
        SoftwareVault refused = SoftwareVault.create(task -> {
            throw new RejectedExecutionException("closed");
        });
        Throwable failure = done(refused.generateAgreementKey().handle((key, thrown) -> thrown));
        assertThat(failure).isInstanceOf(RejectedExecutionException.class);
        assertThat(refused.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 0));
    }
}
