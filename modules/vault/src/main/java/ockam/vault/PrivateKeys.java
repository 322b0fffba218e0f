// SPDX-License-Identifier: Apache-2.0

package ockam.vault;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import ockam.vault.VaultException.Reason;
import org.jspecify.annotations.Nullable;

/** Private keys by the id of their handle {@code H}; thread safe. */
final class PrivateKeys<H> {
    private record Entry<H>(H handle, SecretBytes bytes) {}

    private final ConcurrentMap<KeyId, Entry<H>> entries = new ConcurrentHashMap<>();
    private final Function<H, KeyId> idOf;

    PrivateKeys(Function<H, KeyId> idOf) {
        this.idOf = idOf;
    }

    /** Takes ownership of the array. A key that is already here is kept as it is. */
    H add(H handle, byte[] owned) {
        var bytes = new SecretBytes(owned);
        if (entries.putIfAbsent(idOf.apply(handle), new Entry<>(handle, bytes)) != null) {
            bytes.erase();
        }
        return handle;
    }

    /** Returns a copy, which the caller must overwrite after use. */
    byte[] copy(H handle) {
        Entry<H> entry = find(handle);
        if (entry == null) {
            throw unknown(handle);
        }
        return entry.bytes().copy().orElseThrow(() -> unknown(handle));
    }

    boolean contains(H handle) {
        return find(handle) != null;
    }

    boolean delete(H handle) {
        Entry<H> entry = find(handle);
        return entry != null && remove(entry);
    }

    int count() {
        return entries.size();
    }

    void eraseAll() {
        entries.values().forEach(this::remove);
    }

    private @Nullable Entry<H> find(H handle) {
        Entry<H> entry = entries.get(idOf.apply(handle));
        return entry != null && entry.handle().equals(handle) ? entry : null;
    }

    private boolean remove(Entry<H> entry) {
        boolean removed = entries.remove(idOf.apply(entry.handle()), entry);
        if (removed) {
            entry.bytes().erase();
        }
        return removed;
    }

    private VaultException unknown(H handle) {
        return new VaultException(Reason.UNKNOWN_KEY, "no private key " + idOf.apply(handle) + " in this vault");
    }
}
