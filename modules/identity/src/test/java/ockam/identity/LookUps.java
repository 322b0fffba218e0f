// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import ockam.wire.Identifier;

/** A repository that counts how often it is asked for a history. */
final class LookUps implements IdentityRepository {
    final AtomicInteger count = new AtomicInteger();
    private final IdentityRepository repository;

    LookUps(IdentityRepository repository) {
        this.repository = repository;
    }

    @Override
    public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
        count.incrementAndGet();
        return repository.history(identifier);
    }

    @Override
    public CompletionStage<Optional<Retention>> retention(Identifier identifier) {
        return repository.retention(identifier);
    }

    @Override
    public CompletionStage<Comparison> update(ChangeHistory received, Retention retention) {
        return repository.update(received, retention);
    }

    @Override
    public CompletionStage<Optional<OwnIdentity>> own(Identifier identifier) {
        return repository.own(identifier);
    }

    @Override
    public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
        return repository.storeOwn(next);
    }
}
