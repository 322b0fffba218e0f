// SPDX-License-Identifier: Apache-2.0

package ockam.vault.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import ockam.vault.KeyId;
import ockam.vault.P256PublicKey;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.VerifyingKey;
import org.junit.jupiter.api.Test;

class TokenTest {
    private static final KeyId ID = new KeyId("ockam-1");
    private static final byte[] MESSAGE = "a message".getBytes(UTF_8);

    private final SoftwareVault software = SoftwareVault.create(Runnable::run);
    private final FakeToken token = new FakeToken();
    private final Pkcs11KeyService service = service("1234"::toCharArray);

    private Pkcs11KeyService service(Supplier<char[]> pin) {
        return Pkcs11KeyService.create(token, pin, Runnable::run);
    }

    private static <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(future).isDone();
        return future.join();
    }

    private static VaultException failed(Reason reason, CompletionStage<?> stage) {
        Throwable failure = done(stage.handle((result, thrown) -> thrown));
        assertThat(failure)
                .isInstanceOfSatisfying(
                        VaultException.class, e -> assertThat(e.reason()).isEqualTo(reason));
        return (VaultException) failure;
    }

    private VerifyingKey generated() {
        return done(service.generate(ID, SignatureAlgorithm.P256));
    }

    private CompletionStage<Signature> signature(VerifyingKey key) {
        return service.sign(new SigningKey(ID, key), MESSAGE);
    }

    @Test
    void keyIsGeneratedFoundUsedAndDeleted() {
        assertThat(done(service.find(ID))).isEmpty();
        VerifyingKey key = generated();
        assertThat(done(service.find(ID))).contains(key);
        assertThat(done(software.verify(key, MESSAGE, done(signature(key))))).isTrue();
        assertThat(done(service.delete(ID))).isTrue();
        assertThat(done(service.delete(ID))).isFalse();
        assertThat(token.entries).isEmpty();
        failed(Reason.UNKNOWN_KEY, signature(key));
    }

    @Test
    void keyThatIsThereIsNotGeneratedAgain() {
        VerifyingKey key = generated();
        assertThat(generated()).isEqualTo(key);
        assertThat(token.entries).hasSize(1);
    }

    @Test
    void certificateBesideTheKeyIsByTheKeyAboutItselfAndWithoutAnEnd() throws GeneralSecurityException {
        VerifyingKey key = generated();
        var certificate = (X509Certificate)
                Optional.ofNullable(token.entries.get(ID.value())).orElseThrow().certificate();
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
        assertThat(P256PublicKey.ofX509(certificate.getPublicKey().getEncoded()))
                .isEqualTo(key);
        assertThat(certificate.getSubjectX500Principal()).isEqualTo(certificate.getIssuerX500Principal());
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=Ockam signing key");
        assertThat(certificate.getNotBefore().toInstant()).hasToString("2020-01-01T00:00:00Z");
        assertThat(certificate.getNotAfter().toInstant()).hasToString("9999-12-31T23:59:59Z");
        assertThat(certificate.getSerialNumber()).isPositive();
    }

    @Test
    void keyThatSomebodyElseMadeSinceIsFound() {
        assertThat(done(service.find(ID))).isEmpty();
        VerifyingKey key = done(service("1234"::toCharArray).generate(ID, SignatureAlgorithm.P256));
        assertThat(done(software.verify(key, MESSAGE, done(signature(key))))).isTrue();
        assertThat(done(service.find(ID))).contains(key);
    }

    @Test
    void keyThatIsListedIsNotLookedForAnew() {
        VerifyingKey key = generated();
        int before = token.loads;
        done(signature(key));
        assertThat(token.loads).isEqualTo(before);
    }

    @Test
    void keyThatSomebodyElseDeletedIsUnknown() {
        VerifyingKey key = generated();
        token.entries.clear();
        failed(Reason.UNKNOWN_KEY, signature(key));
        assertThat(done(service.find(ID))).isEmpty();
        assertThat(done(service.delete(ID))).isFalse();
    }

    @Test
    void keyThatCouldBeReadOutIsNotKept() {
        token.readable = true;
        failed(Reason.UNSUPPORTED, service.generate(ID, SignatureAlgorithm.P256));
        assertThat(token.entries).isEmpty();
    }

    // ---- the PIN ----

    @Test
    void pinThatWasRefusedIsNotTriedAgain() {
        var asked = new AtomicInteger();
        Pkcs11KeyService wrong = service(() -> {
            asked.incrementAndGet();
            return "9999".toCharArray();
        });
        assertThat(failed(Reason.DENIED, wrong.find(ID))).hasMessageContaining("CKR_PIN_INCORRECT");
        assertThat(failed(Reason.DENIED, wrong.find(ID))).hasMessageContaining("not tried again");
        assertThat(asked).hasValue(1);
        assertThat(token.logIns).isEqualTo(1);
    }

    @Test
    void pinIsOverwritten() {
        char[] pin = "1234".toCharArray();
        done(service(() -> pin).find(ID));
        assertThat(pin).containsOnly('\0');
    }

    // ---- tokens that come and go ----

    @Test
    void tokenThatWasAwayIsOpenedAnew() {
        VerifyingKey key = generated();
        token.error = "CKR_TOKEN_NOT_PRESENT";
        assertThat(failed(Reason.UNAVAILABLE, signature(key))).hasMessageContaining("CKR_TOKEN_NOT_PRESENT");
        token.present = false;
        failed(Reason.UNAVAILABLE, signature(key));
        int before = token.logIns;
        token.error = "";
        token.present = true;
        assertThat(done(software.verify(key, MESSAGE, done(signature(key))))).isTrue();
        assertThat(token.logIns).isEqualTo(before + 1);
    }

    @Test
    void tokenThatLoggedThisProcessOutIsOpenedAnew() {
        assertThat(done(service.find(ID))).isEmpty();
        token.loggedIn = false;
        failed(Reason.UNAVAILABLE, service.find(ID));
        assertThat(done(service.find(ID))).isEmpty();
        assertThat(token.logIns).isEqualTo(2);
    }

    @Test
    void otherFailuresLeaveTheTokenOpen() {
        VerifyingKey key = generated();
        int before = token.logIns;
        token.error = "CKR_FUNCTION_FAILED";
        failed(Reason.FAILED, signature(key));
        failed(Reason.FAILED, service.delete(ID));
        failed(Reason.FAILED, service.generate(new KeyId("another"), SignatureAlgorithm.P256));
        token.error = "";
        assertThat(done(software.verify(key, MESSAGE, done(signature(key))))).isTrue();
        assertThat(token.logIns).isEqualTo(before);
    }

    @Test
    void printsTheNameOfTheProvider() {
        assertThat(service).hasToString("Pkcs11KeyService(FakeToken)");
    }

    @Test
    void wrongPinIsTriedOnceHoweverManyThreadsThereAre() {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 200; round++) {
                FakeToken fresh = new FakeToken();
                Pkcs11KeyService wrong = Pkcs11KeyService.create(fresh, "0000"::toCharArray, threads);
                List<CompletableFuture<?>> calls = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    calls.add(wrong.find(ID).toCompletableFuture());
                }
                for (CompletableFuture<?> call : calls) {
                    assertThatThrownBy(call::join).hasCauseInstanceOf(VaultException.class);
                }
                assertThat(fresh.logIns).as("round %d", round).isEqualTo(1);
            }
        } finally {
            threads.shutdown();
        }
    }
}
