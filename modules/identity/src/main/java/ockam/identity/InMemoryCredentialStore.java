// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.wire.Identifier;

/**
 * Credentials in the memory of this process; everything is gone when the process ends. Thread safe; its stages are complete when they are
 * returned.
 */
public final class InMemoryCredentialStore implements CredentialStore {
    private record Key(Identifier subject, Identifier authority) {}

    private record Kept(CredentialAndPurposeKey credential, Timestamp expiresAt) {}

    private final Map<Key, Kept> credentials = new HashMap<>();
    private final int most;

    private InMemoryCredentialStore(int most) {
        this.most = most;
    }

    /** Returns an empty store. */
    public static InMemoryCredentialStore create() {
        return new InMemoryCredentialStore(MAX_KEPT);
    }

    @Override
    public CompletionStage<Boolean> keep(CredentialAndPurposeKey credential) {
        return Stages.start(() -> {
            Key key = new Key(credential.subject(), credential.authority());
            Timestamp end = credential.credential().content().expiresAt();
            return CompletableFuture.completedFuture(keep(key, new Kept(credential.detached(), end)));
        });
    }

    private synchronized boolean keep(Key key, Kept credential) {
        credentials.put(key, credential);
        if (credentials.size() > most) {
            Map.Entry<Key, Kept> first = credentials.entrySet().stream()
                    .min(Map.Entry.comparingByValue(Comparator.comparing(Kept::expiresAt)))
                    .orElseThrow();
            credentials.remove(first.getKey());
        }
        return credentials.containsKey(key);
    }

    @Override
    public synchronized CompletionStage<Optional<CredentialAndPurposeKey>> find(
            Identifier subject, Identifier authority, Instant moment) {
        return CompletableFuture.completedFuture(Optional.ofNullable(credentials.get(new Key(subject, authority)))
                .filter(kept -> Timestamp.of(moment).isBefore(kept.expiresAt()))
                .map(Kept::credential));
    }

    @Override
    public synchronized CompletionStage<Boolean> forget(Identifier subject, Identifier authority) {
        return CompletableFuture.completedFuture(credentials.remove(new Key(subject, authority)) != null);
    }
}
