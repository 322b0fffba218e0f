// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import ockam.identity.AttributeStore;
import ockam.identity.CredentialStore;
import ockam.identity.Store;
import ockam.identity.UnitOfWork;
import ockam.vault.SigningVault;
import ockam.vault.Vault;

/** A store for identities whose signing keys are not in it. */
record SignedElsewhere(JdbcStore store, SigningVault signing) implements Store {
    @Override
    public <T> CompletionStage<T> run(Function<? super UnitOfWork, ? extends T> work) {
        return store.run(work, true);
    }

    @Override
    public Vault vault() {
        return Vault.of(store.vault().secureChannels(), signing, store.vault().verifying());
    }

    @Override
    public AttributeStore attributes() {
        return store.attributes();
    }

    @Override
    public CredentialStore credentials() {
        return store.credentials();
    }
}
