// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.ArrayDeque;
import java.util.Objects;
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
import org.jspecify.annotations.Nullable;

/** A repository that is out of order, or slow to read histories, when the test says so. For one thread. */
final class ScriptedRepository implements IdentityRepository {
    private final InMemoryIdentityRepository kept = InMemoryIdentityRepository.create();
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean failing;
    private boolean once;
    private boolean holding;
    private int histories;
    private @Nullable Identifier unreadable;
    private @Nullable RuntimeException ownFailure;

    /** Fails from now on, or no longer. */
    void fails(boolean now) {
        failing = now;
        once = false;
    }

    /** Fails the next time, and then no longer. */
    void failsOnce() {
        failing = true;
        once = true;
    }

    /** Fails when it is asked for this history, from now on. */
    void failsToRead(Identifier identifier) {
        unreadable = identifier;
    }

    /** Fails with this when it is asked for an identity of its node, from now on. */
    void failsOwn(RuntimeException failure) {
        ownFailure = failure;
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
        if (!failing) {
            return work.get();
        }
        failing = !once;
        return CompletableFuture.failedStage(new IllegalStateException("out of order"));
    }

    @Override
    public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
        histories++;
        if (Objects.equals(unreadable, identifier)) {
            return CompletableFuture.failedStage(new IllegalStateException("out of order"));
        }
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
        RuntimeException failure = ownFailure;
        return failure == null ? unlessFailing(() -> kept.own(identifier)) : CompletableFuture.failedStage(failure);
    }

    @Override
    public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
        return unlessFailing(() -> kept.storeOwn(next));
    }
}
