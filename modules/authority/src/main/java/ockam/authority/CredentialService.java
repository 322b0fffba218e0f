// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.Done;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.CredentialOptions;
import ockam.identity.Member;
import ockam.routing.Peer;
import ockam.wire.Attributes;
import ockam.wire.Identifier;

/** Gives members their credentials (authority, section 4). */
final class CredentialService implements Service {
    private final Terms terms;

    CredentialService(Terms terms) {
        this.terms = terms;
    }

    @Override
    public String name() {
        return "credential issuer";
    }

    @Override
    public CompletionStage<Reply> handle(Request request, Peer caller) {
        if (!request.is(Method.POST, "/", "/credential")) {
            return CompletableFuture.completedFuture(Reply.UNKNOWN_PATH);
        }
        return terms.read(caller, work -> attributesOf(work.caller()))
                .thenCompose(attributes -> attributes
                        .map(found -> issue(caller, found))
                        .orElseGet(() -> CompletableFuture.completedFuture(Reply.forbidden("unauthorized member"))));
    }

    private Optional<Attributes> attributesOf(Caller caller) {
        return caller.accountAdmin()
                ? Optional.of(terms.ofAdmin())
                : caller.member().map(Member::attributes).map(terms::ofCredential);
    }

    private CompletionStage<Reply> issue(Peer caller, Attributes attributes) {
        return issue(terms, caller.identifier(), attributes).thenApply(credential -> Reply.of(credential.encode()));
    }

    private static CompletionStage<CredentialAndPurposeKey> issue(
            Terms terms, Identifier subject, Attributes attributes) {
        return terms.identity()
                .identities()
                .issueCredential(
                        terms.identity(),
                        CredentialOptions.of(
                                subject,
                                attributes,
                                terms.options()
                                        .validity()
                                        .orElse(terms.settings().credentialValidity())));
    }

    /**
     * Makes a credential of the authority itself, which nobody gets: it fails as each request would, such as with {@code VALIDITY_TOO_LONG}.
     */
    static CompletionStage<Done> requireIssuing(Terms terms) {
        return issue(terms, terms.authority(), terms.ofAdmin()).thenApply(unused -> Done.getInstance());
    }
}
