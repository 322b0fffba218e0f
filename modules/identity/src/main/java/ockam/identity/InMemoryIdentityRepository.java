// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;

/**
 * A repository in the memory of this process; everything is gone when the process ends. Thread safe; its stages are complete when
 * they are returned.
 *
 * <p>This node's identities and explicitly imported histories are never forgotten. Histories of peers share a bounded part of the
 * memory, and the least recently used one goes first, but those of peers that a policy names only when no others are left. The
 * consequence: a forgotten peer is seen as if for the first time, so an older history of it, from before a rotation, would be
 * accepted. To rule that out for certain peers, import their histories.
 */
public final class InMemoryIdentityRepository implements IdentityRepository {
    /** How much memory the histories of peers may take by default: enough for some 20,000 that never rotated. */
    public static final long DEFAULT_MAX_PEER_BYTES = 16L * 1024 * 1024;

    private final Object lock = new Object();
    private final Undo undo = new Undo();
    private final InMemoryIdentityRecords records;

    private InMemoryIdentityRepository(long maxPeerBytes) {
        this.records = new InMemoryIdentityRecords(undo, maxPeerBytes);
    }

    /** Returns an empty repository with the default bound. */
    public static InMemoryIdentityRepository create() {
        return create(DEFAULT_MAX_PEER_BYTES);
    }

    /**
     * Returns an empty repository with a different bound for the histories of peers.
     *
     * @param maxPeerBytes the memory they may take, in bytes: their encoded form and {@value ChangeHistory#CHANGE_OVERHEAD} for each change;
     *     0 remembers none
     */
    public static InMemoryIdentityRepository create(long maxPeerBytes) {
        if (maxPeerBytes < 0) {
            throw new IllegalArgumentException("negative: " + maxPeerBytes);
        }
        return new InMemoryIdentityRepository(maxPeerBytes);
    }

    @Override
    public CompletionStage<Optional<ChangeHistory>> history(Identifier identifier) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(records.history(identifier));
        }
    }

    @Override
    public CompletionStage<Optional<Retention>> retention(Identifier identifier) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(records.retention(identifier));
        }
    }

    @Override
    public CompletionStage<Comparison> update(ChangeHistory received, Retention retention) {
        ChangeHistory detached = received.detached();
        synchronized (lock) {
            undo.begin();
            return CompletableFuture.completedFuture(records.update(detached, retention));
        }
    }

    @Override
    public CompletionStage<Optional<OwnIdentity>> own(Identifier identifier) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(records.own(identifier));
        }
    }

    @Override
    public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
        synchronized (lock) {
            undo.begin();
            return CompletableFuture.completedFuture(records.storeOwn(next));
        }
    }

    /** Returns how many histories of peers are remembered now, not counting kept ones; for gauges. */
    public int peerCount() {
        synchronized (lock) {
            return records.peerCount();
        }
    }
}
