// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import static ockam.fixtures.ExampleIdentities.filled;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.fixtures.ForwardingVault;
import ockam.vault.AgreementKey;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SoftwareVault;

/** A vault that returns the keys of a script when asked to generate keys, and that can be told to fail. */
final class ScriptedVault extends ForwardingVault {
    final SoftwareVault keys;
    final Deque<SigningKey> signingScript = new ArrayDeque<>();
    final Deque<AgreementKey> agreementScript = new ArrayDeque<>();
    boolean failsToSign;
    boolean failsToDelete;
    boolean neverDeletes;

    ScriptedVault() {
        this(SoftwareVault.create(Runnable::run));
    }

    private ScriptedVault(SoftwareVault keys) {
        super(keys);
        this.keys = keys;
    }

    ScriptedVault signingKeys(SignatureAlgorithm algorithm, int... fills) {
        for (int fill : fills) {
            signingScript.add(keys.importSigningKey(algorithm, filled(fill)));
        }
        return this;
    }

    ScriptedVault agreementKey(byte[] privateKey) {
        agreementScript.add(keys.importAgreementKey(privateKey));
        return this;
    }

    @Override
    public CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm) {
        return signingScript.isEmpty()
                ? super.generateSigningKey(algorithm)
                : CompletableFuture.completedFuture(signingScript.remove());
    }

    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        return failsToSign ? failed() : super.sign(key, message);
    }

    @Override
    public CompletionStage<Boolean> deleteSigningKey(SigningKey key) {
        return neverDeletes ? new CompletableFuture<>() : failsToDelete ? failed() : super.deleteSigningKey(key);
    }

    @Override
    public CompletionStage<AgreementKey> generateAgreementKey() {
        return agreementScript.isEmpty()
                ? super.generateAgreementKey()
                : CompletableFuture.completedFuture(agreementScript.remove());
    }

    @Override
    public CompletionStage<Boolean> deleteAgreementKey(AgreementKey key) {
        return failsToDelete ? failed() : super.deleteAgreementKey(key);
    }

    private static <T> CompletionStage<T> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("the vault is out of order"));
    }
}
