// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.Done;
import akka.util.ByteString;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import ockam.channel.SecureChannel;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identities;
import ockam.identity.Identity;
import ockam.identity.TokenCode;
import ockam.node.Node;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.CborReader;
import ockam.wire.Codec;
import ockam.wire.Decoded;
import ockam.wire.Identifier;
import ockam.wire.Route;
import ockam.wire.internal.Failures;
import org.jspecify.annotations.Nullable;

/**
 * Asks an authority, through a channel with it: for a credential, for membership, and, as an enroller, for tokens and about members
 * (authority, sections 3 to 5).
 *
 * <p>Thread safe; no method blocks. Every stage fails with an {@link AuthorityException} if the authority does not grant what is asked, with
 * {@code TIMED_OUT} if it does not answer within {@code ockam.authority.request-timeout}, and as {@link Node#ask} does if the question cannot
 * be sent. A request that has timed out may have been carried out. Ask again through a new channel: an authority in Rust may have lost this one
 * without a word (authority, section 1.1).
 */
public final class AuthorityClient {
    private static final int MAX_ENTRIES = 200_000;

    private final SecureChannel channel;
    private final Identity identity;
    private final Address directAuthenticator;
    private final Duration timeout;
    private final AtomicInteger requests = new AtomicInteger();

    private AuthorityClient(SecureChannel channel, Identity identity, Address directAuthenticator, Duration timeout) {
        this.channel = channel;
        this.identity = identity;
        this.directAuthenticator = directAuthenticator;
        this.timeout = timeout;
    }

    /**
     * Returns a client of the authority at the other end of a channel, which it does not close. Trust no other identity than the authority's
     * when you create the channel.
     *
     * @param identity this side of the channel
     */
    public static AuthorityClient create(SecureChannel channel, Identity identity) {
        if (!channel.me().equals(identity.identifier())) {
            throw new IllegalArgumentException("the channel is " + channel.me() + "'s, not " + identity + "'s");
        }
        Duration timeout = AuthoritySettings.of(channel.node().system()).requestTimeout();
        return new AuthorityClient(channel, identity, AuthorityNode.DIRECT_AUTHENTICATOR, timeout);
    }

    /** Returns a client of an authority where members are added and removed at another address than {@code direct_authenticator}. */
    public AuthorityClient withDirectAuthenticator(Address address) {
        return new AuthorityClient(channel, identity, Objects.requireNonNull(address, "address"), timeout);
    }

    /** Returns a client that waits for another time than {@code ockam.authority.request-timeout}. */
    public AuthorityClient withRequestTimeout(Duration time) {
        return new AuthorityClient(channel, identity, directAuthenticator, Objects.requireNonNull(time, "time"));
    }

    // ---- for members, and those who become one ----

    /**
     * Completes with a new credential about this side, which is verified (authority, section 4). To be presented by
     * {@link ockam.channel.SecureChannelOptions#withCredential}.
     *
     * @return also fails with an {@link ockam.identity.IdentityException} if the credential does not verify
     */
    public CompletionStage<CredentialAndPurposeKey> credential() {
        return of(ask(AuthorityNode.CREDENTIAL_ISSUER, Method.POST, "/", null)
                .thenApply(read(CredentialAndPurposeKey::readFrom))
                .thenCompose(credential -> identities()
                        .verifyCredential(
                                credential,
                                identity.identifier(),
                                Set.of(channel.peer().identifier()))
                        .thenApply(said -> credential)));
    }

    /**
     * Redeems a code: this side becomes a member, if it is none yet (authority, section 3.2). Completes with whether it has become one; if it
     * was one before, the code can still be used.
     */
    public CompletionStage<Boolean> redeem(TokenCode code) {
        return of(ask(AuthorityNode.TOKEN_ACCEPTOR, Method.POST, "/", Code.encode(code.bytes()))
                .thenApply(answer -> {
                    boolean wasMember = answer.status() == Reply.FORBIDDEN
                            && answer.error().toLowerCase(Locale.ROOT).contains("already a member");
                    if (!wasMember) {
                        requireOk(answer);
                    }
                    return !wasMember;
                }));
    }

    /**
     * Enrolls with a ticket: verifies and keeps the identities of the project and the authority that are in it, redeems its code, and completes
     * with a credential (authority, section 6). Who is a member already gets a credential too, with what it was made a member with; the code
     * is not used then, and whatever else the ticket would give it does not get: {@link Enrollment#isNew}.
     *
     * @return fails with {@code OTHER_AUTHORITY}, before anything is sent, if the channel is not with the authority of the ticket; and with an
     *     {@link ockam.identity.IdentityException} if one of the histories does not verify
     */
    public CompletionStage<Enrollment> enroll(Ticket ticket) {
        if (!ticket.authority().equals(channel.peer().identifier())) {
            return CompletableFuture.failedStage(AuthorityException.of(
                    AuthorityException.Reason.OTHER_AUTHORITY,
                    "the ticket is of " + ticket.authority() + ", and the channel with "
                            + channel.peer().identifier()));
        }
        return of(identities()
                .importHistoryUnlessOlder(ticket.authorityHistory().export())
                .thenCompose(authority -> identities()
                        .importHistoryUnlessOlder(ticket.projectHistory().export()))
                .thenCompose(project -> redeem(ticket.code()))
                .thenCompose(isNew -> credential().thenApply(credential -> new Enrollment(isNew, credential))));
    }

