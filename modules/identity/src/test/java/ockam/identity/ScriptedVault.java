// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.vault.AeadKey;
import ockam.vault.AgreementKey;
import ockam.vault.DerivedSecrets;
import ockam.vault.Secret;
import ockam.vault.SecureChannelVault;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;
import ockam.vault.VerifyingVault;
import ockam.vault.X25519PublicKey;

/** A vault that gives out the keys of a script when it is asked to generate some, and that can be told to fail. */
final class ScriptedVault implements Vault, SigningVault, SecureChannelVault {
    final SoftwareVault keys = SoftwareVault.create(Runnable::run);
    final Deque<SigningKey> signingScript = new ArrayDeque<>();
    final Deque<AgreementKey> agreementScript = new ArrayDeque<>();
    boolean failsToSign;
    boolean failsToDelete;

    ScriptedVault signingKeys(SignatureAlgorithm algorithm, int... fills) {
        for (int fill : fills) {
            signingScript.add(keys.importSigningKey(algorithm, IdentityTests.filled(fill)));
        }
        return this;
    }

    ScriptedVault agreementKey(byte[] privateKey) {
        agreementScript.add(keys.importAgreementKey(privateKey));
        return this;
    }

    @Override
    public SecureChannelVault secureChannels() {
        return this;
    }

    @Override
    public SigningVault signing() {
        return this;
    }

    @Override
    public VerifyingVault verifying() {
        return keys;
    }

    @Override
    public CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm) {
        return signingScript.isEmpty()
                ? keys.generateSigningKey(algorithm)
                : CompletableFuture.completedFuture(signingScript.remove());
    }

    @Override
    public CompletionStage<Signature> sign(SigningKey key, byte[] message) {
        return failsToSign ? failed() : keys.sign(key, message);
    }

    @Override
    public CompletionStage<Boolean> deleteSigningKey(SigningKey key) {
        return failsToDelete ? failed() : keys.deleteSigningKey(key);
    }

    @Override
    public CompletionStage<AgreementKey> generateAgreementKey() {
        return agreementScript.isEmpty()
                ? keys.generateAgreementKey()
                : CompletableFuture.completedFuture(agreementScript.remove());
    }

    @Override
    public CompletionStage<Boolean> hasAgreementKey(AgreementKey key) {
        return keys.hasAgreementKey(key);
    }

    @Override
    public CompletionStage<Boolean> deleteAgreementKey(AgreementKey key) {
        return failsToDelete ? failed() : keys.deleteAgreementKey(key);
    }

    @Override
    public CompletionStage<Secret> agree(AgreementKey own, X25519PublicKey peer) {
        return keys.agree(own, peer);
    }

    @Override
    public Secret secretOf(byte[] bytes) {
        return keys.secretOf(bytes);
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey, Secret input) {
        return keys.derive(chainingKey, input);
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey) {
        return keys.derive(chainingKey);
    }

    @Override
    public AeadKey aeadKey(Secret secret) {
        return keys.aeadKey(secret);
    }

    private static <T> CompletionStage<T> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("the vault is out of order"));
    }
}
