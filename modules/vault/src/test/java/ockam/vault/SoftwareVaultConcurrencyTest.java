// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import static ockam.vault.VaultTests.NO_AAD;
import static ockam.vault.VaultTests.counting;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.vault.VaultException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SoftwareVaultConcurrencyTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 200;
    private static final KeyCounts NOTHING = new KeyCounts(0, 0, 0, 0);

    private final ExecutorService curves = Executors.newFixedThreadPool(2);
    private final ExecutorService callers = Executors.newFixedThreadPool(THREADS);
    private final SoftwareVault vault = SoftwareVault.create(curves);

    @AfterEach
    void stop() throws InterruptedException {
        curves.shutdownNow();
        callers.shutdownNow();
        assertThat(curves.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    /** Runs the task in all threads at the same time and returns their results. */
    private <T> List<T> inAllThreads(Callable<T> task) throws Exception {
        var start = new CyclicBarrier(THREADS);
        List<Future<T>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(callers.submit(() -> {
                start.await();
                return task.call();
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> each : running) {
            results.add(each.get());
        }
        return results;
    }

    private static boolean failsAs(Reason reason, Runnable use) {
        try {
            use.run();
            return false;
        } catch (VaultException e) {
            assertThat(e.reason()).isEqualTo(reason);
            return true;
        }
    }

    @Test
    void countsAreExactAfterManyThreadsCreatedAndDeletedKeys() throws Exception {
        AgreementKey peer = vault.generateAgreementKey().toCompletableFuture().get();
        inAllThreads(() -> {
            for (int round = 0; round < ROUNDS / THREADS; round++) {
                AgreementKey own =
                        vault.generateAgreementKey().toCompletableFuture().get();
                SigningKey signing = vault.generateSigningKey(SignatureAlgorithm.ED25519)
                        .toCompletableFuture()
                        .get();
                Secret shared =
                        vault.agree(own, peer.publicKey()).toCompletableFuture().get();
                DerivedSecrets derived = vault.derive(shared);
                AeadKey key = vault.aeadKey(derived.second());
                AeadKey next = key.rekey();
                key.seal(0, NO_AAD, new byte[64], 0, 48);
                derived.erase();
                shared.erase();
                key.erase();
                next.erase();
                assertThat(vault.deleteAgreementKey(own).toCompletableFuture().get())
                        .isTrue();
                assertThat(vault.deleteSigningKey(signing).toCompletableFuture().get())
                        .isTrue();
            }
            return true;
        });
        assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 0));
    }

    @Test
    void onlyOneOfManyThreadsDeletesAKey() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AgreementKey key = vault.importAgreementKey(counting(round, 32));
            List<Boolean> deleted = inAllThreads(
                    () -> vault.deleteAgreementKey(key).toCompletableFuture().get());
            assertThat(deleted).containsOnlyOnce(true);
        }
        assertThat(vault.keyCounts()).isEqualTo(NOTHING);
    }

    @Test
    void onlyOneOfManyThreadsTakesASecretOver() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Secret secret = vault.secretOf(counting(round, 32));
            List<Boolean> refused = inAllThreads(() -> failsAs(Reason.ERASED, () -> vault.aeadKey(secret)));
            assertThat(refused).containsOnlyOnce(false);
            assertThat(vault.keyCounts()).isEqualTo(new KeyCounts(0, 0, 0, 1));
            vault.eraseAll();
        }
        assertThat(vault.keyCounts()).isEqualTo(NOTHING);
    }

    @Test
    void useOfASecretSeesItCompleteOrErased() throws Exception {
        byte[] output = Hkdf.derive(counting(1, 32), ByteArrays.EMPTY, 64);
        byte[] expected = Arrays.copyOf(output, 32);
        for (int round = 0; round < ROUNDS; round++) {
            Secret secret = vault.secretOf(counting(1, 32));
            var turn = new AtomicInteger();
            inAllThreads(() -> {
                if (turn.getAndIncrement() == THREADS / 2) {
                    secret.erase();
                    return true;
                }
                return failsAs(Reason.ERASED, () -> {
                    DerivedSecrets derived = vault.derive(secret);
                    assertThat(VaultTests.bytesOf(derived.first())).isEqualTo(expected);
                    derived.erase();
                });
            });
            assertThat(vault.keyCounts()).isEqualTo(NOTHING);
        }
    }

    @Test
    void erasingACipherKeyFromElsewhereEndsItsUse() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            AeadKey key = vault.aeadKey(vault.secretOf(counting(1, 32)));
            Future<Boolean> owner = callers.submit(() -> failsAs(Reason.ERASED, () -> {
                byte[] buffer = new byte[64];
                for (long nonce = 0; nonce != AeadKey.RESERVED_NONCE; nonce++) {
                    key.seal(nonce, NO_AAD, buffer, 0, 48);
                }
            }));
            vault.eraseAll();
            assertThat(owner.get()).isTrue();
            assertThat(vault.keyCounts()).isEqualTo(NOTHING);
        }
    }
}
