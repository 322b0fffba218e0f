// SPDX-License-Identifier: Apache-2.0

package ockam.identity;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.IdentityException.Reason;
import ockam.vault.VerifyingVault;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;

/** Verifies and stores what authorities say about peers, and tells those who watch a peer (secure channel, section 7.3). Thread safe. */
final class PeerStatements {
    private final CredentialVerifier credentials;
    private final IdentityRepository histories;
    private final AttributeStore store;
    private final Clock clock;
    private final Watchers watchers = new Watchers();

    PeerStatements(CredentialVerifier credentials, IdentityRepository histories, AttributeStore store, Clock clock) {
        this.credentials = credentials;
        this.histories = histories;
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

    /**
     * Since it was verified, the authority may have rotated its identity, and then said something that is kept, which it must not replace: the
     * store takes neither for older. One for which the rotation comes between this look and the store replaces it all the same.
     */
    private CompletionStage<Boolean> store(AttestedAttributes said) {
        return latestChange(said.authority()).thenCompose(latest -> storeUnlessVoid(said, latest));
    }

    private CompletionStage<Boolean> storeUnlessVoid(AttestedAttributes said, Optional<ChangeHash> latest) {
        if (latest.isPresent() && !latest.get().equals(said.authorityChange())) {
            throw new IdentityException(
                    Reason.ATTESTATION_OUTDATED,
                    "the authority has rotated its identity since the credential was verified");
        }
        return store.store(said).thenApply(changed -> {
            if (changed) {
                watchers.tell(said.subject());
            }
            return changed;
        });
    }

    CompletionStage<List<AttestedAttributes>> about(Identifier subject, Set<Identifier> authorities) {
        Instant now = clock.instant();
        CompletionStage<List<AttestedAttributes>> chain = CompletableFuture.completedFuture(List.of());
        for (Identifier authority : authorities) {
            chain = chain.thenCompose(found -> store.find(subject, authority, now)
                    .thenCompose(this::unlessVoid)
                    .thenApply(said -> {
                        List<AttestedAttributes> all = new ArrayList<>(found);
                        said.ifPresent(all::add);
                        return List.copyOf(all);
                    }));
        }
        return chain;
    }

    /**
     * Whether the authority has rotated its identity since is seen here, and not by removing what it said: it may have been verified before
     * the rotation was known, and be stored afterwards. The history is read last, as it only becomes newer.
     */
    private CompletionStage<Optional<AttestedAttributes>> unlessVoid(Optional<AttestedAttributes> said) {
        if (said.isEmpty()) {
            return CompletableFuture.completedFuture(said);
        }
        AttestedAttributes statement = said.get();
        return latestChange(statement.authority())
                .thenApply(known ->
                        known.filter(statement.authorityChange()::equals).map(latest -> statement));
    }

    private CompletionStage<Optional<ChangeHash>> latestChange(Identifier authority) {
        return histories
                .history(authority)
                .thenApply(known -> known.map(history -> history.latest().hash()));
    }

    Runnable watch(Identifier subject, Runnable changed) {
        return watchers.add(subject, changed);
    }

    private Timestamp now() {
        return Timestamp.of(clock.instant());
    }
}
