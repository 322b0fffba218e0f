// SPDX-License-Identifier: Apache-2.0

package ockam.tests.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static ockam.fixtures.Stages.await;
import static ockam.fixtures.Stages.awaitFailureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import ockam.vault.KeyId;
import ockam.vault.P256Signature;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.pkcs11.Pkcs11KeyService;
import ockam.vault.service.KeyServiceOptions;
import ockam.vault.service.KeyServiceVault;
import ockam.vault.service.Later;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys in a token of SoftHSM; skipped without it. */
class Pkcs11VaultTest {
    private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

    private final SoftHsm hsm = SoftHsm.get();
    private final SoftwareVault software = SoftwareVault.create(Runnable::run);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private final KeyServiceVault vault = vault("keys");

    @AfterEach
    void stop() {
        executor.shutdownNow();
        timer.shutdownNow();
    }

    /** Returns a vault with a provider of its own, as after a restart. */
    private KeyServiceVault vault(String token) {
        return vault(service(token, SoftHsm.PIN));
    }

    private KeyServiceVault vault(Pkcs11KeyService service) {
        return KeyServiceVault.create(
                service, software, Later.on(timer), KeyServiceOptions.defaults().withMaxUnderWay(100));
    }

    private Pkcs11KeyService service(String token, String pin) {
        return Pkcs11KeyService.create(Pkcs11KeyService.provider(hsm.configuration(token)), pin::toCharArray, executor);
    }

    private SigningKey generated() {
        return await(vault.generateSigningKey(SignatureAlgorithm.P256));
    }

    private static VaultException failed(Reason reason, CompletionStage<?> stage) {
        Throwable failure = awaitFailureOf(stage);
        assertThat(failure)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        return (VaultException) failure;
    }

    @Test
    void signaturesOfTheTokenVerifyInSoftwareAndOfNothingElse() {
        SigningKey key = generated();
        SigningKey other = generated();
        Signature signature = await(vault.sign(key, MESSAGE));

        assertThat(signature).isInstanceOf(P256Signature.class);
        assertThat(await(software.verify(key.publicKey(), MESSAGE, signature))).isTrue();
        assertThat(await(software.verify(key.publicKey(), new byte[0], signature)))
                .isFalse();
        assertThat(await(software.verify(other.publicKey(), MESSAGE, signature)))
                .isFalse();
        for (int i = 0; i < P256Signature.LENGTH; i++) {
            byte[] damaged = signature.toBytes();
            damaged[i] ^= 1;
            assertThat(await(software.verify(key.publicKey(), MESSAGE, P256Signature.of(damaged))))
                    .isFalse();
        }
    }

    @Test
    void messagesOfAllLengthsAreSigned() {
        SigningKey key = generated();
        for (int length : new int[] {0, 1, 31, 32, 33, 55, 56, 64, 1000, 100_000}) {
            byte[] message = new byte[length];
            assertThat(await(software.verify(key.publicKey(), message, await(vault.sign(key, message)))))
                    .as("%s bytes", length)
                    .isTrue();
        }
    }

    @Test
    void keyIsThereAfterARestart() {
        SigningKey key = generated();
        KeyServiceVault restarted = vault("keys");

        assertThat(await(restarted.find(key.id()))).contains(key);
        assertThat(await(software.verify(key.publicKey(), MESSAGE, await(restarted.sign(key, MESSAGE)))))
                .isTrue();
    }

    @Test
    void keyThatAnotherVaultMadeMeanwhileIsFound() {
        SigningKey before = generated();
        KeyServiceVault other = vault("keys");
        assertThat(await(other.find(before.id()))).isPresent();
        SigningKey after = generated();
        assertThat(await(software.verify(after.publicKey(), MESSAGE, await(other.sign(after, MESSAGE)))))
                .isTrue();
    }

    @Test
    void keyGeneratedTwiceUnderOneNameIsOneKey() {
        Pkcs11KeyService service = service("keys", SoftHsm.PIN);
        KeyId id = new KeyId("twice");
        assertThat(await(service.generate(id, SignatureAlgorithm.P256)))
                .isEqualTo(await(service.generate(id, SignatureAlgorithm.P256)));
        assertThat(await(service.delete(id))).isTrue();
        assertThat(await(service.find(id))).isEmpty();
    }

