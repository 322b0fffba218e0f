// SPDX-License-Identifier: Apache-2.0

package ockam.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import ockam.vault.KeyId;

/**
 * New keys, sealed, that no record in the database names yet. While the database cannot be written to, nobody may ever name them, so there
 * are no more than this: the oldest give way. Thread safe.
 */
final class UnsavedKeys {
    private record Unsaved(SealedKey key, boolean mayBeStored, Runnable erase) {}

    private final Map<KeyId, Unsaved> keys = new LinkedHashMap<>();
    private final int most;

    UnsavedKeys(int most) {
        this.most = most;
    }

    /**
     * Adds one.
     *
     * @param mayBeStored whether it may be in the database nevertheless
     * @param erase quickly erases the same key in memory, if it gives way
     */
    synchronized void add(SealedKey key, boolean mayBeStored, Runnable erase) {
        keys.putIfAbsent(key.id(), new Unsaved(key, mayBeStored, erase));
        if (keys.size() > most) {
            Unsaved oldest = keys.values().iterator().next();
            keys.remove(oldest.key().id());
            oldest.erase().run();
        }
    }

    synchronized Optional<SealedKey> find(KeyId id) {
        return Optional.ofNullable(keys.get(id)).map(Unsaved::key);
    }

    /** Returns one to be stored; whether it was, may never become known. */
    synchronized Optional<SealedKey> toBeStored(KeyId id) {
        keys.computeIfPresent(id, (same, unsaved) -> new Unsaved(unsaved.key(), true, unsaved.erase()));
        return find(id);
    }

    /** Returns whether it was there, and certainly is not in the database. */
    synchronized boolean remove(KeyId id) {
        Unsaved removed = keys.remove(id);
        return removed != null && !removed.mayBeStored();
    }

    synchronized int count() {
        return keys.size();
    }

    synchronized void clear() {
        keys.clear();
    }
}
