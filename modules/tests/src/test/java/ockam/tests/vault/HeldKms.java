// SPDX-License-Identifier: Apache-2.0

package ockam.tests.vault;

import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import ockam.vault.KeyId;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;
import ockam.vault.VerifyingKey;
import ockam.vault.service.KeyService;

/** A service that holds all answers to requests for signatures back while the test says so, or loses them. Thread safe. */
final class HeldKms implements KeyService {
    private final SoftwareVault keys = SoftwareVault.create(Runnable::run);
    private final Map<KeyId, SigningKey> byName = new ConcurrentHashMap<>();
    private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
    private volatile boolean holding;

    void hold() {
        holding = true;
    }

    int held() {
        return held.size();
    }

    /** Gives all answers, now and from now on. */
    void release() {
        holding = false;
        for (Runnable answer = held.poll(); answer != null; answer = held.poll()) {
            answer.run();
        }
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
        return Set.of(SignatureAlgorithm.P256);
    }

    @Override
    public CompletionStage<VerifyingKey> generate(KeyId id, SignatureAlgorithm algorithm) {
        return keys.generateSigningKey(algorithm).thenApply(key -> {
            byName.put(id, key);
            return key.publicKey();
        });
    }

    @Override
    public CompletionStage<Optional<VerifyingKey>> find(KeyId id) {
        return CompletableFuture.completedFuture(
                Optional.ofNullable(byName.get(id)).map(SigningKey::publicKey));
    }

    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        var answer = new CompletableFuture<Signature>();
        held.add(() -> keys.sign(Optional.ofNullable(byName.get(key.id())).orElseThrow(), message)
                .thenAccept(answer::complete));
        if (!holding) {
            release();
        }
        return answer;
    }

    @Override
    public CompletionStage<Boolean> delete(KeyId id) {
        return CompletableFuture.completedFuture(byName.remove(id) != null);
    }
}
