// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.TrustPolicy;
import ockam.routing.AccessControl;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * How one secure channel is created. Immutable; each {@code withX} returns a copy. A trust policy must be named: there is no default that
 * trusts everyone.
 */
public final class SecureChannelOptions {
    private final TrustPolicy policy;
    private final @Nullable Duration handshakeTimeout;
    private final @Nullable ActorRef<?> owner;
    private final @Nullable SetupHandler setup;
    private final Credentials credentials;
    private final AccessControl outgoing;

    private SecureChannelOptions(
            TrustPolicy policy,
            @Nullable Duration handshakeTimeout,
            @Nullable ActorRef<?> owner,
            @Nullable SetupHandler setup,
            Credentials credentials,
            AccessControl outgoing) {
        this.policy = policy;
        this.handshakeTimeout = handshakeTimeout;
        this.owner = owner;
        this.setup = setup;
        this.credentials = credentials;
        this.outgoing = outgoing;
    }

    /** Options with the policy that decides about the peer. */
    public static SecureChannelOptions trusting(TrustPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return new SecureChannelOptions(policy, null, null, null, Credentials.NONE, AccessControl.allowAll());
    }

    /** A time other than {@code ockam.channel.handshake-timeout}; positive and at most 20 days. */
    public SecureChannelOptions withHandshakeTimeout(Duration timeout) {
        SecureChannelSettings.requireTimeout(timeout);
        return new SecureChannelOptions(policy, timeout, owner, setup, credentials, outgoing);
    }

    /**
     * The channel belongs to this actor, in the middle of the handshake too: when the actor stops, or has stopped already, both ends close,
     * and a handshake fails with {@code OWNER_STOPPED}. {@link SecureChannel#setOwner} can give the open channel to another actor.
     *
     * <p>An actor that is restarted has not stopped, and keeps its channels. What stands for an actor in {@code BehaviorTestKit} and
     * {@code TestInbox} never stops.
     */
    public SecureChannelOptions withOwner(ActorRef<?> owner) {
        Objects.requireNonNull(owner, "owner");
        return new SecureChannelOptions(policy, handshakeTimeout, owner, setup, credentials, outgoing);
    }

    /**
     * Code that sets the channel up before anything that the peer sends is delivered, and before the stage of {@code create} completes; see
     * {@link SecureChannelListenerOptions#withSetup}. If it fails, {@code create} fails with {@code SETUP_FAILED}.
     */
    public SecureChannelOptions withSetup(Consumer<SecureChannel> setup) {
        return new SecureChannelOptions(policy, handshakeTimeout, owner, SetupHandler.of(setup), credentials, outgoing);
    }

    /** The same, with code that is done when its stage completes; see {@link SecureChannelListenerOptions#withAsyncSetup}. */
    public SecureChannelOptions withAsyncSetup(Function<SecureChannel, ? extends CompletionStage<?>> setup) {
        return new SecureChannelOptions(
                policy, handshakeTimeout, owner, SetupHandler.ofStage(setup), credentials, outgoing);
    }

    /** The peer is shown this credential; see {@link SecureChannelListenerOptions#withCredential}. */
    public SecureChannelOptions withCredential(CredentialAndPurposeKey credential) {
        return withCredentials(CredentialRetriever.fixed(credential));
    }

    /** The peer is shown what this retriever has; see {@link SecureChannelListenerOptions#withCredentials}. */
    public SecureChannelOptions withCredentials(CredentialRetriever retriever) {
        return with(credentials.presenting(retriever));
    }

    /** Counts what these authorities say about the peer; see {@link SecureChannelListenerOptions#withAuthorities}. */
    public SecureChannelOptions withAuthorities(Identifier... authorities) {
        return with(credentials.believing(authorities));
    }

    /**
     * What the channel may send: its handshake messages, and frames. With {@link AccessControl#attributes}, only what leaves through another
     * secure channel, to a peer with these attributes; see {@link SecureChannelListenerOptions#withOutgoing}. A first message that is not let
     * out gets no reply, so {@code create} fails with {@code TIMED_OUT}.
     */
    public SecureChannelOptions withOutgoing(AccessControl control) {
        Objects.requireNonNull(control, "outgoing");
        return new SecureChannelOptions(policy, handshakeTimeout, owner, setup, credentials, control);
    }

    private SecureChannelOptions with(Credentials others) {
        return new SecureChannelOptions(policy, handshakeTimeout, owner, setup, others, outgoing);
    }

    TrustPolicy policy() {
        return policy;
    }

    Duration handshakeTimeout(SecureChannelSettings settings) {
        return handshakeTimeout == null ? settings.handshakeTimeout() : handshakeTimeout;
    }

    @Nullable
    ActorRef<?> owner() {
        return owner;
    }

    @Nullable
    SetupHandler setup() {
        return setup;
    }

    Credentials credentials() {
        return credentials;
    }

    AccessControl outgoing() {
        return outgoing;
    }
}
