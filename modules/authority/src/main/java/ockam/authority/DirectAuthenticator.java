// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import ockam.identity.Member;
import ockam.identity.Members;
import ockam.routing.Peer;
import ockam.wire.CborWriter;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.WireException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds, shows, lists and removes members for enrollers (authority, section 5). Unlike in Rust, whoever may not remove a member may not
 * replace it either: there, an enroller who is no admin could demote others by adding them again (authority, section 5.2).
 */
final class DirectAuthenticator implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(DirectAuthenticator.class);
    private static final String MEMBERS = "members";
    private static final int MOST_SEGMENTS = 5;

    /** How many are removed in one unit of work: others wait for it. */
    private static final int REMOVED_AT_ONCE = 100;

    private static final String NON_ENROLLER = "Non-enroller is trying to ";

    private final Terms terms;

    DirectAuthenticator(Terms terms) {
        this.terms = terms;
    }

    @Override
    public String name() {
        return "direct authenticator";
    }

    @Override
    public CompletionStage<Reply> handle(Request request, Peer caller) {
        String[] path = request.path().replaceFirst("^/+", "").split("/", MOST_SEGMENTS);
        boolean isRoot = path.length == 1 && path[0].isEmpty();
        boolean isMembers = path.length == 1 && path[0].equals(MEMBERS);
        if (request.method() == Method.POST && (isRoot || isMembers)) {
            return request.body(NewMember::readFrom) instanceof Decoded.Value<NewMember> member
                    ? add(member.value(), caller)
                    : done(Reply.badRequest("the body is no new member"));
        }
        if (request.method() == Method.GET && (isRoot || isMembers)) {
            return list(caller, true, (member, writer) -> {
                member.identifier().writeTo(writer);
                entry(member).writeTo(writer);
            });
        }
        if (request.method() == Method.GET && path.length == 1 && path[0].equals("member_ids")) {
            return list(caller, false, (member, writer) -> member.identifier().writeTo(writer));
        }
        if (request.method() == Method.DELETE && isMembers) {
            return removeAll(caller);
        }
        boolean namesOne = path.length == 1 || (path.length == 2 && path[0].equals(MEMBERS));
        if (namesOne && (request.method() == Method.GET || request.method() == Method.DELETE)) {
            Identifier member = identifier(path[path.length - 1]);
            return member == null
                    ? done(Reply.badRequest("the path names no identifier"))
                    : request.method() == Method.GET ? show(member, caller) : remove(member, caller);
        }
        return done(Reply.UNKNOWN_PATH);
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static @Nullable Identifier identifier(String text) {
        try {
            return Identifier.parse(text);
        } catch (WireException e) {
            return null;
        }
    }

    private static MemberEntry entry(Member member) {
        return new MemberEntry(member.attributes(), member.addedAt(), member.addedBy());
    }

    // ---- add ----

    private CompletionStage<Reply> add(NewMember wanted, Peer caller) {
        try {
            var unused = terms.ofCredential(wanted.attributes());
        } catch (WireException tooMany) {
            return done(Reply.badRequest("too many attributes for a credential"));
        }
        return terms.accountAdmins(List.of(wanted.identifier()))
                .thenCompose(admins -> terms.change(caller, work -> add(work, wanted, caller, admins)))
                .handle((reply, failure) -> {
                    if (failure != null) {
                        terms.storeFailed(this, LOG, wanted.identifier() + " was not added", failure);
                        return Reply.forbidden("Error adding member");
                    }
                    if (reply.isOk()) {
                        terms.known().tell(wanted.identifier(), true);
                        terms.router()
                                .logged(() -> LOG.info("{} has added {}", caller.identifier(), wanted.identifier()));
                    }
                    return reply;
                });
    }

    private Reply add(Terms.Work work, NewMember wanted, Peer caller, Set<Identifier> admins) {
        if (!work.caller().enroller()) {
            return Reply.forbidden(
                    "Non-enroller " + caller.identifier() + " is trying to add a member " + wanted.identifier());
        }
        if (Roles.isEnroller(wanted.attributes()) && !work.caller().admin()) {
            return Reply.forbidden("Not pre trusted enroller is trying to create an enroller");
        }
        Optional<Member> present = work.unit().members().find(terms.authority(), wanted.identifier());
        String protection = protection(work.caller(), wanted.identifier(), present, admins);
        if (protection != null) {
            return Reply.forbidden(protection.replace("delete", "replace"));
        }
        work.unit()
                .members()
                .put(new Member(
                        terms.authority(),
                        wanted.identifier(),
                        wanted.attributes(),
                        caller.identifier(),
                        terms.now(),
                        false));
        return Reply.DONE;
    }

    /** Why a caller, who is an enroller, may not remove somebody, or null. */
    private static @Nullable String protection(
            Caller caller, Identifier target, Optional<Member> record, Set<Identifier> admins) {
        if (record.filter(Member::preTrusted).isPresent()) {
            return "Enroller is trying to delete a pre trusted identity";
        }
        boolean isEnroller = admins.contains(target)
                || record.map(Member::attributes).filter(Roles::isEnroller).isPresent();
        return isEnroller && !caller.admin() ? "Not admin is trying to delete an enroller" : null;
    }

    // ---- show and list ----

    private CompletionStage<Reply> show(Identifier member, Peer caller) {
        return terms.read(caller, work -> {
            if (!work.caller().enroller()) {
                return Reply.forbidden(NON_ENROLLER + "retrieve a member");
            }
            return work.unit()
                    .members()
                    .find(terms.authority(), member)
                    .map(found -> Reply.of(entry(found).encode()))
                    .orElseGet(() -> Reply.forbidden("Member " + member + " not found"));
        });
    }

    private CompletionStage<Reply> list(Peer caller, boolean asMap, BiConsumer<Member, CborWriter> each) {
        return terms.read(
                caller,
                work -> work.caller().enroller()
                        ? list(work.unit().members(), asMap, each)
                        : Reply.forbidden(NON_ENROLLER + "list members"));
    }

    /** What is counted is what was read: between two pages members may come and go. */
    private Reply list(Members members, boolean asMap, BiConsumer<Member, CborWriter> each) {
        long most = terms.settings().maxListSize();
        CborWriter all = CborWriter.create(256);
        int count = 0;
        List<Member> page = members.list(terms.authority(), Members.MAX_LISTED);
        while (!page.isEmpty()) {
            for (Member member : page) {
                each.accept(member, all);
                count++;
                if (all.position() > most) {
                    return Reply.failed("the list of members is too long");
                }
            }
            page = members.listAfter(terms.authority(), last(page), Members.MAX_LISTED);
        }
        CborWriter list = CborWriter.create(all.position() + 16);
        return Reply.of((asMap ? list.map(count) : list.array(count))
                .raw(all.toByteString())
                .toByteString());
    }

    private static Identifier last(List<Member> page) {
        return page.get(page.size() - 1).identifier();
    }

    // ---- remove ----

    private CompletionStage<Reply> remove(Identifier member, Peer caller) {
        return terms.accountAdmins(List.of(member))
                .thenCompose(admins -> terms.change(caller, work -> remove(work, member, admins)))
                .thenApply(removal -> {
                    if (removal.hasRemoved()) { // not before: the unit of work may have run twice, or have failed
                        terms.router().logged(() -> LOG.info("{} has removed {}", caller.identifier(), member));
                    }
                    return removal.reply();
                });
    }

    /** What came of it, and whether there was somebody to remove. */
    private record Removal(Reply reply, boolean hasRemoved) {}

    private Removal remove(Terms.Work work, Identifier member, Set<Identifier> admins) {
        if (!work.caller().enroller()) {
            return new Removal(Reply.forbidden(NON_ENROLLER + "delete a member"), false);
        }
        Members members = work.unit().members();
        String protection = protection(work.caller(), member, members.find(terms.authority(), member), admins);
        return protection != null
                ? new Removal(Reply.forbidden(protection), false)
                : new Removal(Reply.DONE, members.remove(terms.authority(), member));
    }

    private CompletionStage<Reply> removeAll(Peer caller) {
        return terms.read(
                        caller,
                        work -> work.caller().enroller()
                                ? Optional.of(work.unit().members().list(terms.authority(), REMOVED_AT_ONCE))
                                : Optional.<List<Member>>empty())
                .thenCompose(page -> removePage(page, caller));
    }

    private CompletionStage<Reply> removePage(Optional<List<Member>> page, Peer caller) {
        return page.map(members -> removePage(members, caller))
                .orElseGet(() -> done(Reply.forbidden(NON_ENROLLER + "list members")));
    }

    /** Removes those of a page that may be removed, and then those of the next one, for as long as the caller is an enroller. */
    private CompletionStage<Reply> removePage(List<Member> page, Peer caller) {
        if (page.isEmpty()) {
            terms.router().logged(() -> LOG.info("{} has removed all members that may be", caller.identifier()));
            return done(Reply.DONE);
        }
        List<Identifier> all = page.stream().map(Member::identifier).toList();
        return terms.accountAdmins(all)
                .thenCompose(admins -> terms.<Optional<List<Member>>>change(caller, work -> {
                    if (!work.caller().enroller()) {
                        return Optional.empty();
                    }
                    for (Identifier each : all) {
                        Optional<Member> present = work.unit().members().find(terms.authority(), each);
                        if (!each.equals(caller.identifier())
                                && protection(work.caller(), each, present, admins) == null) {
                            work.unit().members().remove(terms.authority(), each);
                        }
                    }
                    return Optional.of(work.unit().members().listAfter(terms.authority(), last(page), REMOVED_AT_ONCE));
                }))
                .thenCompose(next -> removePage(next, caller));
    }
}
