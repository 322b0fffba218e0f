// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import ockam.identity.IdentityRepository.Retention;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/** Identities and histories in memory. Not thread safe. */
final class InMemoryIdentityRecords implements IdentityRecords {
    private final Undo undo;
    private final long maxPeerBytes;
    private final Map<Identifier, OwnIdentity> own = new HashMap<>();
    private final Map<String, Identifier> names = new HashMap<>();
    private final Map<Identifier, ChangeHistory> kept = new HashMap<>();
    private final LinkedHashMap<Identifier, ChangeHistory> named = new LinkedHashMap<>(16, 0.75f, true); // by last use
    private final LinkedHashMap<Identifier, ChangeHistory> others = new LinkedHashMap<>(16, 0.75f, true); // by last use
    private long peerBytes;

    InMemoryIdentityRecords(Undo undo, long maxPeerBytes) {
        this.undo = undo;
        this.maxPeerBytes = maxPeerBytes;
    }

    @Override
    public Optional<ChangeHistory> history(Identifier identifier) {
        return Optional.ofNullable(known(identifier));
    }

    @Override
    public Optional<Retention> retention(Identifier identifier) {
        return Optional.ofNullable(retentionOf(identifier));
    }

    @Override
    public Optional<OwnIdentity> own(Identifier identifier) {
        return Optional.ofNullable(own.get(identifier));
    }

    @Override
    public Optional<Identifier> named(String name) {
        return Optional.ofNullable(names.get(name));
    }

    @Override
    public boolean name(String name, Identifier identifier) {
        Identifier before = names.get(Names.requireValid(name));
        if (before != null || !own.containsKey(identifier)) {
            return before != null && before.equals(identifier);
        }
        undo.put(names, name, identifier);
        return true;
    }

    int peerCount() {
        return named.size() + others.size();
    }

    @Override
    public boolean storeOwn(OwnIdentity next) {
        OwnIdentity stored = own.get(next.identifier());
        long expected = stored == null ? 0 : stored.revision() + 1;
        ChangeHistory known = known(next.identifier());
        Comparison comparison =
                known == null ? Comparison.FIRST_SEEN : next.history().compareWith(known);
        if (next.revision() != expected || !(comparison.isStored() || comparison == Comparison.EQUAL)) {
            return false;
        }
        undo.put(own, next.identifier(), next);
        keep(next.history());
        return true;
    }

    @Override
    public Comparison update(ChangeHistory received, Retention retention) {
        ChangeHistory known = known(received.identifier());
        Comparison comparison = known == null ? Comparison.FIRST_SEEN : received.compareWith(known);
        if (comparison == Comparison.CONFLICT) {
            return comparison;
        }
        ChangeHistory latest = known == null || comparison.isStored() ? received : known;
        Retention before = retentionOf(received.identifier());
        if (retention == Retention.KEPT || before == Retention.KEPT) {
            keep(latest);
        } else {
            remember(latest, retention == Retention.NAMED || before == Retention.NAMED ? named : others);
        }
        return comparison;
    }

    private @Nullable ChangeHistory known(Identifier identifier) {
        ChangeHistory history = kept.get(identifier);
        if (history == null) {
            history = named.get(identifier);
        }
        return history != null ? history : others.get(identifier);
    }

    private @Nullable Retention retentionOf(Identifier identifier) {
        if (kept.containsKey(identifier)) {
            return Retention.KEPT;
        }
        if (named.containsKey(identifier)) {
            return Retention.NAMED;
        }
        return others.containsKey(identifier) ? Retention.EVICTABLE : null;
    }

    private void keep(ChangeHistory history) {
        forget(history.identifier());
        undo.put(kept, history.identifier(), history);
    }

    private void remember(ChangeHistory history, Map<Identifier, ChangeHistory> among) {
        forget(history.identifier());
        undo.put(among, history.identifier(), history);
        count(history.heldBytes());
        makeRoom(others);
        makeRoom(named);
    }

    private void makeRoom(Map<Identifier, ChangeHistory> among) {
        while (peerBytes > maxPeerBytes && !among.isEmpty()) {
            forget(among, among.keySet().iterator().next()); // the least recently used one
        }
    }

    private void forget(Identifier identifier) {
        forget(named, identifier);
        forget(others, identifier);
    }

    private void forget(Map<Identifier, ChangeHistory> among, Identifier identifier) {
        ChangeHistory removed = undo.remove(among, identifier);
        if (removed != null) {
            count(-removed.heldBytes());
        }
    }

    private void count(long bytes) {
        peerBytes += bytes;
        undo.by(() -> peerBytes -= bytes);
    }
}
