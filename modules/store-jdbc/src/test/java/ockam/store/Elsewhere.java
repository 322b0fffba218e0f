// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import static ockam.store.StoreTests.CLOCK;
import static ockam.store.StoreTests.get;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.Identities;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.OwnIdentity;
import ockam.vault.Signature;
import ockam.vault.SignatureAlgorithm;
import ockam.vault.SigningKey;
import ockam.vault.SigningVault;
import ockam.vault.SoftwareVault;
import ockam.vault.Vault;

/** An identity that was made elsewhere, with a key that is known. */
final class Elsewhere {
    private Elsewhere() {}

    static OwnIdentity identityOf(SoftwareVault vault, SigningKey key) {
        InMemoryIdentityRepository repository = InMemoryIdentityRepository.create();
        Vault knowing = Vault.of(vault, new KnownKey(vault, key), vault);
        var made = get(Identities.create(knowing, repository, CLOCK).create());
        return get(repository.own(made.identifier())).orElseThrow();
    }

    private record KnownKey(SoftwareVault vault, SigningKey key) implements SigningVault {
        @Override
        public CompletionStage<SigningKey> generateSigningKey(SignatureAlgorithm algorithm) {
            return CompletableFuture.completedStage(key);
        }

        @Override
        public CompletionStage<Signature> sign(SigningKey with, byte[] message) {
            return vault.sign(with, message);
        }

        @Override
        public CompletionStage<Boolean> deleteSigningKey(SigningKey unwanted) {
            return vault.deleteSigningKey(unwanted);
        }
    }
}
