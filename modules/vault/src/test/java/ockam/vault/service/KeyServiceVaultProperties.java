// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import static ockam.vault.service.Ends.done;
import static ockam.vault.service.Warnings.logged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.longs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.vault.KeyId;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.service.FakeKms.Fate;
import ockam.vault.service.FakeKms.Treatment;
import org.junit.jupiter.api.Test;

/**
 * A fake service whose delays and failures are drawn from a seed: each call ends, in bounded time and as one of few failures, never more
 * is under way than allowed, and no key is left that nobody knows of.
 */
class KeyServiceVaultProperties {
    private static final int MAX_UNDER_WAY = 8;
    private static final KeyServiceOptions OPTIONS =
            KeyServiceOptions.defaults().withMaxUnderWay(MAX_UNDER_WAY);
    private static final Duration LONGEST_CALL =
            OPTIONS.timeout().multipliedBy(3).plusMillis(300);
    private static final List<Fate> FATES = List.of(Fate.values());
    private static final Set<Reason> ALLOWED = Set.of(Reason.UNAVAILABLE, Reason.OVERLOADED, Reason.TIMED_OUT);

    @Test
    void everyCallEndsAndNothingIsLeft() {
        qt().withExamples(50).withShrinkCycles(0).forAll(longs().all()).check(seed -> {
            new Run(new Random(seed)).run();
            return true;
        });
    }

    private static final class Run {
        private final Random random;
        private final SoftwareVault software = SoftwareVault.create(Runnable::run);
        private final ManualLater time = new ManualLater();
        private final FakeKms kms = new FakeKms(time);
        private final KeyServiceVault vault = KeyServiceVault.create(kms, software, time, OPTIONS);
        private final List<CompletableFuture<?>> calls = new ArrayList<>();
        private final Set<KeyId> notDeleted = new HashSet<>(); // and the caller was told
        private final SigningKey key;

        Run(Random random) {
            this.random = random;
            this.key = done(vault.generateSigningKey(SignatureAlgorithm.P256));
            kms.treatments = () -> new Treatment(fate(), Duration.ofMillis(random.nextInt(1, 8_000)));
            kms.stubborn = random.nextBoolean();
        }

        private Fate fate() {
            if (kms.stubborn) { // something that cannot be cancelled has to end
                return random.nextBoolean() ? Fate.WELL : Fate.DOWN;
            }
            return random.nextBoolean() ? Fate.WELL : FATES.get(random.nextInt(FATES.size()));
        }

        void run() {
            List<String> warnings = logged(this::callAndWait);
            assertThat(vault.underWay()).isZero();
            assertThat(kms.mostUnderWay).isLessThanOrEqualTo(MAX_UNDER_WAY);
            assertThat(kms.keys).containsKey(key.id());
            assertThat(kms.keys.keySet())
                    .allSatisfy(left -> assertThat(isKnown(left, warnings))
                            .as("%s is in %s", left, warnings)
                            .isTrue());

            kms.treatments = () -> Treatment.AT_ONCE;
            assertThat(done(software.verify(key.publicKey(), new byte[1], done(vault.sign(key, new byte[1])))))
                    .isTrue();
        }

        private void callAndWait() {
            for (int i = 0; i < 60; i++) {
                call();
                time.goesOn(Duration.ofMillis(random.nextInt(2_000)));
            }
            time.goesOn(LONGEST_CALL.multipliedBy(2)); // a key that is generated last is deleted afterwards
            assertThat(calls).allMatch(CompletableFuture::isDone);
            calls.forEach(CompletableFuture::join);
            time.goesOnToTheEnd();
        }

        private boolean isKnown(KeyId left, List<String> warnings) {
            return left.equals(key.id())
                    || notDeleted.contains(left)
                    || warnings.stream().anyMatch(line -> line.contains(left.value()));
        }

        private void call() {
            switch (random.nextInt(4)) {
                case 0 -> generateAndDelete();
                case 1 -> {
                    CompletableFuture<Signature> cancelled =
                            vault.sign(key, new byte[1]).toCompletableFuture();
                    time.after(Duration.ofMillis(random.nextInt(1, 10_000)), () -> cancelled.cancel(true));
                    calls.add(cancelled.handle((signature, failure) -> true));
                }
                default -> sign();
            }
        }

        private void sign() {
            byte[] message = new byte[random.nextInt(100)];
            random.nextBytes(message);
            expect(vault.sign(key, message)
                    .thenAccept(signature -> assertThat(done(software.verify(key.publicKey(), message, signature)))
                            .isTrue()));
        }

        private void generateAndDelete() {
            expect(vault.generateSigningKey(SignatureAlgorithm.P256).thenAccept(made -> {
                assertThat(kms.keys).containsKey(made.id());
                expect(vault.deleteSigningKey(made)
                        .whenComplete((was, failure) -> {
                            if (failure != null) {
                                notDeleted.add(made.id());
                            }
                        })
                        .thenAccept(was -> assertThat(kms.keys).doesNotContainKey(made.id())));
            }));
        }

        private void expect(CompletionStage<?> call) {
            calls.add(call.handle((result, failure) -> {
                        if (failure != null) {
                            VaultException typed = Call.typed(failure);
                            assertThat(typed.reason()).as("%s", typed).isIn(ALLOWED);
                        }
                        return true;
                    })
                    .toCompletableFuture());
        }
    }
}
