// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import ockam.vault.Vault;
import ockam.wire.Identifier;

/**
 * A store in the memory of this process; everything is gone when the process ends. Thread safe; work runs on the caller's thread, and its
 * stage is complete when it is returned.
 *
 * <p>It does not know the private keys: it leaves them to the vault that it was created with.
 */
public final class InMemoryStore implements Store {
    private final Object lock = new Object();
    private final Undo undo = new Undo();
    private final Vault vault;
    private final InMemoryAttributeStore attributes;
    private final InMemoryCredentialStore credentials = InMemoryCredentialStore.create();
    private final Unit unit;
    private boolean running;

    private record Unit(IdentityRecords identities, Members members, Tokens tokens) implements UnitOfWork {
        @Override
        public void lockAuthority(Identifier authority) {
            // There is only one unit at a time.
        }
    }

    private InMemoryStore(Vault vault, StoreLimits limits) {
        this.vault = vault;
        this.attributes = InMemoryAttributeStore.create(limits.maxAttributeBytes());
        this.unit = new Unit(
                new InMemoryIdentityRecords(undo, limits.maxPeerBytes()),
                new InMemoryMembers(undo, limits.maxMembers()),
                new InMemoryTokens(undo, limits.maxTokens()));
    }

    /** Returns an empty store with the default limits, whose private keys are in this vault. */
    public static InMemoryStore create(Vault vault) {
        return create(vault, StoreLimits.defaults());
    }

    /** Does the same with other limits. */
    public static InMemoryStore create(Vault vault, StoreLimits limits) {
        return new InMemoryStore(vault, limits);
    }

    @Override
    public <T> CompletionStage<T> run(Function<? super UnitOfWork, ? extends T> work) {
        synchronized (lock) {
            if (running) {
                throw new IllegalStateException("a unit of work inside another one");
            }
            running = true;
            undo.begin();
            try {
                return CompletableFuture.completedFuture(work.apply(unit));
            } catch (RuntimeException | Error e) {
                undo.takeBack();
                return CompletableFuture.failedFuture(e);
            } finally {
                running = false;
            }
        }
    }

    @Override
    public Vault vault() {
        return vault;
    }

    @Override
    public AttributeStore attributes() {
        return attributes;
    }

    @Override
    public CredentialStore credentials() {
        return credentials;
    }
}
