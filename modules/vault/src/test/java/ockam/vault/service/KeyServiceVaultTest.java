// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static ockam.vault.service.Ends.done;
import static ockam.vault.service.Ends.failed;
import static ockam.vault.service.Ends.open;
import static ockam.vault.service.Warnings.logged;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import ockam.vault.KeyId;
import ockam.vault.P256PublicKey;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.VerifyingKey;
import ockam.vault.service.FakeKms.Fate;
import ockam.vault.service.FakeKms.Treatment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KeyServiceVaultTest {
    private static final byte[] MESSAGE = "a message".getBytes(UTF_8);
    private static final Duration TIMEOUT = KeyServiceOptions.defaults().timeout();

    private final SoftwareVault software = SoftwareVault.create(Runnable::run);
    private final ManualLater time = new ManualLater();
    private final FakeKms kms = new FakeKms(time);
    private final KeyServiceVault vault = vault(KeyServiceOptions.defaults());

    private KeyServiceVault vault(KeyServiceOptions options) {
        return KeyServiceVault.create(kms, software, time, options);
    }

    private SigningKey generated() {
        SigningKey key = done(vault.generateSigningKey(SignatureAlgorithm.P256));
        kms.requests.clear();
        return key;
    }

    // ---- what it is for ----

    @Test
    void keyOfTheServiceSigns() {
        SigningKey key = done(vault.generateSigningKey(SignatureAlgorithm.P256));
        Signature signature = done(vault.sign(key, MESSAGE));

        assertThat(done(software.verify(key.publicKey(), MESSAGE, signature))).isTrue();
        assertThat(key.id().value()).matches("ockam-[0-9a-f]{32}");
        assertThat(kms.keys).containsOnlyKeys(key.id());
        assertThat(kms.requests).containsExactly("generate", "sign");
        assertThat(vault.underWay()).isZero();
        assertThat(time.waiting()).as("time-outs").isZero();
    }

    @Test
    void eachKeyHasItsOwnName() {
        assertThat(generated().id()).isNotEqualTo(generated().id());
    }

    @Test
    void keyIsFoundAgainByItsNameAndDeletedOnce() {
        SigningKey key = generated();
        KeyServiceVault restarted = vault(KeyServiceOptions.defaults());

        assertThat(done(restarted.find(key.id()))).contains(key);
        assertThat(done(restarted.deleteSigningKey(key))).isTrue();
        assertThat(done(restarted.deleteSigningKey(key))).isFalse();
        assertThat(done(restarted.find(key.id()))).isEmpty();
        failed(Reason.UNKNOWN_KEY, vault.sign(key, MESSAGE));
    }

    @Test
    void algorithmThatTheServiceDoesNotHaveIsRefusedWithoutAsking() {
        failed(Reason.UNSUPPORTED, vault.generateSigningKey(SignatureAlgorithm.ED25519));
        assertThat(kms.requests).isEmpty();
    }

    @Test
    void messageIsCopiedBeforeTheServiceHasIt() {
        SigningKey key = generated();
        kms.treats(new Treatment(Fate.DOWN, Duration.ofSeconds(1)));
        byte[] message = MESSAGE.clone();
        CompletionStage<Signature> signature = vault.sign(key, message);
        message[0]++;
        time.goesOnToTheEnd();

        assertThat(done(software.verify(key.publicKey(), MESSAGE, done(signature))))
                .isTrue();
    }

    // ---- repetitions ----

    @ParameterizedTest
    @EnumSource(names = {"DOWN", "THROTTLED", "BROKEN"})
    void failuresThatPassAreRepeatedLaterAndLater(Fate fate) {
        SigningKey key = generated();
        kms.treats(fate, fate);
        CompletionStage<Signature> signature = vault.sign(key, MESSAGE);
        assertThat(kms.requests).hasSize(1);
        time.goesOn(Duration.ofMillis(99));
        assertThat(kms.requests).hasSize(1);
        time.goesOn(Duration.ofMillis(1));
        assertThat(kms.requests).hasSize(2);
        time.goesOn(Duration.ofMillis(199));
        open(signature);
        time.goesOn(Duration.ofMillis(1));

        assertThat(done(software.verify(key.publicKey(), MESSAGE, done(signature))))
                .isTrue();
        assertThat(kms.requests).hasSize(3);
    }

    @Test
    void afterTheLastAttemptItsFailureIsReported() {
        SigningKey key = generated();
        kms.treats(Fate.DOWN, Fate.DOWN, Fate.THROTTLED, Fate.WELL);
        CompletionStage<Signature> signature = vault.sign(key, MESSAGE);
        time.goesOnToTheEnd();

        assertThat(failed(Reason.OVERLOADED, signature)).hasMessage("throttled");
        assertThat(kms.requests).hasSize(3);
        assertThat(vault.underWay()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"UNAVAILABLE", "OVERLOADED"})
    void allOtherFailuresEndTheCall(Reason reason) {
        var asked = new int[1];
        KeyServiceVault failing = KeyServiceVault.create(
                new Odd() {
                    @Override
                    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
                        asked[0]++;
                        return CompletableFuture.failedFuture(new VaultException(reason, "as told"));
                    }
                },
                software,
                time);
        assertThat(failed(reason, failing.sign(generated(), MESSAGE))).hasMessage("as told");
        assertThat(asked[0]).isEqualTo(1);
        assertThat(failing.underWay()).isZero();
    }

    @Test
    void keyWhoseAnswerWasLostIsGeneratedOnce() {
        kms.treats(Fate.ANSWER_LOST, Fate.BROKEN);
        CompletionStage<SigningKey> key = vault.generateSigningKey(SignatureAlgorithm.P256);
        time.goesOnToTheEnd();

        assertThat(kms.requests).containsExactly("generate", "generate", "generate");
        assertThat(kms.keys).containsOnlyKeys(done(key).id());
    }

    // ---- time-outs ----

    @Test
    void attemptWithoutAnswerIsCancelledAndRepeated() {
        SigningKey key = generated();
        kms.treats(Fate.LOST);
        CompletionStage<Signature> signature = vault.sign(key, MESSAGE);
        time.goesOn(TIMEOUT.minusMillis(1));
        assertThat(kms.underWay()).isEqualTo(1);
        time.goesOn(Duration.ofMillis(1));
        assertThat(kms.underWay()).isZero();
        open(signature);
        time.goesOn(Duration.ofMillis(100));
        assertThat(done(software.verify(key.publicKey(), MESSAGE, done(signature))))
                .isTrue();
    }

    @Test
    void serviceThatNeverAnswersEndsTheCallInBoundedTime() {
        SigningKey key = generated();
        kms.treats(Fate.LOST, Fate.LOST, Fate.LOST);
        CompletionStage<Signature> signature = vault.sign(key, MESSAGE);
        time.goesOn(TIMEOUT.multipliedBy(3).plusMillis(299));
        open(signature);
        time.goesOn(Duration.ofMillis(1));
        failed(Reason.TIMED_OUT, signature);
        assertThat(vault.underWay()).isZero();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void attemptThatCannotBeCancelledIsNotRepeatedAndKeepsItsPlace() {
        SigningKey key = generated();
        kms.stubborn = true;
        kms.treats(new Treatment(Fate.WELL, TIMEOUT.multipliedBy(2)));
        CompletionStage<Signature> signature = vault.sign(key, MESSAGE);
        time.goesOn(TIMEOUT);
        failed(Reason.TIMED_OUT, signature);
        assertThat(vault.underWay()).isEqualTo(1);
        time.goesOn(TIMEOUT.minusMillis(1));
        assertThat(vault.underWay()).isEqualTo(1);
        time.goesOn(Duration.ofMillis(1));
        assertThat(vault.underWay()).isZero();
        assertThat(kms.requests).containsExactly("sign");
    }

    /** Its futures are copies: cancelling one says nothing about the work. */
    @Test
    void attemptBehindAMinimalStageIsNotRepeatedEither() {
        var work = new CompletableFuture<Signature>();
        var asked = new int[1];
        KeyServiceVault minimal = KeyServiceVault.create(
                new Odd() {
                    @Override
                    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
                        asked[0]++;
                        return work.minimalCompletionStage();
                    }
                },
                software,
                time);
        CompletionStage<Signature> signature = minimal.sign(generated(), MESSAGE);
        time.goesOnToTheEnd();
        failed(Reason.TIMED_OUT, signature);
        assertThat(asked[0]).isEqualTo(1);
        assertThat(minimal.underWay()).isEqualTo(1);
        work.cancel(true);
        assertThat(minimal.underWay()).isZero();
    }

    // ---- the bound ----

    @Test
    void callsBeyondTheBoundAreRefusedWithoutAsking() {
        SigningKey key = generated();
        KeyServiceVault two = vault(KeyServiceOptions.defaults().withMaxUnderWay(2));
        Treatment slow = new Treatment(Fate.WELL, Duration.ofSeconds(1));
        kms.treats(slow, slow);
        CompletionStage<Signature> first = two.sign(key, MESSAGE);
        CompletionStage<Signature> second = two.sign(key, MESSAGE);
        failed(Reason.OVERLOADED, two.sign(key, MESSAGE));
        failed(Reason.OVERLOADED, two.find(key.id()));
        failed(Reason.OVERLOADED, two.deleteSigningKey(key));
        failed(Reason.OVERLOADED, two.generateSigningKey(SignatureAlgorithm.P256));
        assertThat(kms.requests).containsExactly("sign", "sign");
        time.goesOnToTheEnd();
        done(first);
        done(second);
        done(two.sign(key, MESSAGE));
        assertThat(two.underWay()).isZero();
    }

    @Test
    void callThatWaitsForItsNextAttemptHasItsPlace() {
        SigningKey key = generated();
        KeyServiceVault one = vault(KeyServiceOptions.defaults().withMaxUnderWay(1));
        kms.treats(Fate.DOWN);
        CompletionStage<Signature> first = one.sign(key, MESSAGE);
        failed(Reason.OVERLOADED, one.sign(key, MESSAGE));
        time.goesOnToTheEnd();
        done(first);
    }

    @Test
    void placeIsFreeWhenTheCallerIsTold() {
        SigningKey key = generated();
        KeyServiceVault one = vault(KeyServiceOptions.defaults().withMaxUnderWay(1));
        kms.treats(new Treatment(Fate.WELL, Duration.ofSeconds(1)), new Treatment(Fate.LOST, Duration.ZERO));
        CompletionStage<Boolean> chain = one.sign(key, MESSAGE)
                .thenCompose(signature -> one.deleteSigningKey(key))
                .exceptionallyCompose(failure -> one.deleteSigningKey(key));
        time.goesOnToTheEnd();
        assertThat(done(chain)).isTrue();
    }

    // ---- cancelling ----

    @Test
    void cancellingCancelsTheAttempt() {
        SigningKey key = generated();
        kms.treats(Fate.LOST);
        CompletableFuture<Signature> signature = vault.sign(key, MESSAGE).toCompletableFuture();
        signature.cancel(true);

        assertThat(kms.underWay()).isZero();
        assertThat(vault.underWay()).isZero();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void cancellingBetweenAttemptsEndsTheCall() {
        SigningKey key = generated();
        kms.treats(Fate.DOWN);
        CompletableFuture<Signature> signature = vault.sign(key, MESSAGE).toCompletableFuture();
        signature.cancel(true);

        assertThat(vault.underWay()).isZero();
        assertThat(time.waiting()).isZero();
        assertThat(kms.requests).containsExactly("sign");
    }

    @Test
    void cancellingWhileTheAnswerComesGivesThePlaceBackOnce() throws Exception {
        SigningKey key = generated();
        for (int i = 0; i < 500; i++) {
            var answer = new CompletableFuture<Signature>();
            KeyServiceVault racing = KeyServiceVault.create(
                    new Odd() {
                        @Override
                        public CompletionStage<Signature> sign(SigningKey with, byte[] message) {
                            return answer;
                        }
                    },
                    software,
                    (after, action) -> {
                        if (after.equals(TIMEOUT)) {
                            return () -> {};
                        }
                        action.run(); // the next attempt follows immediately
                        return () -> {};
                    });
            CompletableFuture<Signature> signature = racing.sign(key, MESSAGE).toCompletableFuture();
            var begin = new CyclicBarrier(2);
            var service = new Thread(() -> {
                try {
                    begin.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new AssertionError(e);
                }
                answer.completeExceptionally(new VaultException(Reason.UNAVAILABLE, "down"));
            });
            service.start();
            begin.await();
            signature.cancel(true);
            service.join();
            assertThat(signature).isCompletedExceptionally();
            assertThat(racing.underWay()).isZero();
        }
    }

    // ---- keys that nobody wants ----

    @Test
    void keyThatWasGeneratedInVainIsDeleted() {
        assertDeletedAfter(Reason.UNAVAILABLE, Fate.BROKEN, Fate.BROKEN, Fate.BROKEN);
    }

    @Test
    void keyIsDeletedIfAnyAttemptMayHaveMadeIt() {
        assertDeletedAfter(Reason.OVERLOADED, Fate.BROKEN, Fate.THROTTLED, Fate.THROTTLED);
    }

    private void assertDeletedAfter(Reason reason, Fate... attempts) {
        kms.treats(attempts);
        CompletionStage<SigningKey> key = vault.generateSigningKey(SignatureAlgorithm.P256);
        time.goesOnToTheEnd();
        failed(reason, key);
        assertThat(kms.requests).containsExactly("generate", "generate", "generate", "delete");
        assertThat(kms.keys).isEmpty();
    }

    @Test
    void keyThatComesTooLateIsDeletedWhenItHasCome() {
        kms.stubborn = true;
        kms.treats(new Treatment(Fate.WELL, TIMEOUT.multipliedBy(2)));
        CompletionStage<SigningKey> key = vault.generateSigningKey(SignatureAlgorithm.P256);
        time.goesOn(TIMEOUT);
        failed(Reason.TIMED_OUT, key);
        assertThat(kms.requests).containsExactly("generate");
        time.goesOn(TIMEOUT);
        assertThat(kms.requests).containsExactly("generate", "delete");
        assertThat(kms.keys).isEmpty();
    }

    @Test
    void keyThatIsCancelledIsDeleted() {
        kms.treats(Fate.ANSWER_LOST);
        vault.generateSigningKey(SignatureAlgorithm.P256).toCompletableFuture().cancel(true);
        assertThat(kms.requests).containsExactly("generate", "delete");
        assertThat(kms.keys).isEmpty();
    }

    /** Nothing of the request is left here, but it has arrived. */
    @Test
    void keyThatACancelledRequestMakesAfterwardsIsDeletedAgain() {
        KeyServiceVault one = vault(KeyServiceOptions.defaults().withAttempts(1).withMaxUnderWay(1));
        kms.treats(new Treatment(Fate.WELL, TIMEOUT.plusSeconds(1)));
        List<String> lines = logged(() -> {
            CompletionStage<SigningKey> key = one.generateSigningKey(SignatureAlgorithm.P256);
            time.goesOn(TIMEOUT);
            failed(Reason.TIMED_OUT, key);
            assertThat(kms.requests).containsExactly("generate", "delete");
            time.goesOn(Duration.ofSeconds(1));
            assertThat(kms.keys).as("made late").hasSize(1);
            time.goesOn(TIMEOUT.minusSeconds(1).minusMillis(1));
            failed(Reason.OVERLOADED, one.find(new KeyId("any")));
            time.goesOn(Duration.ofMillis(1));
        });

        assertThat(kms.requests).containsExactly("generate", "delete", "delete");
        assertThat(kms.keys).isEmpty();
        assertThat(lines).isEmpty();
        assertThat(one.underWay()).isZero();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void keyThatTheCallerCancelledAndThatIsMadeAfterwardsIsDeletedAgain() {
        kms.treats(new Treatment(Fate.WELL, Duration.ofSeconds(1)));
        vault.generateSigningKey(SignatureAlgorithm.P256).toCompletableFuture().cancel(true);
        time.goesOn(Duration.ofSeconds(1));
        assertThat(kms.keys).as("made late").hasSize(1);
        time.goesOnToTheEnd();

        assertThat(kms.requests).containsExactly("generate", "delete", "delete");
        assertThat(kms.keys).isEmpty();
        assertThat(vault.underWay()).isZero();
    }

    /** The first attempt makes it, after the second did and it was deleted. */
    @Test
    void keyThatIsMadeAgainAfterItWasDeletedIsDeletedAgain() {
        kms.treats(new Treatment(Fate.WELL, TIMEOUT.plusSeconds(1)));
        CompletionStage<SigningKey> key = vault.generateSigningKey(SignatureAlgorithm.P256);
        time.goesOn(TIMEOUT.plusMillis(100));
        assertThat(vault.underWay()).isZero();
        assertThat(done(vault.deleteSigningKey(done(key)))).isTrue();
        assertThat(vault.underWay()).isEqualTo(1);
        time.goesOn(Duration.ofMillis(900));
        assertThat(kms.keys).as("made again").hasSize(1);
        time.goesOnToTheEnd();

        assertThat(kms.requests).containsExactly("generate", "generate", "delete", "delete");
        assertThat(kms.keys).isEmpty();
        assertThat(vault.underWay()).isZero();
    }

    @Test
    void keyThatCannotBeMadeAgainAnyMoreIsDeletedOnce() {
        kms.treats(Fate.LOST);
        CompletionStage<SigningKey> key = vault.generateSigningKey(SignatureAlgorithm.P256);
        time.goesOn(TIMEOUT.multipliedBy(2).plusMillis(100));
        assertThat(done(vault.deleteSigningKey(done(key)))).isTrue();

        assertThat(kms.requests).containsExactly("generate", "generate", "delete");
        assertThat(vault.underWay()).isZero();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void keyThatCannotBeDeletedAgainIsNamedInTheLog() {
        kms.treats(Fate.LOST, Fate.WELL, Fate.DOWN, Fate.DOWN, Fate.DOWN);
        List<String> lines = logged(() -> {
            vault.generateSigningKey(SignatureAlgorithm.P256)
                    .toCompletableFuture()
                    .cancel(true);
            time.goesOnToTheEnd();
        });
        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("Nobody wants the key ockam-")
                        .endsWith("could not be deleted: UNAVAILABLE, down"));
        assertThat(vault.underWay()).isZero();
    }

    @Test
    void keyForWhoseSecondDeletionThereIsNoTimeIsNamedInTheLog() {
        var asked = new int[1];
        KeyServiceVault late = KeyServiceVault.create(kms, software, (after, action) -> {
            if (asked[0]++ == 2) { // after the time-outs of both requests
                throw new RejectedExecutionException();
            }
            return () -> {};
        });
        kms.treats(Fate.LOST);
        List<String> lines = logged(() -> late.generateSigningKey(SignatureAlgorithm.P256)
                .toCompletableFuture()
                .cancel(true));
        assertThat(kms.requests).containsExactly("generate", "delete");
        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("FAILED, there is no later time to be had"));
        assertThat(late.underWay()).isZero();
    }

    /** Otherwise whoever comes next could take the place, and the key would stay. */
    @Test
    void keyThatNobodyWantsHasItsPlaceUntilItIsDeleted() {
        KeyServiceVault one = vault(KeyServiceOptions.defaults().withMaxUnderWay(1));
        Treatment broken = new Treatment(Fate.BROKEN, Duration.ZERO);
        Treatment slow = new Treatment(Fate.WELL, Duration.ofSeconds(1));
        kms.treats(broken, broken, broken, slow, slow);
        CompletionStage<SigningKey> key = one.generateSigningKey(SignatureAlgorithm.P256);
        CompletionStage<Optional<SigningKey>> next =
                key.handle((made, failure) -> new KeyId("any")).thenCompose(one::find);
        time.goesOn(Duration.ofMillis(300));

        failed(Reason.UNAVAILABLE, key);
        assertThat(one.underWay()).isEqualTo(1);
        time.goesOnToTheEnd();
        assertThat(kms.requests).containsExactly("generate", "generate", "generate", "delete");
        assertThat(kms.keys).isEmpty();
        assertThat(one.underWay()).isZero();
        Reason refusal =
                done(next.handle((found, failure) -> Call.typed(failure).reason()));
        assertThat(refusal).isEqualTo(Reason.OVERLOADED);
    }

    @Test
    void callerThatGivesUpInAnotherWayWantsNoKeyEither() {
        kms.treats(Fate.ANSWER_LOST);
        vault.generateSigningKey(SignatureAlgorithm.P256)
                .toCompletableFuture()
                .completeExceptionally(new IllegalStateException("took too long"));

        assertThat(kms.requests).containsExactly("generate", "delete");
        assertThat(kms.keys).isEmpty();
        time.goesOnToTheEnd();
        assertThat(vault.underWay()).isZero();
        assertThat(time.waiting()).isZero();
    }

    /** Nor does the log say that there may be a key. */
    @ParameterizedTest
    @EnumSource(names = {"DENIED", "OVERLOADED", "UNSUPPORTED"})
    void whatTheServiceRefusedToMakeIsNotDeleted(Reason refusal) {
        var asked = new ArrayList<String>();
        KeyServiceVault refusing = KeyServiceVault.create(
                new Odd() {
                    @Override
                    public CompletionStage<VerifyingKey> generate(KeyId id, SignatureAlgorithm algorithm) {
                        asked.add("generate");
                        return CompletableFuture.failedFuture(new VaultException(refusal, "as told"));
                    }

                    @Override
                    public CompletionStage<Boolean> delete(KeyId id) {
                        asked.add("delete");
                        return super.delete(id);
                    }
                },
                software,
                time);

        assertThat(logged(() -> {
                    CompletionStage<SigningKey> key = refusing.generateSigningKey(SignatureAlgorithm.P256);
                    time.goesOnToTheEnd();
                    failed(refusal, key);
                }))
                .isEmpty();
        assertThat(asked).containsOnly("generate");
        assertThat(refusing.underWay()).isZero();
    }

    @Test
    void whatWasNeverAskedForIsNotDeleted() {
        KeyServiceVault late = KeyServiceVault.create(kms, software, (after, action) -> {
            throw new RejectedExecutionException();
        });
        assertThat(logged(() -> failed(Reason.FAILED, late.generateSigningKey(SignatureAlgorithm.P256))))
                .isEmpty();
        assertThat(kms.requests).isEmpty();
        assertThat(late.underWay()).isZero();
    }

    @Test
    void keyThatCouldNotBeDeletedIsNamedInTheLog() {
        List<String> lines = logged(() -> {
            kms.treats(Fate.BROKEN, Fate.BROKEN, Fate.BROKEN, Fate.DOWN, Fate.DOWN, Fate.DOWN);
            CompletionStage<SigningKey> key = vault.generateSigningKey(SignatureAlgorithm.P256);
            time.goesOnToTheEnd();
            failed(Reason.UNAVAILABLE, key);
        });
        KeyId left = kms.keys.keySet().iterator().next();
        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("Nobody wants the key " + left + ", and it may be left in ")
                        .endsWith("could not be deleted: UNAVAILABLE, down"));
        assertThat(vault.underWay()).isZero();
    }

    // ---- services that are not as they should be ----

    @Test
    void signatureByAnotherKeyIsNoSignature() {
        SigningKey key = generated();
        kms.keys.put(key.id(), FakeKms.newPair());
        failed(Reason.INVALID_SIGNATURE, vault.sign(key, MESSAGE));
        assertThat(kms.requests).containsExactly("sign");
    }

    @Test
    void keyOfAnotherAlgorithmIsRefusedAndDeleted() {
        SigningKey ed25519 = done(software.generateSigningKey(SignatureAlgorithm.ED25519));
        var deleted = new CompletableFuture<KeyId>();
        KeyServiceVault odd = KeyServiceVault.create(
                new Odd() {
                    @Override
                    public CompletionStage<VerifyingKey> generate(KeyId id, SignatureAlgorithm algorithm) {
                        return CompletableFuture.completedFuture(ed25519.publicKey());
                    }

                    @Override
                    public CompletionStage<Boolean> delete(KeyId id) {
                        deleted.complete(id);
                        return CompletableFuture.completedFuture(true);
                    }
                },
                software,
                time);
        failed(Reason.FAILED, odd.generateSigningKey(SignatureAlgorithm.P256));
        assertThat(deleted).isDone();
    }

    @Test
    void whateverElseFailsIsAFailureWithACause() {
        var thrown = new IllegalStateException("secret");
        KeyServiceVault odd = KeyServiceVault.create(
                new Odd() {
                    @Override
                    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
                        throw thrown;
                    }

                    @Override
                    public CompletionStage<Optional<VerifyingKey>> find(KeyId id) {
                        return CompletableFuture.<Optional<VerifyingKey>>failedFuture(thrown)
                                .thenApply(found -> found);
                    }
                },
                software,
                time);
        SigningKey key = generated();
        assertThat(failed(Reason.FAILED, odd.sign(key, MESSAGE)))
                .hasCause(thrown)
                .hasMessageNotContaining("secret");
        assertThat(failed(Reason.FAILED, odd.find(key.id()))).hasCause(thrown);
        assertThat(odd.underWay()).isZero();
        assertThat(time.waiting()).isZero();
    }

    @Test
    void withoutATimeOutNothingIsAsked() {
        KeyServiceVault late = KeyServiceVault.create(kms, software, (after, action) -> {
            throw new RejectedExecutionException();
        });
        failed(Reason.FAILED, late.find(new KeyId("any")));
        assertThat(kms.requests).isEmpty();
        assertThat(late.underWay()).isZero();
    }

    @Test
    void withoutATimeForTheNextAttemptTheFailureIsThatOfTheLast() {
        kms.treats(Fate.DOWN);
        KeyServiceVault late = KeyServiceVault.create(kms, software, (after, action) -> {
            if (after.equals(TIMEOUT)) {
                return () -> {};
            }
            throw new RejectedExecutionException();
        });
        failed(Reason.UNAVAILABLE, late.find(new KeyId("any")));
        assertThat(late.underWay()).isZero();
    }

    @Test
    void printsWhatIsUnderWay() {
        assertThat(vault.toString()).endsWith(", 0 of 256 calls under way)");
    }

    /** A service that has one key and otherwise fails with what a test does not expect. */
    private abstract static class Odd implements KeyService {
        @Override
        public Set<SignatureAlgorithm> algorithms() {
            return Set.of(SignatureAlgorithm.P256);
        }

        @Override
        public CompletionStage<VerifyingKey> generate(KeyId id, SignatureAlgorithm algorithm) {
            return CompletableFuture.completedFuture(
                    P256PublicKey.ofX509(FakeKms.newPair().getPublic().getEncoded()));
        }

        @Override
        public CompletionStage<Optional<VerifyingKey>> find(KeyId id) {
            return CompletableFuture.failedFuture(new AssertionError());
        }

        @Override
        public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
            return CompletableFuture.failedFuture(new AssertionError());
        }

        @Override
        public CompletionStage<Boolean> delete(KeyId id) {
            return CompletableFuture.failedFuture(new AssertionError());
        }
    }
}
