// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import ockam.identity.AttestedAttributes;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identities;
import ockam.identity.IdentityException;
import ockam.routing.Peer;
import ockam.routing.PeerAttributes;
import ockam.vault.VerifyingVault;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What one side of a channel presents of itself, and whose word about the peer it takes; the two are independent (secure channel, section
 * 7.3). Immutable.
 *
 * @param retriever from where the credential comes that is shown to each peer, if any
 * @param authorities whose credentials count
 */
record Credentials(@Nullable CredentialRetriever retriever, Set<Identifier> authorities) {
    /** Presents nothing, and takes nobody's word. */
    static final Credentials NONE = new Credentials(null, Set.of());

    /** Copies the set. */
    Credentials {
        authorities = Set.copyOf(authorities);
        if (authorities.size() > Peer.MAX_AUTHORITIES) {
            throw new IllegalArgumentException("more than " + Peer.MAX_AUTHORITIES + " authorities");
        }
    }

    /**
     * What is known of a peer after it has presented something.
     *
     * @param peer with its attributes
     * @param refused why some of what it presented does not count
     */
    record Learned(Peer peer, List<IdentityException> refused) {
        /**
         * Only a warning: without attributes, a peer can do less, and nothing more. One for all that was presented together, and only once in
         * a while, as strangers can cause it; but they keep nothing about friends out of the log.
         *
         * @param isNews whether something that can be caused again and again is to be logged now
         * @param named whether the policy names the peer, which makes it a friend, as the word of an authority does
         */
        void logRefused(Logger log, Predicate<String> isNews, boolean named) {
            if (refused.isEmpty()) {
                return;
            }
            IdentityException first = refused.get(0);
            String whose = named || !peer.attributes().isEmpty() ? "friend" : "stranger";
            if (!isNews.test("credential of a " + whose + ": " + first.reason())) {
                return;
            }
            if (refused.size() == 1) {
                log.warn(
                        "A credential of {} does not count: {}: {}",
                        peer.identifier(),
                        first.reason(),
                        first.getMessage());
            } else {
                log.warn(
                        "{} credentials of {} do not count; the first: {}: {}",
                        refused.size(),
                        peer.identifier(),
                        first.reason(),
                        first.getMessage());
            }
        }
    }

    Credentials presenting(CredentialRetriever from) {
        return new Credentials(Objects.requireNonNull(from, "retriever"), authorities);
    }

    /** Completes with what is to be presented now; fails if there should be a credential, and none can be had. */
    CompletionStage<List<CredentialAndPurposeKey>> presented() {
        CredentialRetriever from = retriever;
        return from == null
                ? CompletableFuture.completedStage(List.of())
                : AskedCredentials.ask(from::credential).thenApply(List::of);
    }

    Credentials believing(Identifier... more) {
        Set<Identifier> all = new LinkedHashSet<>(authorities);
        all.addAll(List.of(more));
        return new Credentials(retriever, all);
    }

    /** Whether anybody's word counts. */
    boolean believes() {
        return !authorities.isEmpty();
    }

    /** Verifies and stores what a peer presents, and completes with what is known of it then. */
    CompletionStage<Learned> learn(
            Identities identities, Identifier peer, List<CredentialAndPurposeKey> shown, VerifyingVault signatures) {
        return identities
                .acceptCredentials(shown, peer, authorities, signatures)
                .thenCompose(refused -> current(identities, peer).thenApply(now -> new Learned(now, refused)));
    }

    /** Completes with what is known of a peer now, from this channel and others. */
    CompletionStage<Peer> current(Identities identities, Identifier peer) {
        return identities
                .attributes(peer, authorities)
                .thenApply(said ->
                        new Peer(peer, said.stream().map(Credentials::ofPeer).toList()));
    }

    private static PeerAttributes ofPeer(AttestedAttributes said) {
        return new PeerAttributes(
                said.authority(), said.attributes(), said.expiresAt().toInstant());
    }
}
