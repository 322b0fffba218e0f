// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.identity.IdentityTests.NOW;
import static ockam.identity.IdentityTests.identitiesAt;
import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import ockam.identity.IdentityException.Reason;
import ockam.identity.IdentityRepository.Retention;
import ockam.vault.Ed25519Signature;
import ockam.vault.Signature;
import ockam.vault.SoftwareVault;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Concurrent calls: comparing and storing is one step, and the identities of a node never fork. */
class ConcurrencyTest {
    private static final int THREADS = 8;
    private static final int IDENTITIES = 4_000;
    private static final int PER_STEP = 20;

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ExecutorService curves = Executors.newFixedThreadPool(2);
    private final SoftwareVault vault = SoftwareVault.create(curves);
    private final InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
    private final Identities identities = identitiesAt(NOW, vault, repository);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        curves.shutdownNow();
    }

    /**
     * What a thread does.
     *
     * @param <T> its result
     */
    private interface Call<T> {
        CompletionStage<T> by(int thread) throws Exception;
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    /** Returns the results of the same call made by all threads at the same moment. */
    private <T> List<Future<T>> together(Call<T> call) throws Exception {
        var start = new CyclicBarrier(THREADS);
        List<Future<T>> results = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            results.add(threads.submit(() -> {
                start.await(1, TimeUnit.MINUTES);
                return await(call.by(number));
            }));
        }
        return results;
    }

    @Test
    void onlyOneOfConflictingHistoriesIsStored() throws Exception {
        InMemoryIdentityRepository store = InMemoryIdentityRepository.create();
        var inStep = new CyclicBarrier(THREADS);

        List<Future<List<Comparison>>> results = together(thread -> {
            List<Comparison> answers = new ArrayList<>();
            for (int identity = 0; identity < IDENTITIES; identity++) {
                ChangeHistory history = unsigned(identity, thread);
                if (identity % PER_STEP == 0) {
                    inStep.await(1, TimeUnit.MINUTES);
                }
                answers.add(await(store.update(history, thread % 2 == 0 ? Retention.EVICTABLE : Retention.KEPT)));
            }
            return CompletableFuture.completedFuture(answers);
        });

        for (int identity = 0; identity < IDENTITIES; identity++) {
            List<Comparison> answers = new ArrayList<>();
            for (Future<List<Comparison>> result : results) {
                answers.add(result.get(1, TimeUnit.MINUTES).get(identity));
            }
            assertThat(answers).containsOnlyOnce(Comparison.FIRST_SEEN);
            assertThat(answers).filteredOn(Comparison.CONFLICT::equals).hasSize(THREADS - 1);
            int winner = answers.indexOf(Comparison.FIRST_SEEN);
            ChangeHistory stored = unsigned(identity, winner);
            assertThat(await(store.history(stored.identifier()))).contains(stored);
        }
    }

    /** Returns a history of two changes, the second of which differs from thread to thread; the repository verifies nothing. */
    private static ChangeHistory unsigned(int identity, int thread) {
        Signature none = Ed25519Signature.of(new byte[Ed25519Signature.LENGTH]);
        Change first = new Change(ByteString.fromString("identity " + identity), none, null);
        return Forge.of(first, new Change(ByteString.fromString("thread " + thread), none, none));
    }

    @Test
    void importsOnlyOneOfConflictingHistories() throws Exception {
        Forge forge = new Forge();
        List<ChangeHistory> conflicting = IntStream.range(0, THREADS)
                .mapToObj(i -> forge.history(forge.ed25519(1), forge.ed25519(2 + i)))
                .toList();

        int stored = countReason(
                Reason.HISTORY_CONFLICT,
                together(i -> identities.importHistory(conflicting.get(i).export())));

        assertThat(stored).isEqualTo(1);
    }

    @Test
    void identityNeverForksUnderConcurrentRotations() throws Exception {
        Identity identity = await(identities.create());

        int rotations = countReason(Reason.CHANGED_CONCURRENTLY, together(i -> identities.rotate(identity)));

        ChangeHistory history = await(identities.history(identity.identifier())).orElseThrow();
        assertThat(rotations).isPositive();
        assertThat(history.changes()).hasSize(1 + rotations);
        await(identitiesAt(NOW, vault, InMemoryIdentityRepository.create()).importHistory(history.export()));
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(1);
    }

    /** Returns how many succeeded; the others must have failed for this reason. */
    private static int countReason(Reason reason, List<? extends Future<?>> results) throws Exception {
        int succeeded = 0;
        for (Future<?> result : results) {
            try {
                result.get(1, TimeUnit.MINUTES);
                succeeded++;
            } catch (ExecutionException e) { // the pool's, around that of the stage
                assertThat(e)
                        .rootCause()
                        .isInstanceOfSatisfying(
                                IdentityException.class,
                                failure -> assertThat(failure.reason()).isEqualTo(reason));
            }
        }
        return succeeded;
    }

    @Test
    void concurrentCallersGetTheSamePurposeKey() throws Exception {
        Identity identity = await(identities.create());

        List<SecureChannelKey> keys = new ArrayList<>();
        for (Future<SecureChannelKey> key : together(i -> identities.secureChannelKey(identity))) {
            keys.add(key.get(1, TimeUnit.MINUTES));
        }

        assertThat(keys).containsOnly(keys.get(0));
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
    }

    @Test
    void rotationAndNewPurposeKeysDoNotHinderEachOther() throws Exception {
        Identity identity = await(identities.create());
        for (int round = 0; round < 20; round++) {
            var results = together(i -> switch (i) {
                case 0 -> identities.rotate(identity).thenApply(rotated -> true);
                case 1, 2, 3 -> identities.credentialKey(identity).thenApply(key -> true);
                default -> identities.secureChannelKey(identity).thenApply(key -> true);
            });
            for (Future<Boolean> result : results) {
                assertThat(result.get(1, TimeUnit.MINUTES)).isTrue();
            }
        }

        SecureChannelKey key = await(identities.secureChannelKey(identity));
        await(identities.credentialKey(identity));
        assertThat(key.changeHistory().changes()).hasSize(21);
        await(identities.verifyAttestation(key.attestation()));
        assertThat(vault.keyCounts().agreementKeys()).isEqualTo(1);
        assertThat(vault.keyCounts().signingKeys()).isEqualTo(2);
    }
}
