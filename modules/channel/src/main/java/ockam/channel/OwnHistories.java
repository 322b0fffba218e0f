// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.ChangeHistory;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the histories of this side's identities, once for all who ask at the same time: all channels of an identity do when it has a new
 * credential, and a store lets only so many wait. Whoever asks while one is being read gets the next one, which is as new as they need. Thread
 * safe; nothing is kept when nothing is being read.
 */
final class OwnHistories {
    private record Key(Identities identities, Identifier identifier) {}

    // Both are guarded by this.
    private final Set<Key> reading = new HashSet<>();
    /** What is to be read next, for those who came while the one before was being read. */
    private final Map<Key, CompletableFuture<ChangeHistory>> waiting = new HashMap<>();

    /** Completes with the history as it is now, or fails as the repository does: the identity may have been rotated since its handle was made. */
    CompletionStage<ChangeHistory> current(Identity identity) {
        Key key = new Key(identity.identities(), identity.identifier());
        CompletableFuture<ChangeHistory> answer = new CompletableFuture<>();
        synchronized (this) {
            if (!reading.add(key)) {
                return waiting.computeIfAbsent(key, unused -> answer).minimalCompletionStage();
            }
        }
        read(key, identity, answer);
        return answer.minimalCompletionStage();
    }

    private void read(Key key, Identity identity, CompletableFuture<ChangeHistory> answer) {
        var unused = key.identities().history(key.identifier()).whenComplete((known, failure) -> {
            CompletableFuture<ChangeHistory> next = next(key);
            if (failure == null) {
                answer.complete(known.orElseGet(identity::changeHistory));
            } else {
                answer.completeExceptionally(failure);
            }
            if (next != null) {
                read(key, identity, next);
            }
        });
    }

    private synchronized @Nullable CompletableFuture<ChangeHistory> next(Key key) {
        CompletableFuture<ChangeHistory> next = waiting.remove(key);
        if (next == null) {
            reading.remove(key);
        }
        return next;
    }
}
