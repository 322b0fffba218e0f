// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import ockam.vault.VerifyingVault;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;

/** Verifies and stores what authorities say about peers, and tells those who watch a peer (secure channel, section 7.3). Thread safe. */
final class PeerStatements {
    private final CredentialVerifier credentials;
    private final AttributeStore store;
    private final Clock clock;
    /** As many as there are who watch: open channels. */
    private final Map<Identifier, Set<Watcher>> watchers = new ConcurrentHashMap<>();

    /** Compared by identity, so that the same code can watch twice. */
    private static final class Watcher {
        private final Runnable changed;

        Watcher(Runnable changed) {
            this.changed = changed;
        }
    }

    PeerStatements(CredentialVerifier credentials, AttributeStore store, Clock clock) {
        this.credentials = credentials;
        this.store = store;
        this.clock = clock;
    }

    CompletionStage<List<IdentityException>> accept(
            List<CredentialAndPurposeKey> presented,
            Identifier peer,
            Set<Identifier> authorities,
            VerifyingVault signatures) {
        CompletionStage<List<IdentityException>> chain = CompletableFuture.completedFuture(List.of());
        for (CredentialAndPurposeKey each : presented) {
            chain = chain.thenCompose(refused -> Stages.start(() -> credentials
                            .verify(each, peer, authorities, now(), signatures)
                            .thenCompose(this::store))
                    .handle((stored, failure) -> failure == null ? refused : with(refused, failure)));
        }
        return chain;
    }

    private static List<IdentityException> with(List<IdentityException> refused, Throwable failure) {
        if (!(Failures.unwrapped(failure) instanceof IdentityException broken)) {
            throw Stages.passOn(failure);
        }
        List<IdentityException> all = new ArrayList<>(refused);
        all.add(broken);
        return List.copyOf(all);
    }

    private CompletionStage<Boolean> store(AttestedAttributes said) {
        return store.store(said).thenApply(changed -> {
            if (changed) {
                watchers.getOrDefault(said.subject(), Set.of()).forEach(watcher -> watcher.changed.run());
            }
            return changed;
        });
    }

    CompletionStage<List<AttestedAttributes>> about(Identifier subject, Set<Identifier> authorities) {
        Instant now = clock.instant();
        CompletionStage<List<AttestedAttributes>> chain = CompletableFuture.completedFuture(List.of());
        for (Identifier authority : authorities) {
            chain = chain.thenCompose(
                    found -> store.find(subject, authority, now).thenApply(said -> {
                        List<AttestedAttributes> all = new ArrayList<>(found);
                        said.ifPresent(all::add);
                        return List.copyOf(all);
                    }));
        }
        return chain;
    }

    Runnable watch(Identifier subject, Runnable changed) {
        Watcher watcher = new Watcher(changed);
        watchers.compute(subject, (unused, present) -> {
            Set<Watcher> all = present == null ? ConcurrentHashMap.newKeySet() : present;
            all.add(watcher);
            return all;
        });
        return () -> watchers.computeIfPresent(subject, (unused, present) -> {
            present.remove(watcher);
            return present.isEmpty() ? null : present;
        });
    }

    private Timestamp now() {
        return Timestamp.of(clock.instant());
    }
}
