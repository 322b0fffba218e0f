// SPDX-License-Identifier: Apache-2.0

package ockam.vault.service;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.vault.KeyId;
import ockam.vault.P256PublicKey;
import ockam.vault.P256Signature;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.VaultException;
import ockam.vault.VaultException.Reason;
import ockam.vault.VerifyingKey;

/**
 * A key management service with keys and signatures by the JDK, in the forms that most services have. Each request has a fate: after how
 * long it is done, whether it is done at all, and what the answer is. What was cancelled is done nevertheless, as with real ones.
 */
final class FakeKms implements KeyService {
    enum Fate {
        /** Done and answered. */
        WELL,
        /** Neither done nor answered. */
        LOST,
        /** Done, but never answered. */
        ANSWER_LOST,
        /** Not done: unavailable. */
        DOWN,
        /** Not done: overloaded. */
        THROTTLED,
        /** Done, but the answer is that it is unavailable. */
        BROKEN
    }

    record Treatment(Fate fate, Duration delay) {
        static final Treatment AT_ONCE = new Treatment(Fate.WELL, Duration.ZERO);
    }

    private static final class Stubborn<T> extends CompletableFuture<T> {
        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
        }
    }

    final Map<KeyId, KeyPair> keys = new LinkedHashMap<>();
    final List<String> requests = new ArrayList<>();
    final List<CompletableFuture<?>> answers = new ArrayList<>();
    Supplier<Treatment> treatments = () -> Treatment.AT_ONCE;
    boolean stubborn;
    int mostUnderWay;

    private final Later later;

    FakeKms(Later later) {
        this.later = later;
    }

    void treats(Treatment... next) {
        var script = new ArrayList<>(List.of(next));
        treatments = () -> script.isEmpty() ? Treatment.AT_ONCE : script.remove(0);
    }

    void treats(Fate... next) {
        var script = new ArrayList<>(List.of(next));
        treatments = () -> new Treatment(script.isEmpty() ? Fate.WELL : script.remove(0), Duration.ZERO);
    }

    int underWay() {
        return (int) answers.stream().filter(answer -> !answer.isDone()).count();
    }

    @Override
    public Set<SignatureAlgorithm> algorithms() {
        return Set.of(SignatureAlgorithm.P256);
    }

    @Override
    public CompletionStage<VerifyingKey> generate(KeyId id, SignatureAlgorithm algorithm) {
        return request("generate", () -> publicKey(keys.computeIfAbsent(id, unused -> newPair())));
    }

    @Override
    public CompletionStage<Optional<VerifyingKey>> find(KeyId id) {
        return request("find", () -> Optional.ofNullable(keys.get(id)).map(FakeKms::publicKey));
    }

    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        return request("sign", () -> {
            KeyPair pair = keys.get(key.id());
            if (pair == null) {
                throw new VaultException(Reason.UNKNOWN_KEY, "no such key");
            }
            return signature(pair, message);
        });
    }

    @Override
    public CompletionStage<Boolean> delete(KeyId id) {
        return request("delete", () -> keys.remove(id) != null);
    }

    private <T> CompletionStage<T> request(String what, Supplier<T> work) {
        requests.add(what);
        CompletableFuture<T> answer = stubborn ? new Stubborn<>() : new CompletableFuture<>();
        answers.add(answer);
        mostUnderWay = Math.max(mostUnderWay, underWay());
        Treatment treatment = treatments.get();
        if (treatment.delay().isZero()) {
            treat(treatment.fate(), answer, work);
        } else {
            later.after(treatment.delay(), () -> treat(treatment.fate(), answer, work));
        }
        return answer;
    }

    private static <T> void treat(Fate fate, CompletableFuture<T> answer, Supplier<T> work) {
        switch (fate) {
            case WELL -> {
                try {
                    answer.complete(work.get());
                } catch (VaultException e) {
                    answer.completeExceptionally(e);
                }
            }
            case LOST -> {}
            case ANSWER_LOST -> doneOnly(work);
            case DOWN -> answer.completeExceptionally(new VaultException(Reason.UNAVAILABLE, "down"));
            case THROTTLED -> answer.completeExceptionally(new VaultException(Reason.OVERLOADED, "throttled"));
            case BROKEN -> {
                doneOnly(work);
                answer.completeExceptionally(new VaultException(Reason.UNAVAILABLE, "broken"));
            }
        }
    }

    private static void doneOnly(Supplier<?> work) {
        try {
            Object unused = work.get();
        } catch (VaultException e) {
            // nobody is told
        }
    }

    static KeyPair newPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static VerifyingKey publicKey(KeyPair pair) {
        return P256PublicKey.ofX509(pair.getPublic().getEncoded());
    }

    private static Signature signature(KeyPair pair, byte[] message) {
        try {
            var signer = java.security.Signature.getInstance("SHA256withECDSA");
            signer.initSign(pair.getPrivate());
            signer.update(message);
            return P256Signature.ofDer(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
