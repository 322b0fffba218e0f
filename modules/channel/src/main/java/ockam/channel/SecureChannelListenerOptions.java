// SPDX-License-Identifier: Apache-2.0

package ockam.channel;

import akka.actor.typed.ActorRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import ockam.identity.CredentialAndPurposeKey;
import ockam.identity.TrustPolicy;
import ockam.routing.AccessControl;
import ockam.routing.FlowControlId;
import ockam.routing.Producer;
import ockam.wire.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * How a listener accepts secure channels. Immutable; each {@code withX} returns a copy. A trust policy must be named: there is no default
 * that trusts everyone.
 */
public final class SecureChannelListenerOptions {
    private final Values values;

    /** What the options say. Changed only in a copy that nobody else has yet. */
    private static final class Values {
        private final TrustPolicy policy;
        private @Nullable Duration handshakeTimeout;
        private @Nullable Integer maxHalfOpen;
        private @Nullable Integer maxChannels;
        private @Nullable Integer maxChannelsPerPeer;
        private List<FlowControlId> openTo = List.of();
        private @Nullable ActorRef<?> owner;
        private @Nullable SetupHandler setup;
        private Credentials credentials = Credentials.NONE;
        private Access access = Access.OPEN;

        private Values(TrustPolicy policy) {
            this.policy = policy;
        }

        private Values(Values from) {
            policy = from.policy;
            handshakeTimeout = from.handshakeTimeout;
            maxHalfOpen = from.maxHalfOpen;
            maxChannels = from.maxChannels;
            maxChannelsPerPeer = from.maxChannelsPerPeer;
            openTo = from.openTo;
            owner = from.owner;
            setup = from.setup;
            credentials = from.credentials;
            access = from.access;
        }
    }

    /**
     * What may come in at the listener's address, and what may go out of its channels.
     *
     * @param incoming for first messages
     * @param outgoing for the other handshake messages, and for frames
     */
    record Access(AccessControl incoming, AccessControl outgoing) {
        static final Access OPEN = new Access(AccessControl.allowAll(), AccessControl.allowAll());

        /** Refuses null. */
        Access {
            Objects.requireNonNull(incoming, "incoming");
            Objects.requireNonNull(outgoing, "outgoing");
        }
    }

    private SecureChannelListenerOptions(Values values) {
        this.values = values;
    }

    private SecureChannelListenerOptions with(Consumer<Values> change) {
        Values copy = new Values(values);
        change.accept(copy);
        return new SecureChannelListenerOptions(copy);
    }

    /** Options with the policy that decides about each peer. */
    public static SecureChannelListenerOptions trusting(TrustPolicy policy) {
        Objects.requireNonNull(policy, "policy");
        return new SecureChannelListenerOptions(new Values(policy));
    }

    /** A time other than {@code ockam.channel.handshake-timeout}; positive and at most 20 days. */
    public SecureChannelListenerOptions withHandshakeTimeout(Duration timeout) {
        SecureChannelSettings.requireTimeout(timeout);
        return with(copy -> copy.handshakeTimeout = timeout);
    }

    /** A number other than {@code ockam.channel.max-half-open}. */
    public SecureChannelListenerOptions withMaxHalfOpen(int handshakes) {
        if (handshakes < 1) {
            throw new IllegalArgumentException("a listener needs room for at least one handshake");
        }
        return with(copy -> copy.maxHalfOpen = handshakes);
    }

    /** A number other than {@code ockam.channel.max-channels}. */
    public SecureChannelListenerOptions withMaxChannels(int channels) {
        requireRoomForAChannel(channels);
        return with(copy -> copy.maxChannels = channels);
    }

    /** A number other than {@code ockam.channel.max-channels-per-peer}. */
    public SecureChannelListenerOptions withMaxChannelsPerPeer(int channels) {
        requireRoomForAChannel(channels);
        return with(copy -> copy.maxChannelsPerPeer = channels);
    }

