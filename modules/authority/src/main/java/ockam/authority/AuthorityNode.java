// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import akka.Done;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.util.ByteString;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import ockam.channel.SecureChannelListener;
import ockam.channel.SecureChannelListenerOptions;
import ockam.identity.Identity;
import ockam.identity.Member;
import ockam.identity.Store;
import ockam.identity.Timestamp;
import ockam.identity.TrustPolicy;
import ockam.node.Node;
import ockam.node.NodeAccess;
import ockam.node.Routed;
import ockam.wire.Address;
import ockam.wire.Attributes;
import ockam.wire.Codec;
import ockam.wire.Identifier;
import ockam.wire.WireException;
import ockam.wire.internal.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An authority: an identity whose credentials others believe, with the list of its members, its tokens, and the services by which peers reach
 * both (authority, section 1). It keeps them in a {@link Store}, and nothing in memory but who is a member, so that the requests of
 * strangers do not hold up those of members. Their handshakes may: each writes the history of a peer to the repository of the identity, and
 * if that is a store which does one thing after the other, such as one on SQLite, it is a line in which members stand too.
 *
 * <p>Only what comes through a channel of its listener reaches the services, and each looks who it is that asks: enrollers make tokens, add and
 * remove members; whoever has a code becomes a member; members get credentials. A request that is refused is answered with the reason, and so
 * is one that cannot be read, if it has a number.
 *
 * <p>It lives until it is stopped, or its node is. Thread safe.
 */
public final class AuthorityNode {
    static final Address TOKEN_ISSUER = Address.of("enrollment_token_issuer");
    static final Address TOKEN_ACCEPTOR = Address.of("enrollment_token_acceptor");
    static final Address CREDENTIAL_ISSUER = Address.of("credential_issuer");
    static final Address DIRECT_AUTHENTICATOR = Address.of("direct_authenticator");
    static final Address ECHO = Address.of("echo");

    private static final Logger LOG = LoggerFactory.getLogger(AuthorityNode.class);
    /** Whoever has a code may come; the services tell peers apart. */
    private static final TrustPolicy EVERYONE = peer -> true;

    private final Node node;
    private final Identity identity;
    private final SecureChannelListener listener;
    private final List<Address> services;

    private AuthorityNode(Node node, Identity identity, SecureChannelListener listener, List<Address> services) {
        this.node = node;
        this.identity = identity;
        this.listener = listener;
        this.services = List.copyOf(services);
    }

    /** Starts an authority with the clock of the computer. */
    public static CompletionStage<AuthorityNode> create(
            Node node, Identity identity, Store store, AuthorityOptions options) {
        return create(node, identity, store, options, Clock.systemUTC());
    }

    /**
     * Starts an authority: makes a credential, which nobody gets, to see that it can; writes its pre-trusted members to the store; and then
     * starts the services, an echo worker and the channel listener.
     *
     * @param identity who the authority is; its credentials and its channels are this identity's
     * @param store keeps members and tokens; several authorities may share one
     * @param clock tells when tokens and account credentials end; credentials begin by the clock of the identity
     * @return fails with the failure of the store or of the identity's vault, or with a {@link ockam.routing.RoutingException} with {@code ADDRESS_IN_USE} or
     *     {@code NODE_STOPPED}, or with an {@link ockam.identity.IdentityException} with {@code VALIDITY_TOO_LONG} if credentials are to
     *     count longer than the identity can answer for, or {@code KEY_NOT_VALID_NOW} if it has to be rotated; nothing is left running
     *     then
     * @throws IllegalArgumentException for settings that cannot be read or are out of range, and for a pre-trusted member with more attributes
     *     than fit into a credential
     */
    public static CompletionStage<AuthorityNode> create(
            Node node, Identity identity, Store store, AuthorityOptions options, Clock clock) {
        AuthoritySettings settings = AuthoritySettings.of(node.system());
        KnownMembers known = new KnownMembers(settings.maxKnownMembers());
        Terms terms = new Terms(identity, store, options, settings, known, clock, NodeAccess.router(node));
        List<Member> preTrusted = preTrusted(terms);
        CompletableFuture<AuthorityNode> started = new CompletableFuture<>();
        CredentialService.requireIssuing(terms)
                .thenCompose(issuing -> store.run(unit -> {
                    unit.members().replacePreTrusted(terms.authority(), preTrusted);
                    return Done.getInstance();
                }))
                .thenCompose(done -> known.load(store, terms.authority()))
                .thenApply(done -> start(node, terms))
                .whenComplete((authority, failure) -> {
                    if (failure == null) {
                        started.complete(authority);
                    } else {
                        started.completeExceptionally(Failures.unwrapped(failure));
                    }
                });
        return started;
    }

