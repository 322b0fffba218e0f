// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * A repository in the memory of this process; everything is gone when the process ends. Thread safe; its stages are complete when
 * they are returned.
 *
 * <p>This node's identities and explicitly imported histories are never forgotten. Histories of peers, which are received from
 * strangers before any trust policy is asked, share a bounded part of the memory, and the least recently used one goes first. The
 * consequence: a forgotten peer is seen as if for the first time, so an older history of it, from before a rotation, would be
 * accepted. To rule that out for certain peers, import their histories.
 */
public final class InMemoryIdentityRepository implements IdentityRepository {
    /** How much memory the histories of peers may take by default: enough for some 20,000 that never rotated. */
    public static final long DEFAULT_MAX_PEER_BYTES = 16L * 1024 * 1024;

    /** The approximate memory that a change takes beyond its encoded bytes: the objects around them. */
    private static final int CHANGE_OVERHEAD = 512;

    private final Object lock = new Object();
    private final long maxPeerBytes;
    private final Map<Identifier, OwnIdentity> own = new HashMap<>();
    private final Map<Identifier, ChangeHistory> kept = new HashMap<>();
    private final LinkedHashMap<Identifier, ChangeHistory> peers = new LinkedHashMap<>(16, 0.75f, true); // by last use
    private long peerBytes;

    private InMemoryIdentityRepository(long maxPeerBytes) {
        this.maxPeerBytes = maxPeerBytes;
    }

    /** Returns an empty repository with the default bound. */
    public static InMemoryIdentityRepository create() {
        return create(DEFAULT_MAX_PEER_BYTES);
    }

    /**
     * Returns an empty repository with a different bound for the histories of peers.
     *
     * @param maxPeerBytes the memory they may take, in bytes: their encoded form and {@value #CHANGE_OVERHEAD} for each change;
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
            return CompletableFuture.completedFuture(Optional.ofNullable(known(identifier)));
        }
    }

    @Override
    public CompletionStage<Comparison> update(ChangeHistory received, Retention retention) {
        ChangeHistory detached = received.detached();
        synchronized (lock) {
            return CompletableFuture.completedFuture(compareAndStore(detached, retention));
        }
    }

    @Override
    public CompletionStage<Optional<OwnIdentity>> own(Identifier identifier) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(Optional.ofNullable(own.get(identifier)));
        }
    }

    @Override
    public CompletionStage<Boolean> storeOwn(OwnIdentity next) {
        synchronized (lock) {
            return CompletableFuture.completedFuture(storeSuccessor(next));
        }
    }

    /** Returns how many histories of peers are remembered now, not counting kept ones; for gauges. */
    public int peerCount() {
        synchronized (lock) {
            return peers.size();
        }
    }

    private boolean storeSuccessor(OwnIdentity next) {
        OwnIdentity stored = own.get(next.identifier());
        long expected = stored == null ? 0 : stored.revision() + 1;
        ChangeHistory known = known(next.identifier());
        Comparison comparison =
                known == null ? Comparison.FIRST_SEEN : next.history().compareWith(known);
        if (next.revision() != expected || !(comparison.isStored() || comparison == Comparison.EQUAL)) {
            return false;
        }
        own.put(next.identifier(), next);
        keep(next.history());
        return true;
    }

    private Comparison compareAndStore(ChangeHistory received, Retention retention) {
        ChangeHistory known = known(received.identifier());
        Comparison comparison = known == null ? Comparison.FIRST_SEEN : received.compareWith(known);
        if (comparison == Comparison.CONFLICT) {
            return comparison;
        }
        ChangeHistory latest = known == null || comparison.isStored() ? received : known;
        if (retention == Retention.KEPT || kept.containsKey(received.identifier())) {
            keep(latest);
        } else {
            remember(latest);
        }
        return comparison;
    }

    private @Nullable ChangeHistory known(Identifier identifier) {
        ChangeHistory history = kept.get(identifier);
        return history != null ? history : peers.get(identifier);
    }

    private void keep(ChangeHistory history) {
        forget(peers.remove(history.identifier()));
        kept.put(history.identifier(), history);
    }

    private void remember(ChangeHistory history) {
        forget(peers.put(history.identifier(), history));
        peerBytes += cost(history);
        Iterator<ChangeHistory> leastUsedFirst = peers.values().iterator();
        while (peerBytes > maxPeerBytes && leastUsedFirst.hasNext()) {
            forget(leastUsedFirst.next());
            leastUsedFirst.remove();
        }
    }

    private void forget(@Nullable ChangeHistory removed) {
        peerBytes -= removed == null ? 0 : cost(removed);
    }

    private static long cost(ChangeHistory history) {
        long cost = 0;
        for (Change change : history.changes()) {
            cost += change.encodedSize() + CHANGE_OVERHEAD;
        }
        return cost;
    }
}
