// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.ForwardingVault;
import ockam.vault.AeadKey;
import ockam.vault.AgreementKey;
import ockam.vault.DerivedSecrets;
import ockam.vault.KeyCounts;
import ockam.vault.Secret;
import ockam.vault.SoftwareVault;
import ockam.vault.X25519PublicKey;

/**
 * A vault in memory with a script: it hands out given key pairs when it is asked to generate some, can keep the results of its curve
 * operations back until the test lets go of them, and can be told to fail. Results that are kept back exist in the vault already.
 */
final class ScriptedVault extends ForwardingVault {
    final SoftwareVault keys;
    private final Deque<byte[]> script = new ArrayDeque<>();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private final Map<X25519PublicKey, AgreementKey> pretences = new HashMap<>();
    private final List<byte[]> imported = new ArrayList<>();
    private final List<AeadKey> cipherKeys = new ArrayList<>();
    private boolean holding;
    private boolean derivationFails;
    private boolean cipherKeysFail;
    private int operationsUntilFailure = Integer.MAX_VALUE;

    ScriptedVault() {
        this(SoftwareVault.create(Runnable::run));
    }

    private ScriptedVault(SoftwareVault keys) {
        super(keys);
        this.keys = keys;
    }

    /** The next key pair that is generated has this private key. */
    ScriptedVault willGenerate(byte[] privateKey) {
        script.add(privateKey);
        return this;
    }

    /** From now on results of curve operations are kept back. */
    void hold() {
        holding = true;
    }

    /** Lets go of the result that has been kept back for the longest time, and keeps back those after it. */
    void release() {
        held.remove().run();
    }

    /** Lets go of all results, those to come included. */
    void releaseAll() {
        holding = false;
        while (isHolding()) {
            release();
        }
    }

    boolean isHolding() {
        return !held.isEmpty();
    }

    /** One curve operation fails, after this many that do not. */
    void failAfter(int operations) {
        operationsUntilFailure = operations;
    }

    /** From now on nothing can be derived, or nothing can be made a cipher key. */
    void breakDown(boolean derivation) {
        derivationFails = derivation;
        cipherKeysFail = !derivation;
    }

    /** Whatever is sealed or opened from now on with a key that it has made fails. */
    void eraseCipherKeys() {
        cipherKeys.forEach(AeadKey::erase);
    }

    /**
     * The handle of a key pair that this side does not have: it shows the one public key, and agreements are made with the other
     * private key.
     */
    AgreementKey pretend(X25519PublicKey shown, AgreementKey used) {
        pretences.put(shown, used);
        return new AgreementKey(used.id(), shown);
    }

    /** What was given to {@link #secretOf}, in order. */
    List<byte[]> imported() {
        return imported;
    }

    /** Nothing is left of any handshake or channel: only the static key. */
    void assertOnlyStaticKey() {
        assertThat(keys.keyCounts()).isEqualTo(new KeyCounts(1, 0, 0, 0));
    }

    @Override
    public CompletionStage<AgreementKey> generateAgreementKey() {
        if (fails()) {
            return failed();
        }
        byte[] next = script.poll();
        return hold(
                next == null
                        ? super.generateAgreementKey()
                        : CompletableFuture.completedFuture(keys.importAgreementKey(next)));
    }

    @Override
    public CompletionStage<Boolean> hasAgreementKey(AgreementKey key) {
        return fails() ? failed() : hold(super.hasAgreementKey(key));
    }

    @Override
    public CompletionStage<Secret> agree(AgreementKey own, X25519PublicKey peer) {
        AgreementKey used = pretences.getOrDefault(own.publicKey(), own);
        return fails() ? failed() : hold(super.agree(used, peer));
    }

    @Override
    public Secret secretOf(byte[] bytes) {
        imported.add(bytes.clone());
        return super.secretOf(bytes);
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey, Secret input) {
        if (derivationFails) {
            throw outOfOrder();
        }
        return super.derive(chainingKey, input);
    }

    @Override
    public AeadKey aeadKey(Secret secret) {
        if (cipherKeysFail) {
            throw outOfOrder();
        }
        AeadKey key = super.aeadKey(secret);
        cipherKeys.add(key);
        return key;
    }

    private <T> CompletionStage<T> hold(CompletionStage<T> result) {
        if (!holding) {
            return result;
        }
        CompletableFuture<T> later = new CompletableFuture<>();
        held.add(() -> {
            var unused = result.whenComplete((value, failure) -> {
                if (failure == null) {
                    later.complete(value);
                } else {
                    later.completeExceptionally(failure);
                }
            });
        });
        return later;
    }

    private boolean fails() {
        return operationsUntilFailure-- == 0;
    }

    private static <T> CompletionStage<T> failed() {
        return CompletableFuture.failedFuture(outOfOrder());
    }

    private static IllegalStateException outOfOrder() {
        return new IllegalStateException("the vault is out of order");
    }
}