    private static void requireRoomForAChannel(int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("a listener needs room for at least one channel");
        }
    }

    /** Also lets handshakes come in through a producer, such as the listener of the channels that carry them. */
    public SecureChannelListenerOptions withOpenTo(Producer producer) {
        List<FlowControlId> all = new ArrayList<>(values.openTo);
        all.add(producer.flowControlId());
        return with(copy -> copy.openTo = List.copyOf(all));
    }

    /**
     * The listener belongs to this actor: when the actor stops, or has stopped already, it accepts no more channels, as after
     * {@link SecureChannelListener#stop}. Its channels stay open, unless they belong to the actor as well ({@link SecureChannel#setOwner}).
     */
    public SecureChannelListenerOptions withOwner(ActorRef<?> actor) {
        Objects.requireNonNull(actor, "owner");
        return with(copy -> copy.owner = actor);
    }

    /**
     * Code that sets up each accepted channel, before anything that the peer sends is delivered: it may open workers to the channel, start
     * an actor for it, give it an {@linkplain SecureChannel#setOwner owner}. The peer's identity is verified by then; what the peer has sent
     * waits, keeps its order, and counts as under way. The code may send through the channel, but must not wait for an answer.
     *
     * <p>It runs on the default dispatcher of the actor system, for several channels at the same time, and must not block. If it throws, or
     * is not done within {@code ockam.channel.setup-timeout}, the channel is closed with {@code SETUP_FAILED}: what waited is dropped, the
     * peer is told, the log says why. A channel that is closed in the meantime for another reason ends at once, except that a peer's own
     * Close waits like everything that it sent before.
     */
    public SecureChannelListenerOptions withSetup(Consumer<SecureChannel> setup) {
        return withSetup(SetupHandler.of(setup));
    }

    /**
     * The same, with code that is done when its stage completes, such as a question to an actor. A stage that fails, or is null, is like an
     * exception.
     */
    public SecureChannelListenerOptions withAsyncSetup(Function<SecureChannel, ? extends CompletionStage<?>> setup) {
        return withSetup(SetupHandler.ofStage(setup));
    }

    private SecureChannelListenerOptions withSetup(SetupHandler handler) {
        return with(copy -> copy.setup = handler);
    }

    /**
     * Each peer is shown this credential, in the handshake, as it is: nobody looks whether it has expired (secure channel, section 7.4).
     * Whether the peer takes the authority's word is up to the peer. A credential that, together with a long history, does not fit into a
     * handshake message fails the handshake with {@code MESSAGE_TOO_LONG}.
     */
    public SecureChannelListenerOptions withCredential(CredentialAndPurposeKey credential) {
        return withCredentials(CredentialRetriever.fixed(credential));
    }

    /**
     * Each peer is shown what this retriever has, in the handshake; and when it has a newer one, the peers of all channels that are open
     * (secure channel, sections 5.7 and 7.4). That one is sent in order with the messages: those that were sent after it find its attributes
     * as soon as the peer has verified it. A channel sends at most one in a second, the newest.
     *
     * <p>If the retriever has none, the handshake fails with {@code CREDENTIAL_UNAVAILABLE}, before anything is sent to the peer; an open
     * channel stays open. The last of {@code withCredential} and {@code withCredentials} counts.
     */
    public SecureChannelListenerOptions withCredentials(CredentialRetriever retriever) {
        return with(copy -> copy.credentials = copy.credentials.presenting(retriever));
    }

    /**
     * Counts what these authorities say about each peer, besides those named before: the credentials that it presents in the handshake or
     * later are verified, and messages that come from it carry what they say ({@link ockam.routing.Peer#attributes()}), also what the peer
     * showed in other channels of the same {@link ockam.identity.Identities}. {@link ockam.routing.AccessControl#attributes} decides by it.
     * The history of each authority must have been {@linkplain ockam.identity.Identities#importHistory imported}.
     *
     * <p>A credential that does not verify is logged as a warning, and the handshake goes on: the peer has no attributes then (secure
     * channel, section 7.3). At most {@value ockam.routing.Peer#MAX_AUTHORITIES} authorities. Without any, credentials are ignored.
     */
    public SecureChannelListenerOptions withAuthorities(Identifier... authorities) {
        return with(copy -> copy.credentials = copy.credentials.believing(authorities));
    }

    /**
     * What may come in at the listener's address: which first messages. With {@link AccessControl#attributes}, only those that come through
     * another secure channel, from a peer with these attributes. A first message that is refused gets no reply.
     */
    public SecureChannelListenerOptions withIncoming(AccessControl control) {
        return with(copy -> copy.access = new Access(control, copy.access.outgoing()));
    }

    /**
     * What its channels may send: replies of the handshake, and frames. With {@link AccessControl#attributes}, only what leaves through
     * another secure channel, to a peer with these attributes. About the peer of the channel itself decides the policy, and the outgoing
     * control of each worker that sends to it.
     */
    public SecureChannelListenerOptions withOutgoing(AccessControl control) {
        return with(copy -> copy.access = new Access(copy.access.incoming(), control));
    }

    TrustPolicy policy() {
        return values.policy;
    }

    Duration handshakeTimeout(SecureChannelSettings settings) {
        return values.handshakeTimeout == null ? settings.handshakeTimeout() : values.handshakeTimeout;
    }

    int maxHalfOpen(SecureChannelSettings settings) {
        return values.maxHalfOpen == null ? settings.maxHalfOpen() : values.maxHalfOpen;
    }

    int maxChannels(SecureChannelSettings settings) {
        return values.maxChannels == null ? settings.maxChannels() : values.maxChannels;
    }

    int maxChannelsPerPeer(SecureChannelSettings settings) {
        return values.maxChannelsPerPeer == null ? settings.maxChannelsPerPeer() : values.maxChannelsPerPeer;
    }

    List<FlowControlId> openTo() {
        return values.openTo;
    }

    @Nullable
    ActorRef<?> owner() {
        return values.owner;
    }

    @Nullable
    SetupHandler setup() {
        return values.setup;
    }

    Credentials credentials() {
        return values.credentials;
    }

    Access access() {
        return values.access;
    }
}
