// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import ockam.identity.AttributeStore;
import ockam.identity.CredentialStore;
import ockam.identity.Store;
import ockam.identity.UnitOfWork;
import ockam.vault.Vault;

/** A store that does its work when the test lets it, and can fail. Thread safe. */
final class HeldStore implements Store {
    private final Store store;
    private final List<CompletableFuture<Boolean>> held = new CopyOnWriteArrayList<>();
    private volatile boolean isHolding;
    private volatile boolean isFailing;
    private volatile boolean isLosing;

    HeldStore(Store store) {
        this.store = store;
    }

    void hold(boolean holding) {
        isHolding = holding;
    }

    void fail(boolean failing) {
        isFailing = failing;
    }

    /** Work is done, and then not committed. */
    void lose(boolean losing) {
        isLosing = losing;
    }

    int held() {
        return held.size();
    }

    void release() {
        isHolding = false;
        step();
    }

    /** Lets what is held do its work, and holds what comes later. */
    void step() {
        held.forEach(gate -> gate.complete(true));
    }

    @Override
    public <T> CompletionStage<T> run(Function<? super UnitOfWork, ? extends T> work) {
        if (isFailing) {
            return CompletableFuture.failedStage(new IllegalStateException("the disk is full"));
        }
        if (isLosing) {
            return store.run(unit -> {
                var unused = work.apply(unit);
                throw new IllegalStateException("the connection is lost");
            });
        }
        if (!isHolding) {
            return store.run(work);
        }
        CompletableFuture<Boolean> gate = new CompletableFuture<>();
        held.add(gate);
        return gate.thenCompose(open -> store.run(work));
    }

    @Override
    public Vault vault() {
        return store.vault();
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
