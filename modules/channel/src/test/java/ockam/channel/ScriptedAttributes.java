// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.AttestedAttributes;
import ockam.identity.AttributeStore;
import ockam.identity.InMemoryAttributeStore;
import ockam.wire.Identifier;

/** What authorities said, in a store that is out of order when the test says so. For one thread. */
final class ScriptedAttributes implements AttributeStore {
    private final InMemoryAttributeStore kept = InMemoryAttributeStore.create();
    private boolean failsToStore;
    private boolean failsAfterwards;
    private boolean failsToFind;
    private int asked;

    /** Fails to keep anything from now on, or no longer. */
    void failsToStore(boolean now) {
        failsToStore = now;
    }

    /** Fails to say that something was kept from now on, or no longer. */
    void failsAfterwards(boolean now) {
        failsAfterwards = now;
    }

    /** Fails to find anything from now on, or no longer. */
    void failsToFind(boolean now) {
        failsToFind = now;
    }

    /** How often something was to be found. */
    int asked() {
        return asked;
    }

    private static <T> CompletionStage<T> failed() {
        return CompletableFuture.failedStage(new IllegalStateException("the store is out of order"));
    }

    @Override
    public CompletionStage<Boolean> store(AttestedAttributes said) {
        if (failsToStore) {
            return failed();
        }
        CompletionStage<Boolean> stored = kept.store(said);
        return failsAfterwards ? failed() : stored;
    }

    @Override
    public CompletionStage<Optional<AttestedAttributes>> find(
            Identifier subject, Identifier authority, Instant moment) {
        asked++;
        return failsToFind ? failed() : kept.find(subject, authority, moment);
    }
}
