// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;

/** An identity by its name in a store. A new one and its name are stored in one unit of work, so nobody can be faster in between. */
final class NamedIdentity {
    private final Store store;
    private final String name;
    private final Clock clock;
    private final Identities identities;

    NamedIdentity(Store store, String name, Clock clock) {
        this.store = store;
        this.name = Names.requireValid(name);
        this.clock = clock;
        this.identities = Identities.create(store, clock);
    }

    CompletionStage<Identity> loadOrCreate(IdentityOptions options) {
        return kept().thenCompose(found -> found.isPresent() ? identities.identity(found.get()) : create(options));
    }

    private CompletionStage<Optional<Identifier>> kept() {
        return store.run(unit -> unit.identities().named(name));
    }

    private CompletionStage<Identity> create(IdentityOptions options) {
        return new OwnIdentities(store.vault().signing(), new Naming(store, name), new Watchers(), clock)
                .create(options)
                .thenApply(OwnIdentity::identifier)
                .exceptionallyCompose(
                        failure -> isTaken(failure) ? someoneElses(failure) : CompletableFuture.failedStage(failure))
                .thenCompose(identities::identity);
    }

    private static boolean isTaken(Throwable failure) {
        return Failures.unwrapped(failure) instanceof IdentityException broken
                && broken.reason() == Reason.CHANGED_CONCURRENTLY;
    }

    private CompletionStage<Identifier> someoneElses(Throwable failure) {
        return kept().thenCompose(found -> found.isPresent()
                ? CompletableFuture.completedStage(found.get())
                : CompletableFuture.failedStage(failure));
    }

    /** Undoes a unit of work. */
    private static final class Taken extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A repository whose identities get a name, or are not stored. */
    private record Naming(Store store, String name) implements IdentityRepository {
        @Override
        public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
            return store.run(unit -> {
                        if (unit.identities().named(name).isPresent()
                                || !unit.identities().storeOwn(next)
                                || !unit.identities().name(name, next.identifier())) {
                            throw new Taken();
                        }
                        return true;
                    })
                    .exceptionallyCompose(failure -> Failures.unwrapped(failure) instanceof Taken
                            ? CompletableFuture.completedStage(false)
                            : CompletableFuture.failedStage(failure));
        }

        @Override
        public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
            return store.identities().history(identifier);
        }

        @Override
        public CompletionStage<Optional<Retention>> retention(Identifier identifier) {
            return store.identities().retention(identifier);
        }

        @Override
        public CompletionStage<Comparison> update(ChangeHistory received, Retention retention) {
            return store.identities().update(received, retention);
        }

        @Override
        public CompletionStage<Optional<OwnIdentity>> own(Identifier identifier) {
            return store.identities().own(identifier);
        }
    }
}
