// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.identity.ChangeHistory;
import ockam.identity.Comparison;
import ockam.identity.IdentityRepository;
import ockam.identity.InMemoryIdentityRepository;
import ockam.identity.OwnIdentity;
import ockam.wire.Identifier;

/** A repository that is out of order, or slow to read histories, when the test says so. For one thread. */
final class ScriptedRepository implements IdentityRepository {
    private final InMemoryIdentityRepository kept = InMemoryIdentityRepository.create();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean failing;
    private boolean holding;
    private int histories;

    /** Fails from now on, or no longer. */
    void fails(boolean now) {
        failing = now;
    }

    /** Answers for histories only when told to, from now on, or no longer. */
    void holds(boolean now) {
        holding = now;
    }

    /** Answers the question that has waited longest, with what there was when it was asked. */
    void answersOne() {
        held.remove().run();
    }

    /** How many histories were asked for. */
    int histories() {
        return histories;
    }

    /** How many of them were not answered yet. */
    int waiting() {
        return held.size();
    }

    private <T> CompletionStage<T> unlessFailing(Supplier<CompletionStage<T>> work) {
        return failing ? CompletableFuture.failedStage(new IllegalStateException("out of order")) : work.get();
    }

    @Override
    public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
        histories++;
        if (!holding) {
            return unlessFailing(() -> kept.history(identifier));
        }
        CompletionStage<Optional<ChangeHistory>> read = unlessFailing(() -> kept.history(identifier));
        CompletableFuture<Void> told = new CompletableFuture<>();
        held.add(() -> told.complete(null));
        return told.thenCompose(now -> read);
    }

    @Override
    public CompletionStage<Optional<Retention>> retention(Identifier identifier) {
        return unlessFailing(() -> kept.retention(identifier));
    }

    @Override
    public CompletionStage<Comparison> update(ChangeHistory received, Retention retention) {
        return unlessFailing(() -> kept.update(received, retention));
    }

    @Override
    public CompletionStage<Optional<OwnIdentity>> own(Identifier identifier) {
        return unlessFailing(() -> kept.own(identifier));
    }

    @Override
    public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
        return unlessFailing(() -> kept.storeOwn(next));
    }
}
