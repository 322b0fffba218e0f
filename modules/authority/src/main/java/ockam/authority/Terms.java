// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.util.ByteString;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import ockam.identity.AttestedAttributes;
import ockam.identity.Identity;
import ockam.identity.IdentityException;
import ockam.identity.Member;
import ockam.identity.Store;
import ockam.identity.Timestamp;
import ockam.identity.UnitOfWork;
import ockam.routing.Peer;
import ockam.routing.spi.Router;
import ockam.wire.Attributes;
import ockam.wire.Identifier;
import ockam.wire.internal.Failures;
import org.slf4j.Logger;

/** What the services of one authority share. Thread safe. */
record Terms(
        Identity identity,
        Store store,
        AuthorityOptions options,
        AuthoritySettings settings,
        KnownMembers known,
        Clock clock,
        Router router) {
    /** Of how many peers it is looked up at the same time what an account authority says. */
    static final int LOOK_UPS = 16;

    Identifier authority() {
        return identity.identifier();
    }

    Timestamp now() {
        return Timestamp.of(clock.instant());
    }

    /** Runs some work for this peer that only reads. It is told who the peer is. */
    <T> CompletionStage<T> read(Peer peer, Function<? super Work, ? extends T> work) {
        return store.run(unit -> work.apply(new Work(unit, caller(unit, peer))));
    }

    /**
     * Runs some work for this peer that makes changes. It is told who the peer is, and finds out itself whom the change is about: nobody
     * becomes or ceases to be somebody else until the change is made. For a peer that is no enroller it must change nothing: there it runs
     * without a lock, so that strangers do not wait for one and thereby keep the store from others.
     */
    <T> CompletionStage<T> change(Peer peer, Function<? super Work, ? extends T> work) {
        return store.run(unit -> {
            Caller caller = caller(unit, peer);
            if (caller.enroller()) {
                unit.lockAuthority(authority());
                caller = caller(unit, peer);
            }
            return work.apply(new Work(unit, caller));
        });
    }

    /** A unit of work, and who it is for. */
    record Work(UnitOfWork unit, Caller caller) {}

    private Caller caller(UnitOfWork unit, Peer peer) {
        Optional<Member> member = unit.members().find(authority(), peer.identifier());
        known.tell(peer.identifier(), member.isPresent());
        boolean accountAdmin = isAccountAdmin(peer);
        boolean enroller = accountAdmin
                || member.map(Member::attributes).filter(Roles::isEnroller).isPresent();
        boolean admin = accountAdmin || (enroller && (options.account().isEmpty() || !options.enforceAdminChecks()));
        return new Caller(member, accountAdmin, enroller, admin);
    }

    /** Returns whether a peer is no stranger, without asking the store. */
    boolean isKnown(Peer peer) {
        return isAccountAdmin(peer) || known.contains(peer.identifier());
    }

    private boolean isAccountAdmin(Peer peer) {
        return options.account()
                .flatMap(peer::attributes)
                .filter(said -> said.isValidAt(clock.instant()))
                .filter(said -> isOfProject(said.attributes()))
                .isPresent();
    }

    private boolean isOfProject(Attributes attributes) {
        return attributes.text(Roles.PROJECT).filter(options.project()::equals).isPresent();
    }

    /**
     * Completes with those of them that are admins by what the account authority has said in any channel. A few are looked up at the same time:
     * a store that is asked for all at once refuses some.
     */
    CompletionStage<Set<Identifier>> accountAdmins(List<Identifier> some) {
        Optional<Identifier> account = options.account();
        CompletionStage<Set<Identifier>> found = CompletableFuture.completedFuture(Set.of());
        if (account.isEmpty()) {
            return found;
        }
        for (int i = 0; i < some.size(); i += LOOK_UPS) {
            List<Identifier> next = some.subList(i, Math.min(i + LOOK_UPS, some.size()));
            found = found.thenCompose(before -> accountAdmins(next, Set.of(account.get()), before));
        }
        return found;
    }

    private CompletionStage<Set<Identifier>> accountAdmins(
            List<Identifier> some, Set<Identifier> account, Set<Identifier> before) {
        List<CompletableFuture<Optional<Identifier>>> answers = some.stream()
                .map(each -> identity.identities()
                        .attributes(each, account)
                        .thenApply(said -> said.stream()
                                .map(AttestedAttributes::attributes)
                                .filter(this::isOfProject)
                                .findAny()
                                .map(found -> each))
                        .toCompletableFuture())
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> {
                    Set<Identifier> admins = new HashSet<>(before);
                    answers.forEach(answer -> answer.getNow(Optional.empty()).ifPresent(admins::add));
                    return admins;
                });
    }

    /** Logs why a service has not made a change, once in a while, since peers can cause it again and again. */
    void storeFailed(Service service, Logger log, String what, Throwable failure) {
        if (router.isNews("store at " + service.name())) {
            Throwable cause = Failures.unwrapped(failure);
            boolean isExpected = cause instanceof IdentityException; // such as a list that is full
            router.logged(() -> log.warn("{}: {}", what, cause.getMessage(), isExpected ? null : cause));
        }
    }

    /** What the credential of a member says; throws a {@code WireException} if that is too much. */
    Attributes ofCredential(Attributes ofMember) {
        Map<ByteString, ByteString> all = new HashMap<>(start().entries());
        all.putAll(ofMember.entries());
        return Attributes.of(all);
    }

    /** What the credential of an admin says. */
    Attributes ofAdmin() {
        return ofCredential(Attributes.ofTexts(Roles.ADMIN));
    }

    private Attributes start() {
        return options.hasTrustContext()
                ? Attributes.ofTexts(Map.of(Roles.TRUST_CONTEXT, options.project()))
                : Attributes.none();
    }
}