    @Test
    void keyThatWasDeletedElsewhereIsUnknown() {
        SigningKey key = generated();
        await(vault.sign(key, MESSAGE));
        KeyServiceVault other = vault("keys");
        assertThat(await(other.deleteSigningKey(key))).isTrue();

        failed(Reason.UNKNOWN_KEY, vault.sign(key, MESSAGE));
        assertThat(await(vault.find(key.id()))).isEmpty();
        assertThat(await(vault.deleteSigningKey(key))).isFalse();
    }

    @Test
    void keyOfAnotherTokenIsUnknown() {
        failed(Reason.UNKNOWN_KEY, vault("identities").sign(generated(), MESSAGE));
    }

    @Test
    void manySignaturesAtATimeAllVerify() {
        SigningKey key = generated();
        List<CompletionStage<Boolean>> verified = IntStream.range(0, 100)
                .mapToObj(number -> vault.sign(key, new byte[number])
                        .thenCompose(signature -> software.verify(key.publicKey(), new byte[number], signature)))
                .toList();
        assertThat(verified).allMatch(stage -> await(stage));
        assertThat(vault.underWay()).isZero();
    }

    @Test
    void moreThanAllowedAreRefusedAndTheRestIsDone() {
        SigningKey key = generated();
        List<CompletionStage<Reason>> ends = IntStream.range(0, 1000)
                .mapToObj(number -> vault.sign(key, MESSAGE)
                        .handle((signature, failure) -> failure == null
                                ? Reason.UNSUPPORTED // stands for none
                                : ((VaultException) failure).reason()))
                .toList();
        List<Reason> reasons = ends.stream().map(stage -> await(stage)).toList();
        assertThat(reasons).containsOnly(Reason.UNSUPPORTED, Reason.OVERLOADED);
        assertThat(vault.underWay()).isZero();
    }

    @Test
    void wrongPinIsDeniedAndNotTriedAgain() {
        var asked = new AtomicInteger();
        KeyServiceVault wrong = vault(Pkcs11KeyService.create(
                Pkcs11KeyService.provider(hsm.configuration("guarded")),
                () -> {
                    asked.incrementAndGet();
                    return "9999".toCharArray();
                },
                executor));
        failed(Reason.DENIED, wrong.generateSigningKey(SignatureAlgorithm.P256));
        for (int i = 0; i < 20; i++) { // some tokens lock themselves after three
            failed(Reason.DENIED, wrong.find(new KeyId("any")));
        }
        assertThat(asked).hasValue(1);

        await(vault("guarded").generateSigningKey(SignatureAlgorithm.P256));
    }

    @Test
    void pinIsOverwrittenAfterUse() {
        char[] pin = SoftHsm.PIN.toCharArray();
        await(vault(Pkcs11KeyService.create(Pkcs11KeyService.provider(hsm.configuration("keys")), () -> pin, executor))
                .find(new KeyId("any")));
        assertThat(pin).containsOnly('\0');
    }

    @Test
    void slotThatDoesNotExistIsUnavailable() {
        String configuration = hsm.configuration("keys").replace(hsm.slot("keys"), "987654321");
        assertThatThrownBy(() -> Pkcs11KeyService.provider(configuration))
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }

    @Test
    void keysThatCouldBeReadOutAreRefused() {
        Provider careless = Security.getProvider("SunPKCS11")
                .configure("--" + hsm.configuration("readable")
                        + "\nattributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {\n"
                        + "CKA_SENSITIVE = false\nCKA_EXTRACTABLE = true\n}\n");
        failed(
                Reason.UNSUPPORTED,
                vault(Pkcs11KeyService.create(careless, SoftHsm.PIN::toCharArray, executor))
                        .generateSigningKey(SignatureAlgorithm.P256));
    }

    /** For tokens that cannot copy a key out of its session. */
    @Test
    void keysGeneratedAsObjectsOfTheTokenAreThereAfterARestart() {
        Provider direct = Pkcs11KeyService.provider(hsm.configuration("keys")
                + "\nattributes(generate, CKO_PRIVATE_KEY, CKK_EC) = {\nCKA_TOKEN = true\n}\n");
        SigningKey key = await(vault(Pkcs11KeyService.create(direct, SoftHsm.PIN::toCharArray, executor))
                .generateSigningKey(SignatureAlgorithm.P256));
        assertThat(await(software.verify(
                        key.publicKey(), MESSAGE, await(vault("keys").sign(key, MESSAGE)))))
                .isTrue();
        assertThat(await(vault.deleteSigningKey(key))).isTrue();
    }

    @Test
    void ed25519IsUnsupported() {
        failed(Reason.UNSUPPORTED, vault.generateSigningKey(SignatureAlgorithm.ED25519));
    }
}