    private static List<Member> preTrusted(Terms terms) {
        Identifier authority = terms.authority();
        Timestamp now = terms.now();
        return terms.options().preTrusted().members().entrySet().stream()
                .map(each -> new Member(
                        authority,
                        each.getKey(),
                        requireFits(terms, each.getKey(), each.getValue()),
                        authority,
                        now,
                        true))
                .toList();
    }

    /** As of those whom enrollers add: otherwise it would be a member that never gets a credential. */
    private static Attributes requireFits(Terms terms, Identifier member, Attributes attributes) {
        try {
            var unused = terms.ofCredential(attributes);
            return attributes;
        } catch (WireException tooMany) {
            throw new IllegalArgumentException(
                    "the pre-trusted member " + member + " has too many attributes for a credential", tooMany);
        }
    }

    private static AuthorityNode start(Node node, Terms terms) {
        AuthorityOptions options = terms.options();
        Map<Address, Service> services = new LinkedHashMap<>();
        services.put(CREDENTIAL_ISSUER, new CredentialService(terms));
        if (options.hasTokens()) {
            services.put(TOKEN_ISSUER, new TokenIssuer(terms));
            services.put(TOKEN_ACCEPTOR, new TokenAcceptor(terms));
        }
        options.directAuthenticator().ifPresent(address -> services.put(address, new DirectAuthenticator(terms)));
        List<Address> started = new ArrayList<>();
        try {
            services.forEach((address, service) -> {
                node.start(address, Incoming.codec(), ServiceWorker.create(terms, service), ServiceWorker.Asked::new);
                started.add(address);
            });
            if (options.hasEcho()) {
                node.start(ECHO, Codec.bytes(), echo());
                started.add(ECHO);
            }
            SecureChannelListener listener =
                    SecureChannelListener.create(node, options.listener(), terms.identity(), listening(options));
            started.forEach(address -> node.allow(address).from(listener));
            terms.router().logged(() -> LOG.info("{} is an authority with {}", terms.authority(), services.keySet()));
            return new AuthorityNode(node, terms.identity(), listener, started);
        } catch (RuntimeException e) {
            started.forEach(node::stop);
            throw e;
        }
    }

    /** By which peers see that this node is there. */
    private static Behavior<Routed<ByteString>> echo() {
        return Behaviors.receiveMessage(message -> {
            message.reply(message.body());
            return Behaviors.same();
        });
    }

    private static SecureChannelListenerOptions listening(AuthorityOptions options) {
        SecureChannelListenerOptions everyone = SecureChannelListenerOptions.trusting(EVERYONE);
        return options.listening()
                .apply(options.account().map(everyone::withAuthorities).orElse(everyone));
    }

    /** Who the authority is. Others import its history to believe its credentials. */
    public Identity identity() {
        return identity;
    }

    /** The listener of the channels by which peers ask. What is opened to it is open to everyone. */
    public SecureChannelListener listener() {
        return listener;
    }

    /** Stops the listener and the services; channels that are open stay so. What is in the store stays there. */
    public CompletionStage<Done> stop() {
        List<CompletableFuture<Done>> ends = new ArrayList<>();
        ends.add(listener.stop().toCompletableFuture());
        services.forEach(address -> ends.add(node.stop(address).toCompletableFuture()));
        return CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
                .thenApply(done -> Done.getInstance());
    }

    @Override
    public String toString() {
        return "AuthorityNode(" + identity + ")";
    }
}