    // ---- for enrollers ----

    /** Completes with the code of a new token that makes one member, within ten minutes (authority, section 3.1). */
    public CompletionStage<TokenCode> issueToken(Attributes attributes) {
        return issueToken(new NewToken(Texts.require(attributes), null, null));
    }

    /**
     * Completes with the code of a new token.
     *
     * @param attributes what the members will have; texts only, or throws {@link IllegalArgumentException}
     * @param lifetime for how long it is good, in whole seconds, not negative
     * @param uses how many members it makes, at least 1
     */
    public CompletionStage<TokenCode> issueToken(Attributes attributes, Duration lifetime, long uses) {
        if (lifetime.isNegative() || uses < 1) {
            throw new IllegalArgumentException("a token has a lifetime, and makes at least one member");
        }
        return issueToken(new NewToken(Texts.require(attributes), lifetime.toSeconds(), uses));
    }

    private CompletionStage<TokenCode> issueToken(NewToken token) {
        return of(ask(AuthorityNode.TOKEN_ISSUER, Method.POST, "/", token.encode())
                .thenApply(read(Code::readFrom))
                .thenApply(TokenCode::of));
    }

    /**
     * Adds a member, or replaces what the authority says about one (authority, section 5.2).
     *
     * @param attributes texts only, or throws {@link IllegalArgumentException}
     */
    public CompletionStage<Done> addMember(Identifier member, Attributes attributes) {
        NewMember added = new NewMember(member, Texts.require(attributes));
        return of(ask(directAuthenticator, Method.POST, "/", added.encode()).thenApply(AuthorityClient::done));
    }

    /** Completes with what the authority says about a member; empty if there is no such member. */
    public CompletionStage<Optional<MemberEntry>> member(Identifier member) {
        return of(ask(directAuthenticator, Method.GET, "/" + member, null).thenApply(answer -> {
            if (answer.status() == Reply.FORBIDDEN && answer.error().equals("Member " + member + " not found")) {
                return Optional.empty();
            }
            return Optional.of(read(MemberEntry::readFrom).apply(answer));
        }));
    }

    /** Completes with all members, in no particular order; fails if they are more than the authority sends at once. */
    public CompletionStage<Map<Identifier, MemberEntry>> members() {
        return of(ask(directAuthenticator, Method.GET, "/", null)
                .thenApply(read(reader -> reader.map(Identifier::readFrom, MemberEntry::readFrom))));
    }

    /** Completes with the identifiers of all members, which are shorter. */
    public CompletionStage<List<Identifier>> memberIdentifiers() {
        return of(ask(directAuthenticator, Method.GET, "/member_ids", null)
                .thenApply(read(reader -> reader.list(MAX_ENTRIES, Identifier::readFrom))));
    }

    /** Removes a member, if it is there (authority, section 5.3). The credentials that it has stay valid until they end. */
    public CompletionStage<Done> removeMember(Identifier member) {
        return of(ask(directAuthenticator, Method.DELETE, "/" + member, null).thenApply(AuthorityClient::done));
    }

    /** Removes all members that this side may remove, but not itself. */
    public CompletionStage<Done> removeAllMembers() {
        return of(ask(directAuthenticator, Method.DELETE, "/members", null).thenApply(AuthorityClient::done));
    }

    // ---- one request ----

    private Identities identities() {
        return identity.identities();
    }

    private CompletionStage<Answer> ask(Address service, Method method, String path, @Nullable ByteString body) {
        long id = Integer.toUnsignedLong(requests.updateAndGet(last -> last == -1 ? 1 : last + 1));
        return channel.node()
                .ask(
                        channel.route(Route.of(service)),
                        Codec.bytes(),
                        Codec.bytes(),
                        Request.of(id, method, path, body).encode(),
                        timeout)
                .thenApply(reply -> {
                    Answer answer = Answer.decode(reply.body()) instanceof Decoded.Value<Answer> read
                            ? read.value()
                            : unreadable("it has no header");
                    return answer.re() == id || answer.re() == 0 ? answer : unreadable("it belongs to another request");
                });
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // never returns, so any type will do
    private static <T> T unreadable(String why) {
        throw AuthorityException.of(AuthorityException.Reason.UNREADABLE_ANSWER, why);
    }

    private static void requireOk(Answer answer) {
        if (!answer.isOk()) {
            throw AuthorityException.of(answer);
        }
    }

    private static Done done(Answer answer) {
        requireOk(answer);
        return Done.getInstance();
    }

    private static <T> Function<Answer, T> read(Function<CborReader, T> decoder) {
        return answer -> {
            requireOk(answer);
            Decoded<T> body = answer.body(decoder);
            return body instanceof Decoded.Failure<T> refused
                    ? unreadable(refused.failure().toString())
                    : body.orElseThrow();
        };
    }

    /** A stage that fails with the failure itself. */
    static <T> CompletionStage<T> of(CompletionStage<T> stage) {
        CompletableFuture<T> result = new CompletableFuture<>();
        stage.whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(Failures.unwrapped(failure));
            }
        });
        return result;
    }

    @Override
    public String toString() {
        return "AuthorityClient(" + channel.peer().identifier() + ")";
    }
}
