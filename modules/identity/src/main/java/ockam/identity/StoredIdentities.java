// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;

/** The identities of a store, each call a unit of work. */
record StoredIdentities(Store store) implements IdentityRepository {
    @Override
    public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
        return store.run(unit -> unit.identities().history(identifier));
    }

    @Override
    public CompletionStage<Optional<Retention>> retention(Identifier identifier) {
        return store.run(unit -> unit.identities().retention(identifier));
    }

    @Override
    public CompletionStage<Comparison> update(ChangeHistory received, Retention retention) {
        ChangeHistory detached = received.detached(); // it may have to wait for its turn
        return store.run(unit -> unit.identities().update(detached, retention));
    }

    @Override
    public CompletionStage<Optional<OwnIdentity>> own(Identifier identifier) {
        return store.run(unit -> unit.identities().own(identifier));
    }

    @Override
    public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
        return store.run(unit -> unit.identities().storeOwn(next));
    }
}
