// SPDX-License-Identifier: Apache-2.0

package ockam.tests;

import java.util.concurrent.CompletionStage;
import ockam.vault.AeadKey;
import ockam.vault.AgreementKey;
import ockam.vault.DerivedSecrets;
import ockam.vault.Secret;
import ockam.vault.SecureChannelVault;
import ockam.vault.X25519PublicKey;

/** Does what the vault behind it does, except for what a subclass does otherwise. */
abstract class ForwardingSecureChannelVault implements SecureChannelVault {
    private final SecureChannelVault behind;

    ForwardingSecureChannelVault(SecureChannelVault behind) {
        this.behind = behind;
    }

    @Override
    public CompletionStage<AgreementKey> generateAgreementKey() {
        return behind.generateAgreementKey();
    }

    @Override
    public CompletionStage<Boolean> hasAgreementKey(AgreementKey key) {
        return behind.hasAgreementKey(key);
    }

    @Override
    public CompletionStage<Boolean> deleteAgreementKey(AgreementKey key) {
        return behind.deleteAgreementKey(key);
    }

    @Override
    public CompletionStage<Secret> agree(AgreementKey own, X25519PublicKey peer) {
        return behind.agree(own, peer);
    }

    @Override
    public Secret secretOf(byte[] bytes) {
        return behind.secretOf(bytes);
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey, Secret input) {
        return behind.derive(chainingKey, input);
    }

    @Override
    public DerivedSecrets derive(Secret chainingKey) {
        return behind.derive(chainingKey);
    }

    @Override
    public AeadKey aeadKey(Secret secret) {
        return behind.aeadKey(secret);
    }
}
