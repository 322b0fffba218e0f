// SPDX-License-Identifier: Apache-2.0

package ockam.authority;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import ockam.channel.SecureChannel;
import ockam.channel.SecureChannelOptions;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.Identity;
import ockam.identity.TrustPolicy;
import ockam.node.Connection;
import ockam.node.Node;
import ockam.wire.Identifier;
import ockam.wire.Route;
import ockam.wire.internal.Failures;

/**
 * A source of credentials that opens a channel to an authority for each request, trusts nobody else at its other end, and closes it whatever
 * the answer is (authority, section 7: remote). For {@link ockam.channel.RefreshingRetriever} and {@link ockam.channel.KeptCredentials}, which
 * decide when to ask.
 *
 * <p>Each stage completes, if those of the caller do: with a credential that was verified, or with why there is none, as
 * {@link Connection connecting}, {@link SecureChannel#create} and {@link AuthorityClient#credential} say. Thread safe; nothing blocks.
 */
public final class RemoteCredentials implements Supplier<CompletionStage<CredentialAndPurposeKey>> {
    private final Node node;
    private final Supplier<Way> way;
    private final Identity identity;
    private final SecureChannelOptions options;

    /** A route to the listener of the authority, and what ends when it is of no use any more. */
    private record Way(CompletionStage<Route> route, Runnable end) {}

    private RemoteCredentials(Node node, Supplier<Way> way, Identity identity, Identifier authority) {
        this.node = Objects.requireNonNull(node, "node");
        this.way = way;
        this.identity = Objects.requireNonNull(identity, "identity");
        this.options = SecureChannelOptions.trusting(TrustPolicy.identifier(authority));
    }

    /**
     * Returns a source that takes the same route each time: one on this node, or one that begins with an address whose connections are made
     * anew.
     *
     * @param route leads to the authority's listener for channels
     * @param identity whom the credentials are about
     * @param authority of whom they are
     */
    public static RemoteCredentials along(Node node, Route route, Identity identity, Identifier authority) {
        Objects.requireNonNull(route, "route");
        return new RemoteCredentials(
                node, () -> new Way(CompletableFuture.completedStage(route), () -> {}), identity, authority);
    }

    /**
     * Returns a source that connects for each request, and disconnects when its channel has closed:
     * {@code over(node, () -> tcp.connect("authority:4000"), Route.of("api"), identity, authority)}.
     *
     * @param connect is called for each request; it must not block
     * @param listener leads from the other side of the connection to the authority's listener for channels
     * @param identity whom the credentials are about
     * @param authority of whom they are
     */
    public static RemoteCredentials over(
            Node node,
            Supplier<? extends CompletionStage<Connection>> connect,
            Route listener,
            Identity identity,
            Identifier authority) {
        Objects.requireNonNull(connect, "connect");
        Objects.requireNonNull(listener, "listener");
        return new RemoteCredentials(node, () -> connected(connect, listener), identity, authority);
    }

    private static Way connected(Supplier<? extends CompletionStage<Connection>> connect, Route listener) {
        CompletionStage<Connection> connection = connect.get();
        return new Way(
                connection.thenApply(open -> open.route(listener)),
                () -> connection.thenAccept(Connection::disconnect));
    }

    /** Asks for a credential. Does not wait until its channel has closed, or its connection ended. */
    @Override
    public CompletionStage<CredentialAndPurposeKey> get() {
        Way taken;
        try {
            taken = way.get();
        } catch (Throwable e) {
            Failures.rethrowIfFatal(e);
            return CompletableFuture.failedStage(e);
        }
        return AuthorityClient.of(taken.route()
                .thenCompose(route -> SecureChannel.create(node, route, identity, options))
                .whenComplete((channel, failure) -> {
                    if (failure != null) {
                        taken.end().run();
                    }
                })
                .thenCompose(channel -> ask(channel, taken.end())));
    }

    private CompletionStage<CredentialAndPurposeKey> ask(SecureChannel channel, Runnable atEnd) {
        return CompletableFuture.completedStage(channel)
                .thenCompose(open -> AuthorityClient.create(open, identity).credential())
                .whenComplete((credential, failure) -> channel.close().whenComplete((done, never) -> atEnd.run()));
    }

    @Override
    public String toString() {
        return "RemoteCredentials(" + identity + ")";
    }
}
